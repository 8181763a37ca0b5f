// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The server on mio: echo only. Tries first, and waits when that would block. Its command
// line is that of the others, see server.hpp.

use mio::event::Source;
use mio::net::{TcpListener, UdpSocket, UnixListener};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Registry, Token};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::io::{AsRawFd, RawFd};

const SOCKET: Token = Token(0); // the one that listens, or has datagrams
const INPUT: Token = Token(1);
const FIRST_CONNECTION: usize = 2;

// After so many operations it is for others to go on.
const MOST_OPERATIONS: usize = 64;

struct Options {
    protocol: String,
    path: String,
    buffer: usize,
}

fn end(status: i32, why: &str) -> ! {
    eprintln!("{why}");
    std::process::exit(status)
}

fn parse() -> Options {
    let mut o = Options {
        protocol: "tcp".to_string(),
        path: String::new(),
        buffer: 4096,
    };
    let mut words = std::env::args().skip(1);
    while let Some(name) = words.next() {
        let value = words.next().unwrap_or_else(|| end(2, "no value"));
        match (name.as_str(), value.as_str()) {
            ("--protocol", "tcp" | "udp" | "unix") => o.protocol = value,
            ("--path", _) => o.path = value,
            ("--buffer", _) => match value.parse() {
                Ok(n) if n != 0 && n <= 1 << 30 => o.buffer = n,
                _ => end(2, "a buffer of up to 1 GiB"),
            },
            ("--work", "echo") | ("--mode", "") | ("--style", "callback") => (),
            ("--threads", "1") => (),
            ("--work", "sink" | "source")
            | ("--mode", "shared" | "exclusive" | "hosted" | "epoll" | "poll")
            | ("--style", "coroutine")
            | ("--threads", _) => end(77, &format!("this program does not have {name} {value}")),
            _ => end(2, &format!("there is no {name} {value}")),
        }
    }
    if o.protocol == "unix" && o.path.is_empty() {
        end(2, "a Unix domain socket needs a path");
    }
    o
}

fn raise_descriptor_limit() {
    unsafe {
        let mut limit: libc::rlimit = std::mem::zeroed();
        libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit);
        limit.rlim_cur = limit.rlim_max;
        libc::setrlimit(libc::RLIMIT_NOFILE, &limit);
    }
}

// mio asks for a backlog of 1024.
fn set_backlog(listener: RawFd) -> io::Result<()> {
    match unsafe { libc::listen(listener, 4096) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

// For bursts; the system gives as much of it as it allows.
fn set_receive_buffer(socket: RawFd) {
    let size: libc::c_int = 4 << 20;
    unsafe {
        libc::setsockopt(
            socket,
            libc::SOL_SOCKET,
            libc::SO_RCVBUF,
            &size as *const libc::c_int as *const libc::c_void,
            std::mem::size_of_val(&size) as libc::socklen_t,
        );
    }
}

fn interest(sends: bool) -> Interest {
    if sends {
        Interest::WRITABLE
    } else {
        Interest::READABLE
    }
}

// What events are asked of a source.
struct Watched<S> {
    source: S,
    token: Token,
    asked: Interest,
}

impl<S: Source> Watched<S> {
    fn new(registry: &Registry, mut source: S, token: Token) -> io::Result<Self> {
        let asked = Interest::READABLE;
        registry.register(&mut source, token, asked)?;
        Ok(Watched {
            source,
            token,
            asked,
        })
    }

    // The operation would have blocked: an event tells when it would not.
    fn wait(&mut self, registry: &Registry, what: Interest) -> io::Result<()> {
        if self.asked == what {
            return Ok(());
        }
        self.asked = what;
        self.go_on_later(registry)
    }

    // If it is ready there is an event again.
    fn go_on_later(&mut self, registry: &Registry) -> io::Result<()> {
        registry.reregister(&mut self.source, self.token, self.asked)
    }
}

struct Connection<S> {
    stream: Watched<S>,
    begin: usize, // of what is to be sent
    end: usize,
    data: Vec<u8>,
}

impl<S: Source + Read + Write> Connection<S> {
    // Returns whether the connection goes on.
    fn advance(&mut self, registry: &Registry) -> io::Result<bool> {
        for _ in 0..MOST_OPERATIONS {
            let sends = self.begin != self.end;
            let result = if sends {
                self.stream.source.write(&self.data[self.begin..self.end])
            } else {
                self.stream.source.read(&mut self.data)
            };
            match result {
                Err(e) if e.kind() == ErrorKind::WouldBlock => {
                    self.stream.wait(registry, interest(sends))?;
                    return Ok(true);
                }
                Err(_) | Ok(0) => return Ok(false),
                Ok(n) if sends => self.begin += n,
                Ok(n) => (self.begin, self.end) = (0, n),
            }
        }
        self.stream.go_on_later(registry)?;
        Ok(true)
    }
}

// By number; the numbers of those that are gone are given to others.
struct Connections<S> {
    slots: Vec<Option<Connection<S>>>,
    free: Vec<usize>,
}

impl<S: Source + Read + Write> Connections<S> {
    fn add(&mut self, registry: &Registry, stream: S, buffer: usize) -> io::Result<()> {
        let number = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.slots[number] = Some(Connection {
            stream: Watched::new(registry, stream, Token(FIRST_CONNECTION + number))?,
            begin: 0,
            end: 0,
            data: vec![0; buffer],
        });
        Ok(())
    }

    fn advance(&mut self, registry: &Registry, number: usize) -> io::Result<()> {
        let c = self.slots[number].as_mut().unwrap();
        if !c.advance(registry)? {
            registry.deregister(&mut c.stream.source)?;
            self.slots[number] = None;
            self.free.push(number);
        }
        Ok(())
    }
}

// Calls f(registry, token) for each that is ready, until the end of the input.
fn run(mut poll: Poll, mut f: impl FnMut(&Registry, Token) -> io::Result<()>) -> io::Result<()> {
    poll.registry()
        .register(&mut SourceFd(&0), INPUT, Interest::READABLE)?;
    let mut events = Events::with_capacity(256);
    loop {
        poll.poll(&mut events, None)?;
        for event in events.iter() {
            if event.token() == INPUT {
                return Ok(());
            }
            f(poll.registry(), event.token())?;
        }
    }
}

fn serve_streams<L: Source, S: Source + Read + Write>(
    mut listener: L,
    accept: impl Fn(&L) -> io::Result<S>,
    buffer: usize,
) -> io::Result<()> {
    let poll = Poll::new()?;
    poll.registry()
        .register(&mut listener, SOCKET, Interest::READABLE)?;
    let mut connections = Connections {
        slots: Vec::new(),
        free: Vec::new(),
    };
    run(poll, |registry, token| {
        if token != SOCKET {
            return connections.advance(registry, token.0 - FIRST_CONNECTION);
        }
        loop {
            match accept(&listener) {
                Ok(stream) => connections.add(registry, stream, buffer)?,
                Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(e) if e.kind() == ErrorKind::ConnectionAborted => (),
                Err(e) => return Err(e),
            }
        }
    })
}

fn echo_datagrams(socket: UdpSocket, buffer: usize) -> io::Result<()> {
    let poll = Poll::new()?;
    let mut socket = Watched::new(poll.registry(), socket, SOCKET)?;
    let mut data = vec![0; buffer];
    let mut received = None; // what is to be sent back, and to whom
    run(poll, |registry, _| {
        for _ in 0..MOST_OPERATIONS {
            let sends = received.is_some();
            let result = match received {
                Some((n, peer)) => socket.source.send_to(&data[..n], peer).map(|_| None),
                None => socket.source.recv_from(&mut data).map(Some),
            };
            match result {
                Ok(next) => received = next,
                Err(e) if e.kind() == ErrorKind::WouldBlock => {
                    return socket.wait(registry, interest(sends));
                }
                // One that could not be sent is lost, as datagrams may be.
                Err(_) => received = None,
            }
        }
        socket.go_on_later(registry)
    })
}

fn main() -> io::Result<()> {
    let o = parse();
    raise_descriptor_limit();
    let any = "127.0.0.1:0".parse().unwrap();
    if o.protocol == "udp" {
        let socket = UdpSocket::bind(any)?;
        set_receive_buffer(socket.as_raw_fd());
        println!("{}", socket.local_addr()?.port());
        return echo_datagrams(socket, o.buffer);
    }
    if o.protocol == "unix" {
        // A socket that an earlier server has left is in the way.
        match std::fs::symlink_metadata(&o.path) {
            Ok(m) if m.file_type().is_socket() => std::fs::remove_file(&o.path)?,
            _ => (),
        }
        let listener = UnixListener::bind(&o.path)?;
        set_backlog(listener.as_raw_fd())?;
        println!("0");
        return serve_streams(listener, |l| Ok(l.accept()?.0), o.buffer);
    }
    let listener = TcpListener::bind(any)?;
    set_backlog(listener.as_raw_fd())?;
    println!("{}", listener.local_addr()?.port());
    let accept = |l: &TcpListener| {
        let stream = l.accept()?.0;
        stream.set_nodelay(true)?;
        Ok(stream)
    };
    serve_streams(listener, accept, o.buffer)
}
