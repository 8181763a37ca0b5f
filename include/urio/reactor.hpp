// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// urio's reactor, all of it. Stands by itself: nothing of Asio's is included.
#pragma once

#include <urio/reactor/io_source.hpp>
#include <urio/reactor/pipe.hpp>
#include <urio/reactor/poll.hpp>
#include <urio/reactor/source_fd.hpp>
#include <urio/reactor/tcp_listener.hpp>
#include <urio/reactor/tcp_stream.hpp>
#include <urio/reactor/udp_socket.hpp>
#include <urio/reactor/unix_datagram.hpp>
#include <urio/reactor/unix_listener.hpp>
#include <urio/reactor/unix_stream.hpp>
#include <urio/reactor/waker.hpp>
