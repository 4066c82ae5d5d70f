//! Formats by their bytes alone.

use std::io::Cursor;

use super::*;

fn sniffed(bytes: &[u8]) -> Format {
    sniff(Cursor::new(bytes)).expect("memory can be read")
}

#[test]
fn formats() {
    for (bytes, expected) in [
        (&b""[..], "empty"),
        (b"hello", "text"),
        (b"caf\xe9 in Latin-1\r\n", "text"),
        (b"\xff\xfeh\0i\0", "text"),
        (b"h\0e\0l\0l\0o\0", "text"),
        (b"\x01\x02\x03\x80", "unknown"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"<!doctype html><html></html>", "text/html"),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "image/svg+xml"),
    ] {
        let format = sniffed(bytes);
        assert_eq!(format.name(), expected, "{}", bytes.escape_ascii());
        assert_eq!(Format::named(&format.name()), format);
    }
}

#[test]
fn a_text_may_begin_as_something_else() {
    for (opening, expected) in [
        ("MAC Address,Host\n", "text or audio/x-ape"),
        ("P1\n,P2\n", "text or image/x-portable-bitmap"),
        ("MZ,Gemeinde\n", "text or application/x-dosexec"),
        ("true,1\n", "text or font/ttf"),
        ("BZh,1\n", "text or application/x-bzip2"),
        ("<html>", "text/html"),
        ("{\\rtf1 ", "application/rtf"),
        ("%PDF-1.4\n", "application/pdf"),
    ] {
        let text = format!("{opening}{}", "and so on\n".repeat(2000));
        let format = sniffed(text.as_bytes());
        assert_eq!(format.name(), expected, "{opening}");
        assert_eq!(Format::named(&format.name()), format);
        let binary = [opening.as_bytes(), &[0; 100]].concat();
        assert!(!matches!(sniffed(&binary), Format::TextOr(_)), "{opening}");
    }
}

#[test]
fn a_pdf_may_have_something_before_its_header() {
    let document = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n\x01\x02%%EOF\n";
    let far = [b' '; 1020];
    for (before, expected) in [
        (&b"\r\n"[..], "application/pdf"),
        (b"\xef\xbb\xbf", "application/pdf"),
        (b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n", "application/pdf"),
        (b"%!PS-Adobe-3.0 PDF-1.4\n", "application/pdf"),
        (&[0; 128], "application/pdf"),
        (&far[..1019], "application/pdf"),
        (&far, "unknown"),
        (b"<html>", "text/html"),
    ] {
        assert_eq!(sniffed(&[before, document].concat()).name(), expected, "{}", before.escape_ascii());
    }
    assert_eq!(sniffed(b"\n%PDF-1.4\n1 0 obj\n%%EOF").name(), "text or application/pdf");
    assert_eq!(sniffed(b"PDF files begin with %PDF-1.4, for instance").name(), "text");
}

#[test]
fn a_film_is_known_by_more_than_its_brand() {
    let ftyp = |brands: &[u8]| {
        [&u32::try_from(8 + brands.len()).expect("a few brands").to_be_bytes()[..], b"ftyp", brands].concat()
    };
    for (brands, expected) in [
        (&b"iso7\0\0\0\0mp42"[..], "video/mp4"),
        (b"caqv\0\0\0\0isom", "video/mp4"),
        (b"kddi\0\0\0\x003gp4", "video/3gpp"),
        (b"mif2\0\0\0\0mif1", "unknown"),
        (b"zzzz\0\0\0\0zzzz", "unknown"),
    ] {
        assert_eq!(sniffed(&ftyp(brands)).name(), expected, "{}", brands.escape_ascii());
    }
}
