// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The file server's answers, to a client that speaks plain text.
#include "byte_range.hpp"
#include "http_date.hpp"
#include "test_site.hpp"

#include <ctime>
#include <string>
#include <vector>

namespace
{

/// Sends the text and reads as many responses, after which the connection has to end.
std::vector<response> exchange(served_site& s, const std::string& text, std::size_t count,
                               bool head = false, bool half_close = true)
{
    std::vector<response> responses;
    auto const client_side = [&]() -> net::awaitable<void>
    {
        tcp::socket client(s.context);
        co_await client.async_connect(s.server.local_endpoint(), net::use_awaitable);
        co_await net::async_write(client, net::buffer(text), net::use_awaitable);
        if (half_close)
            client.shutdown(tcp::socket::shutdown_send);
        beast::flat_buffer buffer;
        for (std::size_t i = 0; i != count; ++i)
            responses.push_back(co_await read_response(client, buffer, head));
        co_await expect_end(client, buffer);
    };
    s.run(client_side());
    BOOST_REQUIRE_EQUAL(responses.size(), count);
    return responses;
}

response get(served_site& s, const std::string& target, const std::string& fields = {})
{
    return exchange(s, "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n", 1)
        .front();
}

std::string field(const response& r, http::field f)
{
    return std::string(r[f]);
}

const std::string ten = "GET /ten.txt HTTP/1.1\r\nHost: x\r\n\r\n";

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_server_answers, served_site)

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

BOOST_AUTO_TEST_CASE(ranges_of_an_empty_file)
{
    auto const range = [&](const std::string& spec)
    { return get(*this, "/empty.bin", "Range: bytes=" + spec + "\r\n"); };
    for (const char* spec : {"0-", "0-10", "-5", "-0"})
    {
        auto const r = range(spec);
        BOOST_CHECK_EQUAL(r.result_int(), 200u);
        BOOST_CHECK_EQUAL(field(r, http::field::content_length), "0");
    }
    BOOST_CHECK_EQUAL(range("5-").result_int(), 416u);
}

BOOST_AUTO_TEST_CASE(a_redirection_keeps_the_query)
{
    auto const location = [&](const char* target)
    {
        auto const r = get(*this, target);
        BOOST_CHECK_EQUAL(r.result_int(), 301u);
        return field(r, http::field::location);
    };
    BOOST_CHECK_EQUAL(location("/sub?a=b&c=/d?e"), "/sub/?a=b&c=/d?e");
    BOOST_CHECK_EQUAL(location("//sub?a"), "/sub/?a");
    BOOST_CHECK_EQUAL(location("/sub?"), "/sub/");
    BOOST_CHECK_EQUAL(location("http://x/sub?a"), "/sub/?a");
    BOOST_CHECK_EQUAL(get(*this, "http://x?a").body(), "<p>root</p>");
}

BOOST_AUTO_TEST_CASE(a_body_is_read_and_thrown_away)
{
    std::string const start = " /ten.txt HTTP/1.1\r\nHost: x\r\n";
    std::string const bodies[] = {
        "Content-Length: 4\r\n\r\nbody", "Content-Length: 0\r\n\r\n",
        "Content-Length: 300000\r\n\r\n" + std::string(300000, 'x'),
        "Transfer-Encoding: chunked\r\n\r\n4;ext=1\r\nbody\r\n0\r\nTrailer: x\r\n\r\n"};
    for (const auto& body : bodies)
    {
        for (const auto& r : exchange(*this, "GET" + start + body + ten, 2))
            BOOST_CHECK_EQUAL(r.body(), "0123456789");
        auto const r = exchange(*this, "POST" + start + body + ten, 2);
        BOOST_CHECK_EQUAL(r[0].result_int(), 405u);
        BOOST_CHECK_EQUAL(field(r[0], http::field::allow), "GET, HEAD");
        BOOST_CHECK_EQUAL(r[1].result_int(), 200u);
    }
    BOOST_CHECK_EQUAL(
        exchange(*this,
                 "GET" + start + "Transfer-Encoding: chunked\r\n\r\nnone\r\n" + ten, 1)
            .front()
            .result_int(),
        400u);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_too_long_ends_the_connection)
{
    std::string const start = " /ten.txt HTTP/1.1\r\nHost: x\r\n";
    std::string const x(3 * 1024 * 1024, 'x');
    std::string const bodies[] = {
        "Content-Length: " + std::to_string(x.size()) + "\r\n\r\n" + x,
        "Transfer-Encoding: chunked\r\n\r\n300000\r\n" + x + "\r\n0\r\n\r\n"};
    for (const auto& body : bodies)
    {
        auto r = exchange(*this, "POST" + start + body + ten, 1).front();
        BOOST_CHECK_EQUAL(r.result_int(), 405u);
        BOOST_CHECK_EQUAL(field(r, http::field::allow), "GET, HEAD");
        BOOST_CHECK_EQUAL(field(r, http::field::connection), "close");
        r = exchange(*this, "GET" + start + body + ten, 1).front();
        BOOST_CHECK_EQUAL(r.result_int(), 413u);
    }
}

BOOST_AUTO_TEST_CASE(who_waits_for_100_continue)
{
    std::string const fields = " /ten.txt HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                               "Content-Length: ";
    auto const client_side = [&]() -> net::awaitable<void>
    {
        tcp::socket client(context);
        co_await client.async_connect(server.local_endpoint(), net::use_awaitable);
        beast::flat_buffer buffer;
        std::string text = "GET" + fields + "4\r\n\r\n";
        co_await net::async_write(client, net::buffer(text), net::use_awaitable);
        std::string answer;
        co_await net::async_read_until(client, net::dynamic_buffer(answer), "\r\n\r\n",
                                       net::use_awaitable);
        BOOST_CHECK_EQUAL(answer, "HTTP/1.1 100 Continue\r\n\r\n");
        text = "body";
        co_await net::async_write(client, net::buffer(text), net::use_awaitable);
        auto r = co_await read_response(client, buffer);
        BOOST_CHECK_EQUAL(r.body(), "0123456789");
        // The final answer does not wait for a body, which might come or not: so it is
        // the last one.
        text = "POST" + fields + "4\r\n\r\n";
        co_await net::async_write(client, net::buffer(text), net::use_awaitable);
        r = co_await read_response(client, buffer);
        BOOST_CHECK_EQUAL(r.result_int(), 405u);
        co_await expect_end(client, buffer);
    };
    run(client_side());
    // Who has sent the body already is not told to.
    BOOST_CHECK_EQUAL(
        exchange(*this, "GET" + fields + "4\r\n\r\nbody" + ten, 2)[0].body(),
        "0123456789");
    BOOST_CHECK_EQUAL(exchange(*this, "GET" + fields + "4000000\r\n\r\n", 1, false, false)
                          .front()
                          .result_int(),
                      413u);
}

BOOST_AUTO_TEST_CASE(empty_lines_before_a_request)
{
    for (const auto& r : exchange(*this, "\r\n" + ten + "\r\n\r\n" + ten + "\r\n", 2))
        BOOST_CHECK_EQUAL(r.body(), "0123456789");
}

BOOST_AUTO_TEST_CASE(preconditions)
{
    auto const r = get(*this, "/ten.txt");
    std::string const etag = field(r, http::field::etag);
    auto const modified = *parse_http_date(field(r, http::field::last_modified));
    std::string const same = http_date(modified), earlier = http_date(modified - 1),
                      later = http_date(modified + 1);
    auto const status = [&](const std::string& fields)
    { return get(*this, "/ten.txt", fields).result_int(); };
    BOOST_CHECK_EQUAL(status("If-Match: " + etag + "\r\n"), 200u);
    BOOST_CHECK_EQUAL(status("If-Match: \"a,\", " + etag + "\r\n"), 200u);
    BOOST_CHECK_EQUAL(status("If-Match: \"a\"\r\nIf-Match: " + etag + "\r\n"), 200u);
    BOOST_CHECK_EQUAL(status("If-Match: *\r\n"), 200u);
    BOOST_CHECK_EQUAL(status("If-Match: \"a\"\r\n"), 412u);
    BOOST_CHECK_EQUAL(status("If-Match: W/" + etag + "\r\n"), 412u);
    BOOST_CHECK_EQUAL(status("If-Unmodified-Since: " + same + "\r\n"), 200u);
    BOOST_CHECK_EQUAL(status("If-Unmodified-Since: " + later + "\r\n"), 200u);
    BOOST_CHECK_EQUAL(status("If-Unmodified-Since: " + earlier + "\r\n"), 412u);
    BOOST_CHECK_EQUAL(status("If-Unmodified-Since: yesterday\r\n"), 200u);
    // The tag is the better of both.
    BOOST_CHECK_EQUAL(
        status("If-Match: " + etag + "\r\nIf-Unmodified-Since: " + earlier + "\r\n"),
        200u);
    BOOST_CHECK_EQUAL(status("If-None-Match: W/" + etag + "\r\n"), 304u);
    BOOST_CHECK_EQUAL(status("If-None-Match: \"a\"\r\nIf-None-Match: *\r\n"), 304u);
    BOOST_CHECK_EQUAL(
        status("If-None-Match: \"a\"\r\nIf-Modified-Since: " + same + "\r\n"), 200u);
    BOOST_CHECK_EQUAL(status("If-Modified-Since: " + later + "\r\n"), 200u);
    // Before a range; and not of what is not there.
    BOOST_CHECK_EQUAL(status("If-Match: \"a\"\r\nRange: bytes=1-2\r\n"), 412u);
    BOOST_CHECK_EQUAL(get(*this, "/none", "If-Match: \"a\"\r\n").result_int(), 404u);
    exchange(*this, "HEAD /ten.txt HTTP/1.1\r\nHost: x\r\nIf-Match: \"a\"\r\n\r\n", 1,
             true);
}

BOOST_AUTO_TEST_CASE(what_follows_a_request_that_is_not_understood)
{
    auto const only = [&](const std::string& head)
    {
        return exchange(*this, head + "\r\n\r\n" + ten, 1, false, false)
            .front()
            .result_int();
    };
    std::string const start = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (const char* coding :
         {"gzip", "identity", "gzip, chunked", "chunked, gzip", "x", ""})
        BOOST_CHECK_EQUAL(only(start + "Transfer-Encoding: " + coding), 501u);
    BOOST_CHECK_EQUAL(only("GET / HTTP/1.0\r\nTransfer-Encoding: chunked"), 400u);
    BOOST_CHECK_EQUAL(only(start + "Transfer-Encoding: chunked\r\nContent-Length: 3"),
                      400u);
    BOOST_CHECK_EQUAL(only(start + "Host: x"), 400u);
    BOOST_CHECK_EQUAL(only("GET / HTTP/1.0\r\nHost: x\r\nHost: y"), 400u);
    BOOST_CHECK_EQUAL(only("GET / HTTP/1.1\r\nHost: x/y"), 400u);
    BOOST_CHECK_EQUAL(only("GET / HTTP/1.1"), 400u);
}

BOOST_AUTO_TEST_CASE(no_answer_to_head_has_a_body)
{
    for (const char* rest :
         {" / HTTP/1.1\r\n", " / HTTP/1.1\r\nHost: x\r\nHost: x\r\n",
          " / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n",
          " / HTTP/1.1\r\nHost: x\r\nContent-Length: y\r\n",
          " /%zz HTTP/1.1\r\nHost: x\r\n", " /sub HTTP/1.1\r\nHost: x\r\n",
          " /large.bin HTTP/1.1\r\nHost: x\r\nRange: bytes=1-2\r\n"})
        exchange(*this, std::string("HEAD") + rest + "\r\n", 1, true);
}

BOOST_AUTO_TEST_CASE(dates)
{
    BOOST_CHECK_EQUAL(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
    for (const char* date :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
          "Sun Nov  6 08:49:37 1994"})
        BOOST_CHECK(parse_http_date(date) == std::time_t(784111777));
    for (const char* no_date : {"", "0", "Sun, 06 Nov 1994 08:49:37 GMT.", "Sun, 06 Nov"})
        BOOST_CHECK(!parse_http_date(no_date));
}

BOOST_AUTO_TEST_SUITE_END()
