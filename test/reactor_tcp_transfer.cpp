// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// TCP: transferring.

#include "support/reactor.hpp"

namespace test
{
namespace
{

BOOST_DATA_TEST_CASE(an_event_says_all_that_is_ready, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(server, token(1), both);
    b.expect_writable(token(1));
    client.write("x");
    auto const s = b.expect_readable(token(1));
    BOOST_CHECK(s.writable);
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(peek, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(server, token(1), interest::readable);
    for (int i = 0; i != 2; ++i)
    {
        client.write(std::string("abc"));
        b.expect_readable(token(1));
        char data[8];
        BOOST_CHECK_EQUAL(server.peek(data), 3u);
        BOOST_CHECK_EQUAL(server.peek(data), 3u);
        BOOST_CHECK_EQUAL(server.read(data), 3u);
        check_error(errc::operation_would_block,
                    [&](error_code& ec) { server.peek(data, ec); });
    }
}

BOOST_DATA_TEST_CASE(sixteen_megabytes, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    constexpr std::size_t total = 16 << 20;
    auto [client, server] = tcp_pair();
    b.registry().register_source(client, token(1), interest::writable);
    b.registry().register_source(server, token(2), interest::readable);
    std::size_t sent = 0;
    std::size_t received = 0;
    bool right = true;
    std::string out(65536, '\0');
    std::string in(50000, '\0');
    while (received != total)
    {
        auto const found = b.wait(patience);
        BOOST_REQUIRE(!found.empty());
        for (auto const& e : found)
        {
            error_code ec;
            while (e.token() == token(1) && sent != total && !ec)
            {
                std::size_t const n = std::min(out.size(), total - sent);
                for (std::size_t i = 0; i != n; ++i)
                    out[i] = static_cast<char>((sent + i) % 251);
                sent += client.write({out.data(), n}, ec);
            }
            while (e.token() == token(2) && !ec)
            {
                std::size_t const n = server.read(in, ec);
                for (std::size_t i = 0; i != n; ++i)
                    right = right && in[i] == static_cast<char>((received + i) % 251);
                received += n;
            }
        }
    }
    BOOST_CHECK(right);
    BOOST_CHECK_EQUAL(sent, total);
}

BOOST_DATA_TEST_CASE(write_error, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    server = tcp_stream::from_native(-1);
    b.registry().register_source(client, token(1), both);
    error_code ec;
    while (!ec || ec == errc::operation_would_block)
    {
        b.wait(1ms);
        client.write("x", ec);
    }
    BOOST_CHECK(ec == errc::broken_pipe || ec == errc::connection_reset);
}

} // namespace
} // namespace test
