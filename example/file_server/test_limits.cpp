// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the file server uses of time, memory and descriptors.
#include "test_site.hpp"

#include <fcntl.h>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace
{

/// All descriptors are taken, but for those that a test gives back.
class no_descriptors
{
public:
    no_descriptors()
    {
        BOOST_REQUIRE_EQUAL(::getrlimit(RLIMIT_NOFILE, &before_), 0);
        int const next = ::dup(0);
        BOOST_REQUIRE(next >= 0);
        taken_.push_back(next);
        rlimit few = before_;
        few.rlim_cur = static_cast<rlim_t>(next) + 16;
        BOOST_REQUIRE_EQUAL(::setrlimit(RLIMIT_NOFILE, &few), 0);
        for (int fd; (fd = ::dup(0)) >= 0;)
            taken_.push_back(fd);
    }

    ~no_descriptors()
    {
        while (!taken_.empty())
            give_back();
        ::setrlimit(RLIMIT_NOFILE, &before_);
    }

    void give_back()
    {
        ::close(taken_.back());
        taken_.pop_back();
    }

private:
    rlimit before_{};
    std::vector<int> taken_;
};

/// The files below the directory that this process has open.
std::size_t open_below(const fs::path& root)
{
    std::size_t count = 0;
    std::string const start = fs::canonical(root).string() + '/';
    for (const auto& entry : fs::directory_iterator("/proc/self/fd"))
    {
        std::error_code gone;
        count += fs::read_symlink(entry.path(), gone).string().rfind(start, 0) == 0;
    }
    return count;
}

std::string numbered(const char* start, std::size_t i)
{
    std::string name = start;
    name += std::to_string(i);
    return name;
}

net::awaitable<tcp::socket> connect(served_site& s)
{
    tcp::socket client(s.context);
    co_await client.async_connect(s.server.local_endpoint(), net::use_awaitable);
    // What is sent arrives before the next tick.
    client.set_option(tcp::no_delay(true));
    co_return client;
}

net::awaitable<void> send_text(tcp::socket& client, std::string text)
{
    co_await net::async_write(client, net::buffer(text), net::use_awaitable);
}

server_limits few(std::size_t files, std::size_t connections)
{
    return {1, files, connections};
}

} // namespace

BOOST_AUTO_TEST_SUITE(file_server_limits)

BOOST_AUTO_TEST_CASE(a_slow_client_that_reads_is_served)
{
    served_site s(few(4, 4));
    auto const client_side = [&]() -> net::awaitable<void>
    {
        tcp::socket client(s.context, tcp::v4());
        client.set_option(net::socket_base::receive_buffer_size(32 * 1024));
        co_await client.async_connect(s.server.local_endpoint(), net::use_awaitable);
        co_await send_text(client, "GET /large.bin HTTP/1.1\r\nHost: x\r\n"
                                   "Connection: close\r\n\r\n");
        // More than may be on its way in the client's buffer, each time.
        std::string answer, part(512 * 1024, '\0');
        for (boost::system::error_code ec; !ec;)
        {
            std::size_t n = 0;
            std::tie(ec, n) = co_await net::async_read(client, net::buffer(part),
                                                       net::as_tuple(net::use_awaitable));
            answer.append(part, 0, n);
            s.server.tick();
        }
        BOOST_CHECK(answer.size() > s.large.size());
        BOOST_CHECK(answer.ends_with(s.large));
    };
    s.run(client_side());
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_is_cut)
{
    served_site s(few(4, 4));
    // More than buffers take.
    fs::resize_file(s.root() / "large.bin", 256 * 1024 * 1024);
    tcp::socket client(s.context);
    auto const client_side = [&]() -> net::awaitable<void>
    {
        client = co_await connect(s);
        co_await send_text(client, "GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
        char first = 0;
        co_await net::async_read(client, net::buffer(&first, 1), net::use_awaitable);
    };
    s.run(client_side());
    s.tick_until(0);
}

BOOST_AUTO_TEST_CASE(a_head_has_to_be_whole_in_time)
{
    served_site s(few(4, 4));
    auto const client_side = [&]() -> net::awaitable<void>
    {
        auto client = co_await connect(s);
        co_await fetch(client, "/ten.txt");
        co_await send_text(client, "GET /");
        // A byte for each tick does not help.
        for (int i = 0; i != 10000 && s.server.connections() == 1; ++i)
        {
            auto const [ec, n] = co_await net::async_write(
                client, net::buffer("x", 1), net::as_tuple(net::use_awaitable));
            if (ec)
                break;
            s.server.tick();
        }
        beast::flat_buffer buffer;
        char more = 0;
        auto const [ec, n] = co_await net::async_read(client, net::buffer(&more, 1),
                                                      net::as_tuple(net::use_awaitable));
        BOOST_CHECK(ec);
    };
    s.run(client_side());
    s.tick_until(0);
}

BOOST_AUTO_TEST_CASE(a_body_may_take_its_time_but_not_stop)
{
    served_site s(few(4, 4));
    tcp::socket client(s.context), other(s.context);
    auto const client_side = [&]() -> net::awaitable<void>
    {
        client = co_await connect(s);
        co_await send_text(client,
                           "GET /ten.txt HTTP/1.1\r\nHost: x\r\nExpect: 100-continue"
                           "\r\nContent-Length: 40\r\n\r\n");
        std::string go_on;
        co_await net::async_read_until(client, net::dynamic_buffer(go_on), "\r\n\r\n",
                                       net::use_awaitable);
        s.server.tick();
        // Two whole periods would be too long. The answers of another connection prove
        // that the server has seen each byte.
        other = co_await connect(s);
        for (int i = 0; i != 40; ++i)
        {
            co_await send_text(client, "x");
            co_await fetch(other, "/ten.txt");
            co_await fetch(other, "/ten.txt");
            s.server.tick();
        }
        beast::flat_buffer buffer;
        BOOST_CHECK_EQUAL((co_await read_response(client, buffer)).body(), "0123456789");
        co_await send_text(client, "GET /ten.txt HTTP/1.1\r\nHost: x\r\n"
                                   "Content-Length: 40\r\n\r\nx");
    };
    s.run(client_side());
    s.tick_until(0);
}

BOOST_AUTO_TEST_CASE(idle_connections_have_no_block)
{
    served_site s(few(4, 100));
    std::vector<tcp::socket> clients;
    auto const client_side = [&]() -> net::awaitable<void>
    {
        for (int i = 0; i != 5; ++i)
        {
            clients.push_back(co_await connect(s));
            auto const r = co_await fetch(clients.back(), "/large.bin");
            BOOST_CHECK(r.body() == s.large);
        }
        // Each has come to wait for its next request.
        for (auto& client : clients)
            co_await fetch(client, "/none");
    };
    s.run(client_side());
    BOOST_CHECK_EQUAL(s.server.connections(), 5u);
    BOOST_CHECK_LE(s.server.state().blocks.free_blocks(), 2u);
    s.server.tick();
    s.server.tick();
    BOOST_CHECK_EQUAL(s.server.state().blocks.free_blocks(), 0u);
    s.tick_until(0);
}

BOOST_AUTO_TEST_CASE(files_do_not_stay_open)
{
    served_site s(few(4, 4));
    for (std::size_t i = 0; i != 20; ++i)
        s.write(numbered("f", i), std::to_string(i));
    auto const client_side = [&]() -> net::awaitable<void>
    {
        auto client = co_await connect(s);
        for (std::size_t i = 0; i != 20; ++i)
        {
            auto const name = numbered("/f", i);
            BOOST_CHECK_EQUAL((co_await fetch(client, name)).body(), std::to_string(i));
        }
        co_await fetch(client, "/none");
        BOOST_CHECK_EQUAL(open_below(s.root()), 4u);
        // The next second shows that it has gone.
        fs::remove(s.root() / "f19");
        s.server.state().directory.tick();
        BOOST_CHECK_EQUAL((co_await fetch(client, "/f19")).result_int(), 404u);
        BOOST_CHECK_EQUAL(open_below(s.root()), 3u);
        for (std::size_t i = 0; i != 20; ++i)
            fs::remove(s.root() / (numbered("f", i)));
        for (unsigned i = 0; i <= file_cache::kept_for; ++i)
            s.server.state().directory.tick();
        BOOST_CHECK_EQUAL(open_below(s.root()), 0u);
    };
    s.run(client_side());
}

BOOST_AUTO_TEST_CASE(without_descriptors_the_cache_gives_its_own)
{
    served_site s(few(4, 4));
    auto const client_side = [&]() -> net::awaitable<void>
    {
        auto client = co_await connect(s);
        co_await fetch(client, "/ten.txt");
        tcp::socket second(s.context, tcp::v4());
        no_descriptors none;
        // For another file, and for another connection.
        BOOST_CHECK_EQUAL((co_await fetch(client, "/with%20space.TXT")).body(), "space");
        co_await second.async_connect(s.server.local_endpoint(), net::use_awaitable);
        // The connection has taken the file's.
        co_await fetch(second, "/none");
        client.close();
        BOOST_CHECK_EQUAL((co_await fetch(second, "/ten.txt")).body(), "0123456789");
    };
    s.run(client_side());
}

BOOST_AUTO_TEST_CASE(accepting_pauses_and_goes_on)
{
    served_site s(few(4, 4));
    auto const client_side = [&]() -> net::awaitable<void>
    {
        tcp::socket client(s.context, tcp::v4());
        no_descriptors none;
        co_await client.async_connect(s.server.local_endpoint(), net::use_awaitable);
        co_await send_text(client, "GET /ten.txt HTTP/1.1\r\nHost: x\r\n\r\n");
        none.give_back();
        // No file can be opened any more, and the request waits for that too.
        none.give_back();
        beast::flat_buffer buffer;
        BOOST_CHECK_EQUAL((co_await read_response(client, buffer)).body(), "0123456789");
    };
    s.run(client_side());
}

BOOST_AUTO_TEST_CASE(idle_connections_make_room)
{
    served_site s({1000000, 4, 2});
    std::vector<tcp::socket> clients;
    auto const three_clients = [&]() -> net::awaitable<void>
    {
        for (int i = 0; i != 2; ++i)
        {
            clients.push_back(co_await connect(s));
            co_await fetch(clients.back(), "/ten.txt");
        }
        clients.push_back(co_await connect(s));
        co_await send_text(clients.back(), "GET /ten.txt HTTP/1.1\r\nHost: x\r\n\r\n");
    };
    s.run(three_clients());
    s.tick_until(1);
    auto const answer = [&]() -> net::awaitable<void>
    {
        beast::flat_buffer buffer;
        auto const r = co_await read_response(clients.back(), buffer);
        BOOST_CHECK_EQUAL(r.body(), "0123456789");
    };
    s.run(answer());
}

BOOST_AUTO_TEST_CASE(with_64_descriptors_all_files_are_served)
{
    for (std::size_t left : {std::size_t(0), std::size_t(1), std::size_t(50),
                             std::size_t(1000), std::size_t(1) << 40})
    {
        server_limits limits;
        divide_descriptors(limits, left);
        BOOST_CHECK(limits.files >= 1 && limits.files <= 512);
        BOOST_CHECK(limits.connections >= 1);
        BOOST_CHECK(left < 8 || limits.connections + limits.files / 2 <= left);
    }
    rlimit before{};
    BOOST_REQUIRE_EQUAL(::getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit scarce = before;
    scarce.rlim_cur = 64;
    BOOST_REQUIRE_EQUAL(::setrlimit(RLIMIT_NOFILE, &scarce), 0);
    {
        served_site s;
        for (std::size_t i = 0; i != 200; ++i)
            s.write(numbered("f", i), std::to_string(i));
        auto const client_side = [&]() -> net::awaitable<void>
        {
            std::vector<tcp::socket> clients;
            for (int i = 0; i != 10; ++i)
                clients.push_back(co_await connect(s));
            for (std::size_t i = 0; i != 200; ++i)
            {
                auto const r =
                    co_await fetch(clients[i % clients.size()], numbered("/f", i));
                BOOST_CHECK_EQUAL(r.body(), std::to_string(i));
            }
        };
        s.run(client_side());
    }
    BOOST_CHECK_EQUAL(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

BOOST_AUTO_TEST_SUITE_END()
