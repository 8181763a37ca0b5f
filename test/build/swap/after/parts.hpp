// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the parts of the program share: an alias, and headers of Asio one by one.
#pragma once

#include <urio.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace net = urio;

void callbacks(net::io_context& context, int& done);
void qualified(urio::io_context& context, int& done);
void beast(net::io_context& context, int& done);
net::awaitable<void> coroutine(int& done);
const char* texts();
