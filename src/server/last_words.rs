//! The last that is said on a connection that nothing else will be said on.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

/// What a client may send meanwhile, and is not read any further than that.
const LINGER_BYTES: u64 = 64 << 10;

/// Answers, and reads on until the client closes, for so long at most: a connection that is closed with bytes unread is
/// reset, and the answer may be lost with it (RFC 9112 §9.6). A client that does not listen is no failure.
pub(super) async fn answer_and_close(
    mut io: impl AsyncRead + AsyncWrite + Unpin,
    answer: &[u8],
    within: Duration,
) {
    let told = async {
        io.write_all(answer).await?;
        io.shutdown().await?;
        tokio::io::copy(&mut io.take(LINGER_BYTES), &mut tokio::io::sink()).await?;
        io::Result::Ok(())
    };
    let _told = timeout(within, told).await;
}
