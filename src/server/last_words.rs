//! The last that is said on a connection that nothing else will be said on.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

/// What a client that is turned away may send meanwhile, and is not read any further than that.
const LINGER_BYTES: u64 = 64 << 10;

/// Says that nothing more will be said, and reads on until the client closes or has sent `most` bytes: a connection that
/// is closed with bytes unread is reset, and the answer may be lost with it (RFC 9112 §9.6).
///
/// # Errors
/// If the client does not listen.
pub(super) async fn close(mut io: impl AsyncRead + AsyncWrite + Unpin, most: u64) -> io::Result<()> {
    // "Each party MUST send a "close_notify" alert before closing its write side of the connection" RFC 8446 §6.1
    io.shutdown().await?;
    tokio::io::copy(&mut io.take(most), &mut tokio::io::sink()).await?;
    Ok(())
}

/// Answers and closes, for so long at most. A client that does not listen is no failure.
pub(super) async fn answer_and_close(
    mut io: impl AsyncRead + AsyncWrite + Unpin,
    answer: &[u8],
    within: Duration,
) {
    let told = async {
        io.write_all(answer).await?;
        close(io, LINGER_BYTES).await
    };
    let _told = timeout(within, told).await;
}
