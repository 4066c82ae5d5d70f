//! The loop: waits for what the kernel has, and goes on with the connections that it names.

use std::convert::Infallible;
use std::io::Result;

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::fd::{AsRawFd, OwnedFd};
use rustix::io::Errno;
use rustix::net::sockopt::{set_socket_reuseaddr, set_tcp_nodelay};
use rustix::net::{AddressFamily, Ipv4Addr, SocketAddrV4, SocketFlags, SocketType};
use rustix::net::{accept_with, bind, listen, socket_with};

use crate::connection::{Connection, Then};

/// Connections that wait to be taken.
const BACKLOG: i32 = 4096;
/// Events that are taken at a time.
const EVENTS: usize = 512;
/// Bytes of the largest part of a request that is read at once.
const REQUEST: usize = 8192;

/// Connections by the number of their socket.
type Connections<'a> = Vec<Option<Connection<'a>>>;

/// Serves on the port of 127.0.0.1 for as long as the process lives.
pub fn serve(port: u16, responses: &[Vec<u8>]) -> Result<Infallible> {
    let listener = listener(port)?;
    let poll = epoll::create(CreateFlags::CLOEXEC)?;
    epoll::add(&poll, &listener, data(&listener), EventFlags::IN)?;
    let mut answers = responses.iter().cycle();
    let mut connections = Connections::new();
    let mut events = Vec::with_capacity(EVENTS);
    let mut buffer = vec![0; REQUEST];
    loop {
        match epoll::wait(&poll, spare_capacity(&mut events), None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        for event in events.drain(..) {
            let number = number(event.data);
            if number == number_of(&listener) {
                take(&listener, &poll, &mut connections)?;
            } else if let Some(connection) = &mut connections[number] {
                let next = || answers.next().map_or(&[][..], Vec::as_slice);
                if let Then::Close = connection.go_on(&mut buffer, next) {
                    connections[number] = None;
                }
            }
        }
    }
}

fn listener(port: u16) -> Result<OwnedFd> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)?;
    set_socket_reuseaddr(&socket, true)?;
    // Accepted sockets inherit it.
    set_tcp_nodelay(&socket, true)?;
    bind(&socket, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))?;
    listen(&socket, BACKLOG)?;
    Ok(socket)
}

/// Takes a connection that waits, and has the kernel say from now on when there is something to do for it.
fn take(listener: &OwnedFd, poll: &OwnedFd, connections: &mut Connections) -> Result<()> {
    let Ok(socket) = accept_with(listener, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK) else {
        return Ok(());
    };
    epoll::add(poll, &socket, data(&socket), EventFlags::IN | EventFlags::OUT | EventFlags::ET)?;
    let number = number_of(&socket);
    if connections.len() <= number {
        connections.resize_with(number + 1, || None);
    }
    connections[number] = Some(Connection::new(socket));
    Ok(())
}

fn number_of(socket: &OwnedFd) -> usize {
    usize::try_from(socket.as_raw_fd()).expect("an open descriptor is not negative")
}

fn data(socket: &OwnedFd) -> EventData {
    EventData::new_u64(number_of(socket) as u64)
}

fn number(data: EventData) -> usize {
    usize::try_from(data.u64()).expect("it is the number of a descriptor")
}
