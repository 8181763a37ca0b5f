// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// One connection: its requests, one after the other.
#pragma once

#include "content.hpp"

#include <boost/beast/core/basic_stream.hpp>

/// Sockets, timers and files run on one thread, so that no strand is needed.
using http_stream = boost::beast::basic_stream<net::ip::tcp, net::any_io_executor>;

/// Answers requests until the peer closes, asks to close, is silent for too long, or
/// makes an error that leaves the connection unusable.
net::awaitable<void> serve(http_stream stream, content_directory& directory);
