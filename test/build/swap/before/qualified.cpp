// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Every name in full, some across lines.
#include "parts.hpp"

#include <boost/asio.hpp>
#include <boost/asio/spawn.hpp>

#include <memory>

namespace ip = boost::asio::ip;
using error_code = boost::system::error_code;
using resolved = boost::asio::ip::basic_resolver_results<boost::asio::ip::tcp>;

struct token
{
};

template <class... Signatures>
struct boost::asio::async_result<token, Signatures...>
{
};

void qualified(boost::asio::io_context& context, int& done)
{
    auto timer = std::make_shared<::boost::asio::steady_timer>(
        context, boost::asio::chrono::milliseconds(1));
    timer->async_wait([timer, &done](error_code ec) { done += !ec; });

    boost::asio::ip::tcp::resolver resolver(context);
    resolved results = resolver.resolve("127.0.0.1", "9");
    done += results.size() == 1;

    boost :: asio
        :: ip::tcp::acceptor acceptor(context, {ip::address_v4::loopback(), 0});
    boost::asio::posix::stream_descriptor* none = nullptr;
    boost::asio::yield_context* neither = nullptr;
    done += acceptor.is_open() && !none && !neither;
}
