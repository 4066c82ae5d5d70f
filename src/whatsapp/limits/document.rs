//! Documents: delivered as they are, so what is found concerns whoever opens them.

use super::remedy::{self, convert};
use super::{Media, note, warn};
use crate::whatsapp::Finding;
use crate::whatsapp::probe::Facts;
use crate::whatsapp::probe::facts::{Encoding, Pdf, Text};

/// ISO 32000: the end marker, and encryption.
const PDF: &str = "ISO 32000-1, 7.5.5 and 7.6";
const OFFCRYPTO: &str = "learn.microsoft.com/openspecs/office_file_formats/ms-offcrypto";
const CHARSET: &str = "RFC 6657 §4";

pub(super) fn rules(media: &Media<'_>) -> Vec<Finding> {
    match media.facts {
        Facts::Pdf(pdf) => pdf_rules(pdf),
        Facts::Ooxml(office) => macros(office.macros).into_iter().collect(),
        Facts::Compound(office) => {
            macros(office.macros).into_iter().chain(locked(office.encrypted)).collect()
        }
        Facts::Text(text) if media.content_type == "text/plain" => text_rule(text).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn pdf_rules(pdf: &Pdf) -> Vec<Finding> {
    let cut_off = (!pdf.complete).then(|| {
        Finding {
            source: PDF,
            ..warn("pdf-cut-off", "it has no end marker, so it may be cut off and not open")
        }
        .remedy("export or copy it again")
    });
    let encrypted = pdf.encrypted.then(|| {
        let detail = "it is encrypted: whoever gets it may need a password, and no preview can be made";
        Finding { source: PDF, ..note("pdf-encrypted", detail) }.remedy(convert(remedy::TO_OPEN_PDF))
    });
    cut_off.into_iter().chain(encrypted).collect()
}

fn macros(has: bool) -> Option<Finding> {
    let detail = "it has macros; documents with macros are none of the types that Meta supports, and phones block them";
    has.then(|| warn("office-macros", detail).remedy("save it without macros, or as PDF"))
}

fn locked(encrypted: bool) -> Option<Finding> {
    let detail = "it is encrypted: whoever gets it needs a password";
    encrypted.then(|| {
        Finding { source: OFFCRYPTO, ..note("office-encrypted", detail) }
            .remedy("save it without a password, or as PDF")
    })
}

/// `text/plain` is sent without a charset, so whoever opens it guesses; everyone guesses UTF-8 first.
fn text_rule(text: &Text) -> Option<Finding> {
    let (code, detail, remedy) = match text.encoding {
        Encoding::Utf8 { cut_off: false, .. } => return None,
        Encoding::Utf8 { cut_off: true, .. } => (
            "text-cut-off",
            "it ends in the middle of a character, so it may be cut off".into(),
            Some("copy or export it again".into()),
        ),
        Encoding::Wide { form } => {
            ("text-not-utf-8", format!("it is {form}, and phones expect UTF-8"), Some(to_utf_8(form)))
        }
        Encoding::Other { guess } => {
            let detail =
                format!("it is not UTF-8, but probably {guess}: letters with accents will look wrong");
            ("text-not-utf-8", detail, Some(to_utf_8(guess)))
        }
        Encoding::Binary => ("text-binary", "it has control characters that no text has".into(), None),
    };
    let finding = Finding { source: CHARSET, ..warn(code, detail) };
    Some(match remedy {
        Some(remedy) => finding.remedy(remedy),
        None => finding,
    })
}

fn to_utf_8(from: &str) -> String {
    let from = as_iconv_has_it(from);
    convert(&format!("iconv -f {from} -t UTF-8 INPUT > OUTPUT.txt"))
}

/// Browsers mean Microsoft's larger sets by the names of the standards (WHATWG Encoding §4.2); `iconv` does not.
fn as_iconv_has_it(name: &str) -> &str {
    match name {
        "Shift_JIS" => "CP932",
        "EUC-KR" => "CP949",
        "Big5" => "BIG5-HKSCS",
        "GBK" => "GB18030",
        "ISO-8859-8-I" => "ISO-8859-8",
        "windows-874" => "CP874",
        other => other,
    }
}
