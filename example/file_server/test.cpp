// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The file server against a client that speaks plain text.
#include "byte_range.hpp"
#include "session.hpp"

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

namespace
{

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

/// Sends the text and reads as many responses.
std::vector<response> exchange(site& s, const std::string& text, std::size_t count,
                               bool head = false)
{
    net::io_context context(1);
    content_directory directory(context, s.root());
    tcp::acceptor acceptor(context, {net::ip::address_v4::loopback(), 0});
    tcp::socket client(context);
    client.connect(acceptor.local_endpoint());
    net::co_spawn(context, serve(http_stream(acceptor.accept()), directory),
                  net::detached);

    std::vector<response> responses;
    auto const run = [&]() -> net::awaitable<void>
    {
        co_await net::async_write(client, net::buffer(text), net::use_awaitable);
        client.shutdown(tcp::socket::shutdown_send);
        beast::flat_buffer buffer;
        for (std::size_t i = 0; i != count; ++i)
        {
            http::response_parser<http::string_body> parser;
            parser.body_limit(64 * 1024 * 1024);
            parser.skip(head);
            co_await http::async_read(client, buffer, parser, net::use_awaitable);
            responses.push_back(parser.release());
        }
        // Nothing more than that comes.
        char more = 0;
        auto const [ec, n] = co_await net::async_read(client, net::buffer(&more, 1),
                                                      net::as_tuple(net::use_awaitable));
        BOOST_CHECK_EQUAL(ec, net::error::eof);
        BOOST_CHECK_EQUAL(buffer.size() + n, 0u);
    };
    std::exception_ptr failure;
    net::co_spawn(context, run(),
                  [&](std::exception_ptr e)
                  {
                      failure = e;
                      context.stop();
                  });
    context.run_for(std::chrono::seconds(60));
    if (failure)
        std::rethrow_exception(failure);
    BOOST_REQUIRE_EQUAL(responses.size(), count);
    return responses;
}

response get(site& s, const std::string& target, const std::string& fields = {})
{
    return exchange(s, "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n", 1)
        .front();
}

std::string field(const response& r, http::field f)
{
    return std::string(r[f]);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_server, site)

BOOST_AUTO_TEST_CASE(a_file_with_its_type_and_validators)
{
    auto const r = get(*this, "/ten.txt?query");
    BOOST_CHECK_EQUAL(r.result_int(), 200u);
    BOOST_CHECK_EQUAL(r.body(), "0123456789");
    BOOST_CHECK_EQUAL(field(r, http::field::content_type), "text/plain; charset=utf-8");
    BOOST_CHECK_EQUAL(field(r, http::field::accept_ranges), "bytes");
    auto const again =
        get(*this, "/ten.txt", "If-None-Match: " + field(r, http::field::etag) + "\r\n");
    BOOST_CHECK_EQUAL(again.result_int(), 304u);
    BOOST_CHECK_EQUAL(
        get(*this, "/ten.txt",
            "If-Modified-Since: " + field(r, http::field::last_modified) + "\r\n")
            .result_int(),
        304u);
    BOOST_CHECK_EQUAL(get(*this, "/with%20space.TXT").body(), "space");
    BOOST_CHECK_EQUAL(get(*this, "http://x/ten.txt").body(), "0123456789");
    BOOST_CHECK_EQUAL(get(*this, "/alias.txt").body(), "0123456789");
}

BOOST_AUTO_TEST_CASE(large_and_empty_files)
{
    BOOST_CHECK(get(*this, "/large.bin").body() == large);
    auto const r = get(*this, "/empty.bin");
    BOOST_CHECK_EQUAL(r.result_int(), 200u);
    BOOST_CHECK_EQUAL(field(r, http::field::content_length), "0");
    BOOST_CHECK_EQUAL(field(r, http::field::content_type), "application/octet-stream");
}

BOOST_AUTO_TEST_CASE(directories_have_an_index)
{
    BOOST_CHECK_EQUAL(get(*this, "/").body(), "<p>root</p>");
    BOOST_CHECK_EQUAL(get(*this, "/sub/").body(), "<p>sub</p>");
    auto const r = get(*this, "//sub");
    BOOST_CHECK_EQUAL(r.result_int(), 301u);
    BOOST_CHECK_EQUAL(field(r, http::field::location), "/sub/");
}

BOOST_AUTO_TEST_CASE(ranges)
{
    auto const range = [&](const std::string& spec, const std::string& more = {})
    { return get(*this, "/ten.txt", "Range: bytes=" + spec + "\r\n" + more); };
    auto r = range("2-4");
    BOOST_CHECK_EQUAL(r.result_int(), 206u);
    BOOST_CHECK_EQUAL(r.body(), "234");
    BOOST_CHECK_EQUAL(field(r, http::field::content_range), "bytes 2-4/10");
    BOOST_CHECK_EQUAL(range("7-").body(), "789");
    BOOST_CHECK_EQUAL(range("-3").body(), "789");
    BOOST_CHECK_EQUAL(range("-30").body(), "0123456789");
    BOOST_CHECK_EQUAL(range("5-99999999999999999999999").body(), "56789");
    r = range("10-");
    BOOST_CHECK_EQUAL(r.result_int(), 416u);
    BOOST_CHECK_EQUAL(field(r, http::field::content_range), "bytes */10");
    BOOST_CHECK_EQUAL(range("-0").result_int(), 416u);
    for (const char* ignored : {"4-2", "a-b", "1-2,4-5", "-", "", "1", "1-2-3"})
        BOOST_CHECK_EQUAL(range(ignored).result_int(), 200u);
    BOOST_CHECK_EQUAL(range("2-4", "If-Range: \"other\"\r\n").result_int(), 200u);

    auto const part = get(*this, "/large.bin", "Range: bytes=1000000-2000000\r\n");
    BOOST_CHECK(part.body() == large.substr(1000000, 1000001));
}

BOOST_AUTO_TEST_CASE(no_way_out_of_the_directory)
{
    for (const char* target : {"/../secret", "/sub/../../secret", "/%2e%2e/secret",
                               "/..%2fsecret", "/sub/..", "/way_out"})
        BOOST_CHECK_EQUAL(get(*this, target).result_int(), 403u);
    BOOST_CHECK_EQUAL(get(*this, "/%00").result_int(), 400u);
    BOOST_CHECK_EQUAL(get(*this, "/%zz").result_int(), 400u);
    BOOST_CHECK_EQUAL(get(*this, "/%2").result_int(), 400u);
    BOOST_CHECK_EQUAL(get(*this, "ten.txt").result_int(), 400u);
}

BOOST_AUTO_TEST_CASE(what_is_not_there)
{
    BOOST_CHECK_EQUAL(get(*this, "/none").result_int(), 404u);
    BOOST_CHECK_EQUAL(get(*this, "/ten.txt/x").result_int(), 404u);
    BOOST_CHECK_EQUAL(get(*this, "/fifo").result_int(), 404u);
    BOOST_CHECK_EQUAL(get(*this, '/' + std::string(300, 'a')).result_int(), 404u);
}

BOOST_AUTO_TEST_CASE(other_methods)
{
    auto r = exchange(*this, "DELETE /ten.txt HTTP/1.1\r\nHost: x\r\n\r\n", 1).front();
    BOOST_CHECK_EQUAL(r.result_int(), 405u);
    BOOST_CHECK_EQUAL(field(r, http::field::allow), "GET, HEAD");
    r = exchange(*this,
                 "POST /ten.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody", 1)
            .front();
    BOOST_CHECK_EQUAL(r.result_int(), 405u);
    r = exchange(*this, "HEAD /ten.txt HTTP/1.1\r\nHost: x\r\n\r\n", 1, true).front();
    BOOST_CHECK_EQUAL(r.result_int(), 200u);
    BOOST_CHECK_EQUAL(field(r, http::field::content_length), "10");
    r = exchange(*this, "HEAD /none HTTP/1.1\r\nHost: x\r\n\r\n", 1, true).front();
    BOOST_CHECK_EQUAL(r.result_int(), 404u);
}

BOOST_AUTO_TEST_CASE(keep_alive_and_pipelining)
{
    std::string const one = "GET /ten.txt HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const auto& r : exchange(*this, one + one + one, 3))
        BOOST_CHECK_EQUAL(r.body(), "0123456789");
    // The second request is not looked at.
    exchange(*this, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + one, 1);
    exchange(*this, "GET / HTTP/1.0\r\n\r\n" + one, 1);
}

BOOST_AUTO_TEST_CASE(what_is_not_http)
{
    BOOST_CHECK_EQUAL(exchange(*this, "GET / HTTP/1.1\r\n\r\n", 1).front().result_int(),
                      400u);
    BOOST_CHECK_EQUAL(exchange(*this, "hello\r\n\r\n", 1).front().result_int(), 400u);
    std::string const fields = "X: " + std::string(20000, 'x') + "\r\n";
    BOOST_CHECK_EQUAL(get(*this, "/", fields).result_int(), 431u);
}

BOOST_AUTO_TEST_CASE(dates)
{
    BOOST_CHECK_EQUAL(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
}

BOOST_AUTO_TEST_SUITE_END()
