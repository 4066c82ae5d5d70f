//! Documents: archives and compound files made by libraries, the rest by hand.

use std::io::{Cursor, Write};

use proptest::prelude::*;

use super::{damage, probed};
use crate::whatsapp::probe::facts::{Compound, Encoding, Facts, Office, Ooxml, Pdf, Text};

#[test]
fn the_two_ends_of_a_pdf_are_told() {
    let stream = "1 0 obj<</Type/XRef/Encrypt 5 0 R/Length 0>>stream\nendstream\nendobj\n";
    let table = "xref\n0 1\n0000000000 65535 f \n";
    let padding = "%".repeat(20_000);
    let end = "%%EOF\n";
    let document = |version: &str, parts: &[&str]| format!("%PDF-{version}\n{}", parts.concat());
    for (document, version, encrypted, complete) in [
        (document("1.4", &[table, "trailer<</Root 1 0 R>>\nstartxref\n9\n", end]), "1.4", false, true),
        (document("1.7", &["trailer<</Encrypt<</V 4>>>>\nstartxref\n0\n", end]), "1.7", true, true),
        (document("2.0", &["trailer<</EncryptMetadata true>>\nstartxref\n0\n", end]), "2.0", false, true),
        (document("1.5", &[stream, &padding, "\nstartxref\n9\n", end]), "1.5", true, true),
        (
            document("1.6", &[table, "trailer\n<</Encrypt 5 0 R>>", &padding, "startxref\n9\n", end]),
            "1.6",
            true,
            true,
        ),
        (
            document("1.6", &["5 0 obj(/Encrypt )endobj\ntrailer<<>>\nstartxref\n99999999\n", end]),
            "1.6",
            false,
            true,
        ),
        (document("1.3", &[table]), "1.3", false, false),
        (document("1.4", &["%%EOF", &"%".repeat(1019)]), "1.4", false, true),
        (document("1.4", &["%%EOF", &"%".repeat(1020)]), "1.4", false, false),
        (format!("{}{}", "%".repeat(1019), document("1.4", &[end])), "1.4", false, true),
        (
            format!("{}{}", "-".repeat(9), document("1.5", &[stream, &padding, "\nstartxref\n9\n", end])),
            "1.5",
            true,
            true,
        ),
        (format!("\n\n{}", document("1.3", &[end, &padding])), "1.3", false, false),
    ] {
        let expected = Pdf { version: version.into(), encrypted, complete };
        assert_eq!(probed("application/pdf", document.as_bytes()), Facts::Pdf(expected), "{document:.80}");
    }
    damage("application/pdf", b"<html>");
}

fn archive(names: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
    for name in names {
        let (mut entry, config) = archive.new_file(*name).start().unwrap();
        let mut writer = config.wrap(&mut entry);
        writer.write_all(b"<xml/>").unwrap();
        let (_, descriptor) = writer.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

#[test]
fn the_parts_of_an_office_document_are_told() {
    let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let with_macros = "application/vnd.ms-word.document.macroenabled.12";
    for (names, program, macros) in [
        (&["[Content_Types].xml", "word/document.xml"][..], Some(Office::Word), false),
        (&["xl/workbook.bin", "xl/vbaProject.bin"], Some(Office::Excel), true),
        (&["ppt/presentation.xml", "ppt/vbaProject.bin"], Some(Office::PowerPoint), true),
        (&["a.txt"], None, false),
    ] {
        let bytes = archive(names);
        for content_type in [docx, with_macros] {
            assert_eq!(probed(content_type, &bytes), Facts::Ooxml(Ooxml { program, macros }), "{names:?}");
        }
        damage(docx, &bytes[..bytes.len() - 30]);
    }
}

fn compound(streams: &[&str]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for name in streams {
        if *name == "Macros" {
            file.create_storage(name).unwrap();
        } else {
            file.create_stream(name).unwrap().write_all(&[7; 5000]).unwrap();
        }
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn the_streams_of_a_compound_file_are_told() {
    for (streams, program, macros, encrypted) in [
        (&["WordDocument", "1Table"][..], Some(Office::Word), false, false),
        (&["WordDocument", "Macros"], Some(Office::Word), true, false),
        (&["Workbook"], Some(Office::Excel), false, false),
        (&["Book", "_VBA_PROJECT_CUR"], Some(Office::Excel), true, false),
        (&["PowerPoint Document", "Current User"], Some(Office::PowerPoint), false, false),
        (&["EncryptionInfo", "EncryptedPackage"], None, false, true),
    ] {
        let expected = Facts::Compound(Compound { program, macros, encrypted });
        assert_eq!(probed("application/msword", &compound(streams)), expected, "{streams:?}");
    }
    damage("application/vnd.ms-excel", &compound(&["Workbook"])[..600]);
    let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let locked = Compound { program: None, macros: false, encrypted: true };
    assert_eq!(probed(docx, &compound(&["EncryptedPackage"])), Facts::Compound(locked), "in its envelope");
}

#[test]
fn what_is_in_a_folder_of_a_compound_file_is_not_at_its_root() {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_storage("ObjectPool").unwrap();
    file.create_stream("ObjectPool/Workbook").unwrap();
    file.create_stream("WordDocument").unwrap();
    file.flush().unwrap();
    let expected = Compound { program: Some(Office::Word), macros: false, encrypted: false };
    assert_eq!(probed("application/x-cfb", &file.into_inner().into_inner()), Facts::Compound(expected));
}

#[test]
fn a_sector_table_that_lies_costs_what_lies_behind_it_and_no_more() {
    let mut bytes = compound(&["Workbook"]);
    // The first sector of the table, as the header says.
    bytes[76..80].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    let expected = Compound { program: Some(Office::Excel), macros: false, encrypted: false };
    assert_eq!(probed("application/vnd.ms-excel", &bytes), Facts::Compound(expected));
}

#[test]
fn a_compound_file_of_many_streams_is_no_damage() {
    let names: Vec<_> =
        (0..3000).map(|number| format!("Object {number}")).chain(["Workbook".into()]).collect();
    let bytes = compound(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let expected = Compound { program: Some(Office::Excel), macros: false, encrypted: false };
    assert_eq!(
        probed("application/vnd.ms-excel", &bytes),
        Facts::Compound(expected),
        "{} bytes",
        bytes.len()
    );
}

#[test]
fn the_encoding_of_a_text_is_told() {
    let ascii = vec![b'a'; 200_000];
    let with = |tail: &[u8]| [&ascii, tail].concat();
    let utf8 = |byte_order_mark| Encoding::Utf8 { byte_order_mark, cut_off: false };
    let other = |guess| Encoding::Other { guess };
    for (bytes, encoding) in [
        (b"".to_vec(), utf8(false)),
        (ascii.clone(), utf8(false)),
        (with("☀".as_bytes()), utf8(false)),
        (b"\xef\xbb\xbfcaf\xc3\xa9".to_vec(), utf8(true)),
        (b"\xff\xfeh\0i\0".to_vec(), Encoding::Wide { form: "UTF-16" }),
        (b"\xfe\xff\0h\0i".to_vec(), Encoding::Wide { form: "UTF-16" }),
        (b"\xff\xfe\0\0h\0\0\0".to_vec(), Encoding::Wide { form: "UTF-32" }),
        (b"h\0e\0l\0l\0o\0".to_vec(), Encoding::Wide { form: "UTF-16LE" }),
        (b"\0h\0e\0l\0l\0o".to_vec(), Encoding::Wide { form: "UTF-16BE" }),
        (b"h\0\0\0e\0\0\0l\0\0\0l\0\0\0".to_vec(), Encoding::Wide { form: "UTF-32LE" }),
        (b"\0\0\0h\0\0\0e\0\0\0l\0\0\0l".to_vec(), Encoding::Wide { form: "UTF-32BE" }),
        (b"\x01\0\x02\0\x03\0\x04\0\x05\0".to_vec(), Encoding::Binary),
        (
            "Gr\u{fc}\u{df}e, \u{20ac}".as_bytes()[..11].to_vec(),
            Encoding::Utf8 { byte_order_mark: false, cut_off: true },
        ),
        (b"caf\xe9".to_vec(), other("windows-1252")),
        (b"Un caf\xe9 cr\xe8me, s'il vous pla\xeet".to_vec(), other("windows-1252")),
        (b"\x82\xb1\x82\xf1\x82\xc9\x82\xbf\x82\xcd\x81A\x90\xa2\x8aE".to_vec(), other("Shift_JIS")),
        (with(b"caf\xe9 cr\xe8me"), other("windows-1252")),
        (with(b"\0"), Encoding::Binary),
    ] {
        let Facts::Text(text) = probed("text/plain", &bytes) else { panic!("no text") };
        assert_eq!(text.encoding, encoding);
        assert!(text.bytes_read <= bytes.len() as u64);
    }
}

#[test]
fn a_character_between_two_pieces_is_no_mistake() {
    for before in 65_532..65_538 {
        let text = format!("{}🍋☀é", "a".repeat(before));
        let utf8 = Encoding::Utf8 { byte_order_mark: false, cut_off: false };
        let expected = Facts::Text(Text { encoding: utf8, bytes_read: text.len() as u64 });
        assert_eq!(probed("text/plain", text.as_bytes()), expected, "{before} bytes before");
    }
}

proptest! {
    #[test]
    fn any_text_that_is_utf8_is_found_to_be(text: String) {
        let is_utf8 = match probed("text/plain", text.as_bytes()) {
            Facts::Text(text) => matches!(text.encoding, Encoding::Utf8 { .. }),
            _ => false,
        };
        let control = |c: char| matches!(c, '\0'..='\x08' | '\x0b' | '\x0e'..='\x1a' | '\x1c'..='\x1f');
        prop_assert!(is_utf8 || text.contains(control));
    }
}
