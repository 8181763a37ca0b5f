// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A site and a client for the tests of the file server.
#pragma once

#include "server.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace beast = boost::beast;
namespace http = beast::http;
namespace fs = std::filesystem;
using net::ip::tcp;
using response = http::response<http::string_body>;

/// A directory to serve, with a secret beside it.
class site
{
public:
    site()
    {
        std::string name = (fs::temp_directory_path() / "file-server-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()));
        base_ = name;
        fs::create_directories(root() / "sub");
        write("index.html", "<p>root</p>");
        write("sub/index.html", "<p>sub</p>");
        write("ten.txt", "0123456789");
        write("empty.bin", "");
        write("with space.TXT", "space");
        for (std::size_t i = 0; i != 3 * 1024 * 1024 + 17; ++i)
            large.push_back(static_cast<char>(i * 2654435761u >> 16));
        write("large.bin", large);
        std::ofstream(base_ / "secret") << "secret";
        fs::create_symlink("../secret", root() / "way_out");
        fs::create_symlink("ten.txt", root() / "alias.txt");
        BOOST_REQUIRE_EQUAL(::mkfifo((root() / "fifo").c_str(), 0600), 0);
    }

    ~site() { fs::remove_all(base_); }

    fs::path root() const { return base_ / "root"; }

    void write(const std::string& name, const std::string& text)
    {
        std::ofstream(root() / name, std::ios::binary) << text;
    }

    std::string large;

private:
    fs::path base_;
};

/// A server of the site whose clock is the test's to move, and one thread for it and for
/// its clients.
class served_site : public site
{
public:
    explicit served_site(const server_limits& limits = {})
        : server(context, root(), {net::ip::address_v4::loopback(), 0}, limits)
    {
        server.start();
    }

    /// Runs the server until the coroutine has ended.
    template <class Coroutine>
    void run(Coroutine coroutine)
    {
        std::exception_ptr failure;
        bool done = false;
        net::co_spawn(context, std::move(coroutine),
                      [&](std::exception_ptr e)
                      {
                          failure = e;
                          done = true;
                          context.stop();
                      });
        context.restart();
        context.run_for(std::chrono::seconds(120));
        if (failure)
            std::rethrow_exception(failure);
        BOOST_REQUIRE(done);
    }

    /// Lets the clock tick until so many connections are left.
    void tick_until(std::size_t connections)
    {
        context.restart();
        for (int i = 0; i != 10000 && server.connections() != connections; ++i)
        {
            server.tick();
            context.run_one_for(std::chrono::milliseconds(1));
            context.poll();
        }
        BOOST_CHECK_EQUAL(server.connections(), connections);
    }

    net::io_context context{1};
    file_server server;
};

/// Reads one response.
inline net::awaitable<response>
read_response(tcp::socket& client, beast::flat_buffer& buffer, bool head = false)
{
    http::response_parser<http::string_body> parser;
    parser.body_limit(64 * 1024 * 1024);
    parser.skip(head);
    co_await http::async_read(client, buffer, parser, net::use_awaitable);
    co_return parser.release();
}

/// Nothing more comes than the end.
inline net::awaitable<void> expect_end(tcp::socket& client, beast::flat_buffer& buffer)
{
    char more = 0;
    auto const [ec, n] = co_await net::async_read(client, net::buffer(&more, 1),
                                                  net::as_tuple(net::use_awaitable));
    BOOST_CHECK_EQUAL(ec, net::error::eof);
    BOOST_CHECK_EQUAL(buffer.size() + n, 0u);
}

/// Sends a request that has no body, and reads its response.
inline net::awaitable<response> fetch(tcp::socket& client, std::string target)
{
    std::string const text = "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
    co_await net::async_write(client, net::buffer(text), net::use_awaitable);
    beast::flat_buffer buffer;
    co_return co_await read_response(client, buffer);
}
