//! Media files, good and bad, and what is said of them.
//!
//! | file | holds |
//! |---|---|
//! | `samples` | the files of `media/`, each as each kind |
//! | `wrong` | what real encoders make that is not taken |
//! | `encoders` | whether it is found, and whether the remedies work; needs ffmpeg |
//! | `fixtures` | what other programs write that is taken, though parsers stumble on it |
//! | `large` | how little is read of a large file |
//! | `broken` | files with bytes changed or cut off |
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod broken;
mod encoders;
mod fixtures;
mod large;
mod samples;
mod support;
mod wrong;
