//! Lines on their way to whoever reads them: gathered in memory, written from a thread of their own.
//!
//! To log a line costs a copy of it. Nobody waits for the reader: what has no room is dropped, and counted.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;
use tracing_subscriber::fmt::MakeWriter;

/// Bytes of lines that may wait: some 40,000 of them. As much again may be on its way to the reader.
const ROOM: usize = 8 << 20;

/// How long lines are gathered after some were written, so that a busy server writes many with one call.
const GATHER: Duration = Duration::from_millis(2);

/// Bytes of memory that are kept for lines while there are few.
const KEPT: usize = 64 << 10;

/// Where lines go. Clones lead to the same place.
#[derive(Clone, Debug)]
pub struct Sink(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    waiting: Mutex<Waiting>,
    /// There are lines to write.
    filled: Condvar,
    /// All that waited has been written.
    emptied: Condvar,
    room: usize,
    dropped: Counter,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: Vec<u8>,
    /// Whether some are being written.
    busy: bool,
}

impl Sink {
    /// Lines go to `reader`, from a thread that runs until the program ends.
    ///
    /// # Errors
    /// If the system has no thread for it.
    pub fn start(reader: impl Write + Send + 'static) -> io::Result<Self> {
        Self::with_room(reader, ROOM)
    }

    pub(super) fn with_room(reader: impl Write + Send + 'static, room: usize) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            waiting: Mutex::default(),
            filled: Condvar::new(),
            emptied: Condvar::new(),
            room,
            dropped: Counter::default(),
        });
        let writer = Arc::clone(&shared);
        thread::Builder::new().name("log".to_owned()).spawn(move || writer.write_to(reader))?;
        Ok(Self(shared))
    }

    /// Logs `line`, which ends with a line feed.
    pub fn put(&self, line: &[u8]) {
        let mut waiting = self.0.lock();
        if waiting.lines.len() + line.len() > self.0.room {
            self.0.dropped.inc();
            return;
        }
        let was_empty = waiting.lines.is_empty();
        waiting.lines.extend_from_slice(line);
        // One that is writing looks again before it waits.
        let wake = was_empty && !waiting.busy;
        drop(waiting);
        if wake {
            self.0.filled.notify_one();
        }
    }

    /// Waits until all lines are written, for so long at most.
    pub fn finish(&self, patience: Duration) {
        let waiting = self.0.lock();
        let is_under_way = |waiting: &mut Waiting| waiting.busy || !waiting.lines.is_empty();
        let _in_time = self.0.emptied.wait_timeout_while(waiting, patience, is_under_way);
    }

    /// How many lines were dropped.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.0.dropped.get()
    }

    /// Shows what is counted.
    pub fn register(&self, registry: &mut Registry) {
        let help = "Lines of the log that were dropped, because whoever reads them is too slow or gone";
        registry.register("log_lines_dropped", help, self.0.dropped.clone());
    }
}

impl Shared {
    /// What is shared is whole at all times, whatever became of who held it.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_to(&self, mut reader: impl Write) {
        let mut batch = Vec::new();
        loop {
            self.take(&mut batch);
            if reader.write_all(&batch).and_then(|()| reader.flush()).is_err() {
                self.dropped.inc_by(batch.split(|byte| *byte == b'\n').count() as u64 - 1);
            }
            batch.clear();
            batch.shrink_to(KEPT);
            self.rest();
            thread::sleep(GATHER);
        }
    }

    /// Waits for lines, and takes all there are.
    fn take(&self, batch: &mut Vec<u8>) {
        let waiting = self.filled.wait_while(self.lock(), |waiting| waiting.lines.is_empty());
        let mut waiting = waiting.unwrap_or_else(PoisonError::into_inner);
        waiting.busy = true;
        std::mem::swap(&mut waiting.lines, batch);
    }

    /// Says that what was taken is written.
    fn rest(&self) {
        let mut waiting = self.lock();
        waiting.busy = false;
        if waiting.lines.is_empty() {
            self.emptied.notify_all();
        }
    }
}

/// A line of the program's own log arrives in one piece.
impl Write for &Sink {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.put(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Sink {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}
