//! One connection: from the client to the bucket and back, with a fault between.

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::super::exchange;
use super::message::{Framing, Head};
use super::{Fault, Record};

/// What is left of a connection after an answer.
enum Then {
    /// It waits for the next request.
    Next,
    /// It is closed.
    Closed,
}

/// Answers the requests of one client until one of the two leaves.
pub(super) async fn relay(client: TcpStream, upstream: SocketAddr, record: Arc<Record>) {
    let mut client = BufReader::new(client);
    // A client that leaves in the middle is as good as one that leaves at the end.
    while let Ok(Some(request)) = Head::read(&mut client).await {
        let last = request.field("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        let then = answer(&mut client, request, upstream, &record).await;
        if last || !matches!(then, Ok(Then::Next)) {
            return;
        }
    }
}

async fn answer(
    client: &mut BufReader<TcpStream>,
    mut request: Head,
    upstream: SocketAddr,
    record: &Record,
) -> io::Result<Then> {
    let content = content(client, &request).await?;
    let (index, fault) = record.request(&request);
    match &fault {
        Some(Fault::Close) => return Ok(Then::Closed),
        Some(Fault::Refuse { status, code }) => {
            return refuse(client, &request, *status, code, (index, record)).await;
        }
        Some(Fault::Late(time)) => tokio::time::sleep(*time).await,
        Some(Fault::WholeForRange) => ask_for_the_whole(&mut request),
        _ => {}
    }
    let mut server = BufReader::new(TcpStream::connect(upstream).await?);
    server.write_all(&[request.to_bytes(), content].concat()).await?;
    let Some(mut head) = Head::read(&mut server).await? else { return Ok(Then::Closed) };
    let framing = head.framing_after(&request.method());
    spoil(&mut head, fault.as_ref());
    record.answered(index, head.status());
    client.write_all(&head.to_bytes()).await?;
    Passage { server, client, index, record }.pass_with(framing, fault).await
}

/// The body of a request.
async fn content(client: &mut BufReader<TcpStream>, request: &Head) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    match request.framing() {
        None => {}
        Some(Framing::Length(length)) => {
            client.take(length).read_to_end(&mut content).await?;
        }
        Some(other) => panic!("a request with a body that is {other:?}"),
    }
    Ok(content)
}

/// Answers with an error as S3 words it.
async fn refuse(
    client: &mut BufReader<TcpStream>,
    request: &Head,
    status: u16,
    code: &str,
    (index, record): (usize, &Record),
) -> io::Result<Then> {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>It was told to.</Message>\
         <Resource>{}</Resource><RequestId>1</RequestId></Error>",
        request.target()
    );
    let head = format!(
        "HTTP/1.1 {status} Refused\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    record.answered(index, status);
    client.write_all(head.as_bytes()).await?;
    if request.method() != "HEAD" {
        client.write_all(body.as_bytes()).await?;
        record.passed(index, body.len() as u64);
    }
    Ok(Then::Next)
}

/// Takes the range out of a request, and signs what is left anew.
fn ask_for_the_whole(request: &mut Head) {
    request.remove("range");
    let mut fields = HeaderMap::new();
    for (name, value) in request.fields() {
        fields.append(HeaderName::from_bytes(name).unwrap(), HeaderValue::from_bytes(value).unwrap());
    }
    for name in ["authorization", "x-amz-date", "x-amz-content-sha256", "host"] {
        fields.remove(name);
        if name != "host" {
            request.remove(name);
        }
    }
    let host = request.field("host").expect("a Host");
    let method: Method = request.method().parse().unwrap();
    let signed = exchange::signed(&method, &format!("http://{host}{}", request.target()), fields, b"");
    for name in ["authorization", "x-amz-date", "x-amz-content-sha256"] {
        request.add(&[name.as_bytes(), b": ", signed[name].as_bytes()].concat());
    }
}

/// Does to a header section what the fault says.
fn spoil(head: &mut Head, fault: Option<&Fault>) {
    match fault {
        Some(Fault::SliceAs200 { content_range }) => {
            head.set_start("HTTP/1.1 200 OK");
            if !content_range {
                head.remove("content-range");
            }
        }
        Some(Fault::Tagged(tag)) => {
            head.remove("etag");
            head.add(format!("ETag: {tag}").as_bytes());
        }
        Some(Fault::Replaced(name, line)) => {
            head.remove(name);
            head.add(line);
        }
        Some(Fault::Without(name)) => head.remove(name),
        Some(Fault::With(line)) => head.add(line),
        _ => {}
    }
}

/// A body on its way.
struct Passage<'a> {
    server: BufReader<TcpStream>,
    client: &'a mut BufReader<TcpStream>,
    index: usize,
    record: &'a Record,
}

impl Passage<'_> {
    /// Passes the body on as far as the fault lets it.
    async fn pass_with(&mut self, framing: Framing, fault: Option<Fault>) -> io::Result<Then> {
        match (framing, fault) {
            (Framing::Length(length), Some(Fault::Stall { after })) if after < length => {
                self.pass(after).await?;
                pending().await
            }
            (Framing::Length(length), Some(Fault::Reset { after })) if after < length => {
                self.pass(after).await?;
                self.client.get_ref().set_zero_linger()?;
                Ok(Then::Closed)
            }
            (Framing::Length(length), Some(Fault::Short { after })) if after < length => {
                self.pass(after).await?;
                Ok(Then::Closed)
            }
            (Framing::Length(length), _) => self.pass(length).await.map(|()| Then::Next),
            (Framing::Chunked, _) => self.pass_chunks().await.map(|()| Then::Next),
            (Framing::Close, _) => self.pass(u64::MAX).await.map(|()| Then::Closed),
        }
    }

    /// Passes so many bytes on, or as many as there are.
    async fn pass(&mut self, mut length: u64) -> io::Result<()> {
        while length > 0 {
            let there = self.server.fill_buf().await?;
            let size = usize::try_from(length).map_or(there.len(), |length| length.min(there.len()));
            if size == 0 {
                break;
            }
            self.client.write_all(&there[..size]).await?;
            self.server.consume(size);
            self.record.passed(self.index, size as u64);
            length -= size as u64;
        }
        Ok(())
    }

    /// Passes a chunked body on (RFC 9112 §7.1), its framing included.
    async fn pass_chunks(&mut self) -> io::Result<()> {
        loop {
            let mut line = String::new();
            self.server.read_line(&mut line).await?;
            self.client.write_all(line.as_bytes()).await?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = u64::from_str_radix(size, 16).map_err(io::Error::other)?;
            self.pass(size).await?;
            // The line end after the chunk, or the empty line that ends a body without trailers.
            let mut end = [0; 2];
            self.server.read_exact(&mut end).await?;
            self.client.write_all(&end).await?;
            if size == 0 {
                return Ok(());
            }
        }
    }
}
