//! The sample media, served as a clone serves them.

use std::path::Path;

use media_origin::clock::Clock;

use crate::buckets::backend::Backend;
use crate::support::{Site, etag_of};

/// Every type that WhatsApp takes, as Meta spells it, and the sample of it.
const SAMPLES: &[(&str, &str)] = &[
    ("campaigns/summer.jpg", "image/jpeg"),
    ("campaigns/summer.mp4", "video/mp4"),
    ("campaigns/teaser.3gp", "video/3gpp"),
    ("logos/logo.png", "image/png"),
    ("prices/price-list.pdf", "application/pdf"),
    ("prices/price-list.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("stickers/thanks.webp", "image/webp"),
    ("stickers/wave.webp", "image/webp"),
    ("invoices/invoice-0042.pdf", "application/pdf"),
    ("invoices/terms.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("voice/greeting.ogg", "audio/ogg; codecs=opus"),
    ("voice/greeting.mp3", "audio/mpeg"),
    ("voice/greeting.m4a", "audio/mp4"),
    ("voice/greeting.aac", "audio/aac"),
    ("voice/greeting.amr", "audio/amr"),
    ("catalogue/lookbook.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("catalogue/opening-hours.txt", "text/plain"),
    ("catalogue/Cr%C3%A8me%20br%C3%BBl%C3%A9e%20&%20caf%C3%A9.jpg", "image/jpeg"),
];

#[tokio::test]
async fn every_sample_goes_out_under_the_type_that_meta_spells() {
    let media = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/media"));
    let site = Site::over(Backend::with_folder(media), "", Clock::system());
    for (path, media_type) in SAMPLES {
        let answer = site.get(path).await;
        answer.expect(200).expect_header("content-type", media_type);
        assert_eq!(answer.etag(), etag_of(answer.body.as_ref().unwrap()), "{path}");
    }
}
