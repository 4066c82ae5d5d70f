//! Pictures, made by encoders.

use image_webp::{ColorType as WebPColour, WebPEncoder};
use jpeg_encoder::{ColorType as JpegInput, Encoder as JpegEncoder};
use png::{BitDepth, ColorType};

use super::{damage, probed};
use crate::whatsapp::probe::facts::{Animation, Facts, Jpeg, JpegCoding, JpegColour, Png, PngColour, WebP};

fn jpeg(input: JpegInput, progressive: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new(&mut bytes, 80);
    encoder.set_progressive(progressive);
    encoder.encode(&[0x55; 16 * 8 * 4], 16, 8, input).unwrap();
    bytes
}

#[test]
fn the_colours_of_a_jpeg_are_told() {
    for (input, progressive, colour, coding) in [
        (JpegInput::Rgb, false, JpegColour::Rgb, JpegCoding::Sequential),
        (JpegInput::Rgb, true, JpegColour::Rgb, JpegCoding::Progressive),
        (JpegInput::Luma, false, JpegColour::Grey, JpegCoding::Sequential),
        (JpegInput::Cmyk, false, JpegColour::Cmyk, JpegCoding::Sequential),
        (JpegInput::CmykAsYcck, true, JpegColour::Ycck, JpegCoding::Progressive),
    ] {
        let bytes = jpeg(input, progressive);
        let expected = Jpeg { width: 16, height: 8, bits: 8, colour, coding, complete: true };
        assert_eq!(probed("image/jpeg", &bytes), Facts::Jpeg(expected.clone()));
        let cut_off = &bytes[..bytes.len() - 2];
        assert_eq!(probed("image/jpeg", cut_off), Facts::Jpeg(Jpeg { complete: false, ..expected }));
    }
}

#[test]
fn the_end_of_a_thumbnail_is_not_the_end_of_the_picture() {
    let picture = jpeg(JpegInput::Rgb, false);
    let thumbnail = [b"Exif\0\0", &*picture].concat();
    let length = u16::try_from(thumbnail.len() + 2).unwrap().to_be_bytes();
    let whole = [&[0xff, 0xd8, 0xff, 0xe1], &length[..], &thumbnail, &picture[2..]].concat();
    let complete =
        |bytes: &[u8]| matches!(probed("image/jpeg", bytes), Facts::Jpeg(Jpeg { complete: true, .. }));
    assert!(complete(&whole));
    assert!(complete(&[&whole[..], b"what a camera puts behind it"].concat()));
    assert!(!complete(&whole[..whole.len() - 2]));
}

#[test]
fn a_jpeg_of_twelve_bits_or_without_loss_is_told() {
    let sof = |marker: u8, bits: u8| {
        let frame = [0xff, marker, 0, 17, bits, 0, 8, 0, 16, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
        let scan = [0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0, 0x55, 0xff, 0xd9];
        [&[0xff, 0xd8][..], &frame, &[0xff; 5], &scan[1..]].concat()
    };
    for (marker, bits, coding) in [
        (0xc1, 12, JpegCoding::Sequential),
        (0xc3, 8, JpegCoding::Rare),
        (0xc9, 8, JpegCoding::Rare),
        (0xca, 8, JpegCoding::Rare),
        (0xcf, 8, JpegCoding::Rare),
    ] {
        let Facts::Jpeg(jpeg) = probed("image/jpeg", &sof(marker, bits)) else { panic!("no picture") };
        assert_eq!((jpeg.bits, jpeg.coding), (bits, coding), "marker {marker:x}");
    }
}

fn png(colour: ColorType, depth: BitDepth, frames: Option<u32>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 8, 4);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    if colour == ColorType::Indexed {
        encoder.set_palette(vec![0; 6]);
    }
    if let Some(frames) = frames {
        encoder.set_animated(frames, 0).unwrap();
    }
    let row = (8 * colour.samples() * depth as usize).div_ceil(8);
    let mut writer = encoder.write_header().unwrap();
    for _ in 0..frames.unwrap_or(1) {
        writer.write_image_data(&vec![0; row * 4]).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

#[test]
fn the_colours_and_the_depth_of_a_png_are_told() {
    for (input, depth, frames, colour) in [
        (ColorType::Rgb, BitDepth::Eight, None, PngColour::Rgb),
        (ColorType::Rgba, BitDepth::Sixteen, None, PngColour::Rgba),
        (ColorType::Rgba, BitDepth::Eight, Some(3), PngColour::Rgba),
        (ColorType::Indexed, BitDepth::One, None, PngColour::Palette),
        (ColorType::Grayscale, BitDepth::Four, None, PngColour::Grey),
        (ColorType::GrayscaleAlpha, BitDepth::Sixteen, None, PngColour::GreyAlpha),
    ] {
        let bytes = png(input, depth, frames);
        let bits = depth as u8;
        let expected = Png { width: 8, height: 4, bits, colour, animated: frames.is_some(), complete: true };
        assert_eq!(probed("image/png", &bytes), Facts::Png(expected.clone()));
        let cut_off = &bytes[..bytes.len() - 12];
        assert_eq!(probed("image/png", cut_off), Facts::Png(Png { complete: false, ..expected }));
    }
    let mut lying = png(ColorType::Rgb, BitDepth::Eight, None);
    lying[17] ^= 1;
    assert_eq!(damage("image/png", &lying), "its header is damaged");
}

#[test]
fn the_canvas_of_a_webp_is_told() {
    let mut bytes = Vec::new();
    WebPEncoder::new(&mut bytes).encode(&[0x80; 30 * 20 * 4], 30, 20, WebPColour::Rgba8).unwrap();
    let expected = WebP { width: 30, height: 20, alpha: true, animation: None };
    assert_eq!(probed("image/webp", &bytes), Facts::WebP(expected.clone()));
    bytes.pop();
    assert_eq!(probed("image/webp", &bytes), Facts::WebP(expected), "without its padding");
    bytes.pop();
    assert_eq!(damage("image/webp", &bytes), "it ends before the size in its header");
}

#[test]
fn what_is_no_frame_header_is_none() {
    let picture = jpeg(JpegInput::Rgb, false);
    // C8 is reserved, CC is for arithmetic coding.
    for marker in [0xc8, 0xcc] {
        let other = [0xff, marker, 0, 8, 12, 0, 1, 0, 1, 4];
        let with = [&picture[..2], &other, &picture[2..]].concat();
        assert_eq!(probed("image/jpeg", &with), probed("image/jpeg", &picture), "{marker:x}");
        let behind = picture.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
        let with = [&picture[..behind], &other, &picture[behind..]].concat();
        assert_eq!(probed("image/jpeg", &with), probed("image/jpeg", &picture), "{marker:x}");
    }
}

#[test]
fn a_picture_that_ends_before_the_file_does_is_complete() {
    let complete =
        |bytes: &[u8]| matches!(probed("image/jpeg", bytes), Facts::Jpeg(Jpeg { complete: true, .. }));
    let far_behind = vec![0_u8; 100_000];
    for progressive in [false, true] {
        let picture = jpeg(JpegInput::Rgb, progressive);
        assert!(complete(&[&*picture, &far_behind].concat()), "padding");
        assert!(!complete(&[&picture[..picture.len() - 2], &far_behind].concat()), "cut off, then padding");
        // Of what would have to be read beyond all bounds, the benefit of the doubt.
        assert!(complete(&[&picture[..picture.len() - 2], &*vec![0; 5 << 20]].concat()));
    }
    let drawn = png(ColorType::Rgb, BitDepth::Eight, None);
    let complete =
        |bytes: &[u8]| matches!(probed("image/png", bytes), Facts::Png(Png { complete: true, .. }));
    assert!(complete(&[&*drawn, &far_behind].concat()));
    assert!(!complete(&drawn[..drawn.len() - 12]));
    let note = b"\0\0\0\x06tEXta\0IEND\0\0\0\0";
    assert!(!complete(&[&drawn[..drawn.len() - 12], note].concat()), "a note that speaks of the end");
}

#[test]
fn more_than_is_looked_at_is_no_damage() {
    let picture = jpeg(JpegInput::Rgb, false);
    let comment = [0xff, 0xfe, 0, 3, b'x'];
    let many = |count: usize| [&picture[..2], &comment.repeat(count), &picture[2..]].concat();
    assert_eq!(probed("image/jpeg", &many(5000)), probed("image/jpeg", &picture));
    assert_eq!(probed("image/jpeg", &many(20_000)), Facts::Unexplored);
    let gap = [&picture[..2], &*vec![0; 70_000], &picture[2..]].concat();
    assert_eq!(probed("image/jpeg", &gap), probed("image/jpeg", &picture));
    let gap = [&picture[..2], &*vec![0; 5 << 20], &picture[2..]].concat();
    assert_eq!(probed("image/jpeg", &gap), Facts::Unexplored);
}

#[test]
fn a_webp_that_promises_what_is_not_there_is_forgiven() {
    let chunk = |name: &[u8; 4], content: &[u8]| {
        [name, &u32::try_from(content.len()).unwrap().to_le_bytes()[..], content].concat()
    };
    let file = |chunks: &[Vec<u8>]| {
        let content = [b"WEBP", &*chunks.concat()].concat();
        chunk(b"RIFF", &content)
    };
    let canvas = |flags| chunk(b"VP8X", &[flags, 0, 0, 0, 0xff, 1, 0, 0xff, 1, 0]);
    let lossy = chunk(b"VP8 ", &[0, 0, 0, 0x9d, 0x01, 0x2a, 0x2c, 1, 0xc8, 0]);
    let lossless = chunk(b"VP8L", &[0x2f, 0x1d, 0xc0, 0x04, 0x10, 0]);
    let frame = chunk(b"ANMF", &[&[0; 12][..], &[80, 1, 0, 0], &[0; 8]].concat());
    let webp = |width, height, alpha, animation| Facts::WebP(WebP { width, height, alpha, animation });
    let moving = |frames| Some(Animation { frames, duration_ms: u64::from(frames) * 336 });
    for (bytes, expected) in [
        (file(std::slice::from_ref(&lossy)), webp(300, 200, false, None)),
        (file(&[lossless]), webp(30, 20, true, None)),
        (file(&[canvas(0x2c), lossy.clone()]), webp(512, 512, false, None)),
        (file(&[canvas(0x10), chunk(b"ALPH", &[0; 3]), vec![0], lossy.clone()]), webp(512, 512, true, None)),
        (
            file(&[canvas(0x12), chunk(b"ANIM", &[0; 6]), frame.clone(), frame.clone()]),
            webp(512, 512, true, moving(2)),
        ),
    ] {
        assert_eq!(probed("image/webp", &bytes), expected, "{}", bytes.escape_ascii());
    }
    assert_eq!(damage("image/webp", &file(&[canvas(0), chunk(b"EXIF", &[0; 4])])), "it has no picture");
    let endless = file(&[canvas(2), frame.repeat(10_000)]);
    assert_eq!(probed("image/webp", &endless), Facts::Unexplored);
}

#[test]
fn bytes_between_segments_are_forgiven() {
    let picture = jpeg(JpegInput::Rgb, false);
    let gap = [&picture[..2], &[0x00, 0x55, 0xff, 0x00, 0xff, 0xff], &picture[3..]].concat();
    assert_eq!(probed("image/jpeg", &gap), probed("image/jpeg", &picture));
}

#[test]
fn long_notes_in_a_png_are_no_damage() {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 8, 4);
    encoder.add_text_chunk("Comment".into(), "x".repeat(5 << 20)).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_chunk(png::chunk::ChunkType(*b"prIv"), &vec![7; 2 << 19]).unwrap();
    writer.write_image_data(&[0; 32]).unwrap();
    writer.finish().unwrap();
    let (bits, colour) = (8, PngColour::Grey);
    let expected = Png { width: 8, height: 4, bits, colour, animated: false, complete: true };
    assert_eq!(probed("image/png", &bytes), Facts::Png(expected));
}
