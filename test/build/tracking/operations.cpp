// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// One operation after another, for Asio's handler tracking, built on urio and on Asio
// from this one source. With the argument `hosted`, on a context of Asio's.

#if defined(TRACK_STOCK_ASIO)
#include <boost/asio.hpp>
namespace net = boost::asio;
#else
#include <urio.hpp>
namespace net = urio;
#endif

#include <boost/asio/random_access_file.hpp>
#include <boost/asio/stream_file.hpp>

#include <memory>
#include <unistd.h>

namespace
{

using boost::system::error_code;

// Runs to the end of what has been started.
void run(boost::asio::io_context& c)
{
    c.restart();
    c.run();
}

const auto transferred = [](error_code, std::size_t) {};
const auto completed = [](error_code) {};

void sockets(boost::asio::io_context& c)
{
    using tcp = net::ip::tcp;
    char data[4];
    tcp::acceptor acceptor(c, tcp::endpoint(net::ip::address_v4::loopback(), 0));
    tcp::socket a(c), b(c);
    a.async_connect(acceptor.local_endpoint(), completed);
    run(c);
    acceptor.async_accept(b, completed);
    run(c);
    a.async_send(net::buffer("data", 4), transferred);
    run(c);
    b.async_wait(tcp::socket::wait_read, completed);
    run(c);
    b.async_receive(net::buffer(data), transferred);
    run(c);
    b.async_receive(net::buffer(data), transferred);
    c.restart();
    c.poll();
    b.cancel();
    run(c);
    b.async_receive(net::buffer(data), transferred);
    a.close();
    run(c);
}

void pipes(boost::asio::io_context& c)
{
    char data[4];
    net::readable_pipe in(c);
    net::writable_pipe out(c);
    net::connect_pipe(in, out);
    out.async_write_some(net::buffer("data", 4), transferred);
    run(c);
    in.async_read_some(net::buffer(data), transferred);
    run(c);
    in.async_read_some(net::buffer(data), transferred);
    c.restart();
    c.poll();
    in.cancel();
    run(c);
    // The native descriptors, under the name of streams of bytes.
    net::posix::stream_descriptor d(c, in.release());
    d.async_wait(net::posix::stream_descriptor::wait_read, completed);
    c.restart();
    c.poll();
    d.cancel();
    run(c);
    out.close();
    d.async_read_some(net::buffer(data), transferred);
    run(c);
}

void files(boost::asio::io_context& c)
{
    char name[] = "/tmp/urio-tracking-XXXXXX";
    int const fd = ::mkstemp(name);
    ::unlink(name);
    char data[4];
    net::stream_file s(c, ::dup(fd));
    s.async_write_some(net::buffer("data", 4), transferred);
    run(c);
    s.async_read_some(net::buffer(data), transferred);
    run(c);
    s.cancel();
    s.close();
    net::random_access_file r(c, fd);
    r.async_read_some_at(0, net::buffer(data), transferred);
    run(c);
    r.async_write_some_at(4, net::buffer(data), transferred);
    run(c);
}

void timers(boost::asio::io_context& c)
{
    net::steady_timer t(c, std::chrono::hours(1));
    t.async_wait(completed);
    t.cancel();
    run(c);
}

} // namespace

int main(int argc, char**)
{
    std::unique_ptr<boost::asio::io_context> c;
    if (argc > 1)
    {
        c = std::make_unique<boost::asio::io_context>();
        net::steady_timer brings_the_reactor(*c);
    }
    else
        c = std::make_unique<net::io_context>();
    sockets(*c);
    pipes(*c);
    files(*c);
    timers(*c);
}
