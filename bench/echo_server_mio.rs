// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The echo server of echo_server_epoll.cpp on mio.

use mio::net::{TcpListener, TcpStream};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use std::io::{self, ErrorKind, Read, Write};

const LISTENER: Token = Token(0);
const INPUT: Token = Token(1);
const FIRST_CONNECTION: usize = 2;

struct Connection {
    stream: TcpStream,
    begin: usize,
    end: usize,
    data: [u8; 4096],
}

impl Connection {
    fn advance(&mut self) -> bool {
        loop {
            while self.begin != self.end {
                match self.stream.write(&self.data[self.begin..self.end]) {
                    Ok(n) => self.begin += n,
                    Err(e) => return e.kind() == ErrorKind::WouldBlock,
                }
            }
            match self.stream.read(&mut self.data) {
                Ok(0) => return false,
                Ok(n) => {
                    self.begin = 0;
                    self.end = n;
                }
                Err(e) => return e.kind() == ErrorKind::WouldBlock,
            }
        }
    }
}

fn accept(
    poll: &Poll,
    listener: &TcpListener,
    connections: &mut Vec<Option<Box<Connection>>>,
) -> io::Result<()> {
    loop {
        let mut stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(_) => return Ok(()),
        };
        stream.set_nodelay(true)?;
        poll.registry().register(
            &mut stream,
            Token(FIRST_CONNECTION + connections.len()),
            Interest::READABLE | Interest::WRITABLE,
        )?;
        connections.push(Some(Box::new(Connection {
            stream,
            begin: 0,
            end: 0,
            data: [0; 4096],
        })));
    }
}

fn main() -> io::Result<()> {
    let mut poll = Poll::new()?;
    let mut listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    poll.registry()
        .register(&mut listener, LISTENER, Interest::READABLE)?;
    poll.registry()
        .register(&mut SourceFd(&0), INPUT, Interest::READABLE)?;
    println!("{}", listener.local_addr()?.port());

    let mut connections = Vec::new();
    let mut events = Events::with_capacity(256);
    let mut waits = 0u64;
    loop {
        waits += 1;
        poll.poll(&mut events, None)?;
        for event in events.iter() {
            match event.token() {
                INPUT => {
                    println!("{}", waits);
                    return Ok(());
                }
                LISTENER => accept(&poll, &listener, &mut connections)?,
                Token(t) => {
                    let c = &mut connections[t - FIRST_CONNECTION];
                    if let Some(open) = c {
                        if !open.advance() {
                            *c = None;
                        }
                    }
                }
            }
        }
    }
}
