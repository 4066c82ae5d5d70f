//! Inspections over a restart: one file of fingerprints and what was learnt of the bytes behind them.
//!
//! The ledger is a memory, not a source of truth: whatever goes wrong with it costs time and nothing else.

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use redb::{Database, ReadableDatabase, TableDefinition, TableHandle};

use super::Inspection;
use super::directory::Fingerprint;

/// What the name of each root's table begins with. The number goes up when fingerprints or inspections are written
/// differently, or when what the same bytes are taken for may change.
const TABLE: &str = "inspections.2 ";

/// The same in every version of this program.
const FAMILY: &str = "inspections.";

/// Fingerprint to inspection.
type Table<'a> = TableDefinition<'a, &'static [u8], &'static [u8]>;

/// At most so many entries are written at a time, each time with one wait for the disk.
const BATCH: usize = 1_000;

/// The file, and the thread that writes to it.
pub struct Ledger {
    database: Arc<Database>,
    /// The name of the root's table.
    table: String,
    writes: Mutex<Option<Sender<Entry>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// What the writer is told: an inspection to write down, or `None` to erase what is written.
type Entry = (Fingerprint, Option<Arc<Inspection>>);

impl Ledger {
    /// Opens the file, or makes it and the folders above it, for the assets below `root`: other roots have their own
    /// tables in it. A ledger that is damaged is put aside and begun anew; a file that is none is left alone.
    ///
    /// # Errors
    /// If the place cannot be written to, if the file is no ledger, or if another process has it open.
    pub fn open(path: &Path, root: &Path) -> Result<Self, redb::Error> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let database = Arc::new(open_or_begin_anew(path)?);
        let table = format!("{TABLE}{}", root.display());
        let (sender, entries) = channel();
        let writer = std::thread::Builder::new().name("ledger".into()).spawn({
            let (database, table) = (Arc::clone(&database), table.clone());
            move || write_all(&database, Table::new(&table), &entries)
        })?;
        Ok(Self { database, table, writes: Mutex::new(Some(sender)), writer: Mutex::new(Some(writer)) })
    }

    /// What is written of the file with that fingerprint. Reads the disk.
    #[must_use]
    pub fn recall(&self, fingerprint: &Fingerprint) -> Option<Inspection> {
        // The library panics where the disk under an open file was damaged. That is no reason to lose an answer.
        catch_unwind(AssertUnwindSafe(|| {
            let table = self.database.begin_read().ok()?.open_table(self.table()).ok()?;
            let entry = table.get(fingerprint.key().as_slice()).ok()??;
            Inspection::decode(entry.value())
        }))
        .ok()?
    }

    /// Writes an entry down, later and from another thread.
    pub fn record(&self, fingerprint: Fingerprint, inspection: Arc<Inspection>) {
        self.tell((fingerprint, Some(inspection)));
    }

    /// Erases an entry, later and from another thread.
    pub fn erase(&self, fingerprint: Fingerprint) {
        self.tell((fingerprint, None));
    }

    fn table(&self) -> Table<'_> {
        Table::new(&self.table)
    }

    fn tell(&self, entry: Entry) {
        if let Some(writes) = &*self.writes.lock().unwrap_or_else(PoisonError::into_inner) {
            // A writer that is gone has said why.
            let _gone = writes.send(entry);
        }
    }

    /// Drops what is written of files that are no more: all but `living`. Returns how many went.
    ///
    /// # Errors
    /// If the disk says no.
    pub fn retain(&self, living: &impl Fn(&[u8]) -> bool) -> Result<u64, redb::Error> {
        let transaction = self.database.begin_write()?;
        let mut gone = 0;
        {
            let mut table = transaction.open_table(self.table())?;
            table.retain(|key, _| {
                let keep = living(key);
                gone += u64::from(!keep);
                keep
            })?;
        }
        transaction.commit()?;
        Ok(gone)
    }

    /// Waits until all that was recorded is on the disk. Later records are dropped.
    pub fn close(&self) {
        drop(self.writes.lock().unwrap_or_else(PoisonError::into_inner).take());
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if writer.is_some_and(|writer| writer.join().is_err()) {
            tracing::error!("the ledger's writer failed; some digests will be computed again");
        }
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ledger")
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.close();
    }
}

/// What a ledger begins with: the mark of the library that writes it.
const MARK: &[u8] = b"redb";

fn open_or_begin_anew(path: &Path) -> Result<Database, redb::Error> {
    let damage = match open(path) {
        Ok(database) if is_ours(&database)? => return without_other_versions(database),
        Ok(_) => return Err(foreign()),
        Err(redb::DatabaseError::Storage(redb::StorageError::Corrupted(why))) => why,
        Err(redb::DatabaseError::UpgradeRequired(version)) => format!("it is of version {version}"),
        Err(redb::DatabaseError::RepairAborted) => "it cannot be repaired".to_owned(),
        // How the library calls a file that is too short.
        Err(redb::DatabaseError::Storage(redb::StorageError::Io(error)))
            if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData) =>
        {
            error.to_string()
        }
        Err(error) => return Err(error.into()),
    };
    if !has_mark(path) {
        return Err(foreign());
    }
    put_aside(path, &damage)?;
    Ok(Database::create(path)?)
}

/// Opens a database and reads all of it once, so that damage is found now. A panic of the library is damage too.
fn open(path: &Path) -> Result<Database, redb::DatabaseError> {
    let open = || Database::builder().set_check_integrity_on_open(true).create(path);
    let damaged = |_| redb::StorageError::Corrupted("reading it failed".to_owned());
    catch_unwind(open).map_err(damaged)?
}

/// Whether there is nothing in it, or nothing but tables of ours: other programs use the same library.
fn is_ours(database: &Database) -> Result<bool, redb::Error> {
    let read = database.begin_read()?;
    let mut tables = read.list_tables()?;
    Ok(tables.all(|table| table.name().starts_with(FAMILY)))
}

/// What another version of this program wrote is not read any more.
fn without_other_versions(database: Database) -> Result<Database, redb::Error> {
    let names: Vec<_> = database.begin_read()?.list_tables()?.map(|table| table.name().to_owned()).collect();
    let transaction = database.begin_write()?;
    for name in names.iter().filter(|name| !name.starts_with(TABLE)) {
        transaction.delete_table(Table::new(name))?;
    }
    transaction.commit()?;
    Ok(database)
}

fn has_mark(path: &Path) -> bool {
    let mut mark = [0; MARK.len()];
    #[expect(clippy::disallowed_methods, reason = "the ledger is no asset")]
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut mark));
    read.is_ok() && mark == MARK
}

fn put_aside(path: &Path, damage: &str) -> io::Result<()> {
    let aside = path.with_added_extension("damaged");
    tracing::warn!(ledger = ?path, damage, ?aside, "starting a new ledger: the old one is damaged");
    fs::rename(path, aside)
}

fn foreign() -> redb::Error {
    redb::Error::Io(io::Error::new(io::ErrorKind::AlreadyExists, "the file is no ledger of this program"))
}

/// Writes batches until the last sender is gone.
fn write_all(database: &Database, table: Table<'_>, entries: &Receiver<Entry>) {
    while let Ok(first) = entries.recv() {
        let batch = std::iter::once(first).chain(entries.try_iter().take(BATCH - 1));
        if let Err(error) = write(database, table, batch) {
            tracing::warn!(%error, "digests could not be written down; they will be computed again after a restart");
        }
    }
}

fn write(
    database: &Database,
    table: Table<'_>,
    batch: impl Iterator<Item = Entry>,
) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut table = transaction.open_table(table)?;
        for (fingerprint, inspection) in batch {
            let key = fingerprint.key();
            match inspection {
                Some(inspection) => table.insert(key.as_slice(), inspection.encode().as_slice())?,
                None => table.remove(key.as_slice())?,
            };
        }
    }
    transaction.commit()?;
    Ok(())
}
