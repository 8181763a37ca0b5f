// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Uses objects of all kinds, on whatever executor the coroutine runs.
#pragma once

#include "file.hpp"
#include "test.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace test
{
namespace objects
{

namespace net = urio;
using namespace net::experimental::awaitable_operators;
using net::use_awaitable;

// What an object does; throws if it does something else.
using task = net::awaitable<void>;

inline void demand(bool condition, const char* what)
{
    if (!condition)
        throw std::runtime_error(what);
}

#define DEMAND(condition) demand(condition, #condition)

template <class From, class To>
task bytes_arrive(From& from, To& to)
{
    std::string const out = pattern(100'000);
    std::string in(out.size(), '\0');
    co_await (net::async_write(from, net::buffer(out), use_awaitable) &&
              net::async_read(to, net::buffer(in), use_awaitable));
    DEMAND(in == out);
}

template <class Protocol>
task streams(typename Protocol::endpoint where)
{
    auto const ex = co_await net::this_coro::executor;
    typename Protocol::acceptor acceptor(ex, where);
    typename Protocol::socket a(ex), b(ex);
    co_await (acceptor.async_accept(b, use_awaitable) &&
              a.async_connect(acceptor.local_endpoint(), use_awaitable));
    co_await (bytes_arrive(a, b) && bytes_arrive(b, a));
    // What waits is cancelled, and the socket goes on.
    char byte[1];
    auto const first = co_await (a.async_receive(net::buffer(byte), use_awaitable) ||
                                 net::post(ex, use_awaitable));
    DEMAND(first.index() == 1);
    co_await bytes_arrive(b, a);
    a.shutdown(a.shutdown_send);
    auto const [ec, n] =
        co_await b.async_receive(net::buffer(byte), net::as_tuple(use_awaitable));
    DEMAND(ec == net::error::eof && n == 0);
}

template <class Protocol>
task datagrams(typename Protocol::endpoint where)
{
    auto const ex = co_await net::this_coro::executor;
    typename Protocol::socket a(ex, where), b(ex, where.protocol());
    typename Protocol::endpoint sender;
    std::string in(100, '\0');
    for (std::string const out : {"one", "", "three"})
    {
        auto const [received, sent] = co_await (
            a.async_receive_from(net::buffer(in), sender, use_awaitable) &&
            b.async_send_to(net::buffer(out), a.local_endpoint(), use_awaitable));
        DEMAND(sent == out.size() && in.substr(0, received) == out);
    }
}

inline task pairs_of_local_sockets()
{
    auto const ex = co_await net::this_coro::executor;
    net::local::stream_protocol::socket a(ex), b(ex);
    net::local::connect_pair(a, b);
    co_await (bytes_arrive(a, b) && bytes_arrive(b, a));
    net::local::datagram_protocol::socket d(ex), e(ex);
    net::local::connect_pair(d, e);
    char in[4];
    auto const [n, sent] = co_await (d.async_receive(net::buffer(in), use_awaitable) &&
                                     e.async_send(net::buffer("abc", 3), use_awaitable));
    DEMAND(n == 3 && sent == 3);
}

inline task pipes_and_descriptors()
{
    auto const ex = co_await net::this_coro::executor;
    net::readable_pipe r(ex);
    net::writable_pipe w(ex);
    net::connect_pipe(r, w);
    co_await bytes_arrive(w, r);
    net::posix::stream_descriptor in(ex, r.release()), out(ex, w.release());
    co_await bytes_arrive(out, in);
    co_await (in.async_wait(in.wait_read, use_awaitable) &&
              net::async_write(out, net::buffer("x", 1), use_awaitable));
}

inline task files(std::string path)
{
    auto const ex = co_await net::this_coro::executor;
    std::string const out = pattern(100'000, 2);
    std::string in(out.size(), '\0');
    auto const flags =
        net::file_base::read_write | net::file_base::create | net::file_base::truncate;
    net::stream_file stream(ex, path, flags);
    co_await net::async_write(stream, net::buffer(out), use_awaitable);
    stream.seek(0, stream.seek_set);
    co_await net::async_read(stream, net::buffer(in), use_awaitable);
    DEMAND(std::exchange(in, std::string(out.size(), '\0')) == out);
    net::random_access_file file(ex, path, net::file_base::read_only);
    co_await net::async_read_at(file, 0, net::buffer(in), use_awaitable);
    DEMAND(in == out);
}

inline task file_system(std::string path)
{
    auto const ex = co_await net::this_coro::executor;
    namespace fs = net::fs;
    auto const a = path + ".dir/a", b = path + ".dir/b";
    co_await fs::async_mkdir(ex, path + ".dir", use_awaitable);
    auto file = co_await fs::async_open(
        ex, a, net::file_base::read_write | net::file_base::create, use_awaitable);
    co_await file.async_allocate(net::file_base::reserve, 0, 10'000, use_awaitable);
    co_await file.async_resize(5'000, use_awaitable);
    co_await file.async_advise(net::file_base::will_need, 0, 5'000, use_awaitable);
    co_await file.async_sync_data(use_awaitable);
    DEMAND((co_await file.async_size(use_awaitable)) == 5'000);
    co_await file.async_close(use_awaitable);
    co_await fs::async_link(ex, a, b, use_awaitable);
    co_await fs::async_unlink(ex, a, use_awaitable);
    co_await fs::async_symlink(ex, "b", a, use_awaitable);
    DEMAND((co_await fs::async_stat(ex, a, use_awaitable)).is_regular_file());
    co_await fs::async_rename(ex, b, a, use_awaitable);
    co_await file.async_open(a, net::file_base::read_only, use_awaitable);
    DEMAND(file.size() == 5'000);
    file.close();
    co_await fs::async_unlink(ex, a, use_awaitable);
    co_await fs::async_rmdir(ex, path + ".dir", use_awaitable);
}

inline task timers_and_signals()
{
    auto const ex = co_await net::this_coro::executor;
    net::steady_timer timer(ex, 1ms);
    co_await timer.async_wait(use_awaitable);
    net::signal_set signals(ex, SIGUSR1);
    // The signal is sent when the wait has been started.
    auto const send = [ex]() -> task
    {
        co_await net::post(ex, use_awaitable);
        std::raise(SIGUSR1);
    };
    int const signal = co_await (signals.async_wait(use_awaitable) && send());
    DEMAND(signal == SIGUSR1);
}

inline task names()
{
    auto const ex = co_await net::this_coro::executor;
    net::ip::tcp::resolver resolver(ex);
    auto const found = co_await resolver.async_resolve("localhost", "80", use_awaitable);
    DEMAND(!found.empty());
}

inline task everything(std::string path)
{
    using namespace net::ip;
    co_await streams<tcp>({address_v4::loopback(), 0});
    co_await streams<net::local::stream_protocol>(path + ".socket");
    std::filesystem::remove(path + ".socket");
    co_await datagrams<udp>({address_v4::loopback(), 0});
    co_await pairs_of_local_sockets();
    co_await pipes_and_descriptors();
    co_await files(path);
    co_await file_system(path);
    co_await timers_and_signals();
    co_await names();
}

#undef DEMAND

} // namespace objects

using objects::everything;

} // namespace test
