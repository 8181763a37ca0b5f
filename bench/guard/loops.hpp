// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The core loops, on whichever library. Each makes its context, and throws if anything
// fails.
#pragma once

#include "program.hpp"

namespace bench
{

// Connections on loopback, both ends of which are in the loop: a message goes there and
// comes back. With callbacks, and in coroutines.
findings tcp_echo(const request& r);
findings tcp_echo_coroutine(const request& r);

// The same with datagrams, between pairs of sockets.
findings udp_echo(const request& r);

// Connects, accepts and closes, one connection at a time.
findings connection(const request& r);

// Reads random blocks of a file that is in the page cache.
findings cached_read(const request& r);

// As many connections as there shall be operations, which wait for something to read: how
// much memory they keep.
findings idle(const request& r);

} // namespace bench
