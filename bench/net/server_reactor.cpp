// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The server on urio::reactor: on epoll or on poll(2). Tries first, and waits when that
// would block.

#include "server.hpp"

#include <urio/reactor.hpp>

#include <cstring>
#include <iostream>
#include <optional>
#include <sys/socket.h>
#include <tuple>

namespace
{

using namespace urio::reactor;
namespace errc = boost::system::errc;

constexpr token socket_token(0); // the one that listens, or has datagrams
constexpr token input_token(1);
constexpr std::size_t first_connection = 2;

// After so many operations it is for others to go on.
constexpr int most_operations = 64;

// A source, and what events are asked of it.
template <class Source>
struct watched
{
    Source source;
    urio::reactor::token token;
    interest asked;
};

class poller
{
public:
    explicit poller(const std::string& mode)
        : poll_({.selector = mode == "poll" ? selector_kind::poll : selector_kind::epoll})
    {
        poll_.registry().register_source(input_, input_token, interest::readable,
                                         trigger::level);
    }

    template <class Source>
    void add(watched<Source>& w)
    {
        poll_.registry().register_source(w.source, w.token, w.asked);
    }

    // The operation would have blocked: an event tells when it would not.
    template <class Source>
    void wait(watched<Source>& w, interest what)
    {
        if (std::exchange(w.asked, what) != what)
            poll_.registry().reregister(w.source, w.token, what);
    }

    // It has not come to where it would block: if it is ready there is an event again.
    template <class Source>
    void yield(watched<Source>& w)
    {
        poll_.registry().reregister(w.source, w.token, w.asked);
    }

    // Calls f(token) for each that is ready, until the end of the input.
    template <class F>
    void run(F f)
    {
        events ready(256);
        for (;;)
        {
            poll_.wait(ready);
            for (const event& e : ready)
            {
                if (e.token() == input_token)
                    return;
                f(e.token());
            }
        }
    }

private:
    urio::reactor::poll poll_;
    source_fd input_{0};
};

template <class Stream>
struct connection : watched<Stream>
{
    connection(std::size_t n, Stream s, interest what, std::size_t size)
        : watched<Stream>{std::move(s), token(first_connection + n), what}
        , number(n)
        , data(std::make_unique_for_overwrite<char[]>(size))
    {
    }

    std::size_t number;
    std::unique_ptr<char[]> data;
    std::size_t begin = 0; // of what is to be sent
    std::size_t end = 0;
};

template <class Listener, class Stream>
class stream_server
{
public:
    stream_server(const bench::server_options& o, int socket)
        : options_(o)
        , poller_(o.mode)
        , listener_{Listener::from_native(socket), socket_token, interest::readable}
    {
        poller_.add(listener_);
    }

    void run()
    {
        poller_.run(
            [this](token t)
            {
                if (t == socket_token)
                    accept();
                else
                    advance(*connections_.find(t.value - first_connection));
            });
    }

private:
    void accept()
    {
        for (;;)
        {
            error_code ec;
            auto [stream, peer] = listener_.source.accept(ec);
            if (!ec)
                start(std::move(stream));
            else if (ec == errc::operation_would_block)
                return;
            else
                bench::check_accept(ec.value());
        }
    }

    void start(Stream stream)
    {
        bench::set_up_connection(options_, stream.native_handle());
        auto& c = connections_.add(std::move(stream),
                                   source_ ? interest::writable : interest::readable,
                                   options_.buffer);
        if (source_)
        {
            std::memset(c.data.get(), 'x', options_.buffer);
            c.end = options_.buffer;
        }
        poller_.add(c);
    }

    void advance(connection<Stream>& c)
    {
        for (int i = 0; i != most_operations; ++i)
        {
            bool const sends = c.begin != c.end;
            error_code ec;
            std::size_t const n =
                sends
                    ? c.source.write(const_buffer(&c.data[c.begin], c.end - c.begin), ec)
                    : c.source.read(mutable_buffer(&c.data[0], options_.buffer), ec);
            if (ec == errc::operation_would_block)
                return poller_.wait(c, sends ? interest::writable : interest::readable);
            if (ec || n == 0)
                return connections_.remove(c.number);
            if (sends)
                sent(c, n);
            else
                received(c, n);
        }
        poller_.yield(c);
    }

    void received(connection<Stream>& c, std::size_t n)
    {
        c.begin = 0;
        c.end = sink_ ? 0 : n;
    }

    void sent(connection<Stream>& c, std::size_t n)
    {
        c.begin += n;
        if (source_ && c.begin == c.end)
            c.begin = 0;
    }

    const bench::server_options& options_;
    bool const sink_ = options_.work == "sink";
    bool const source_ = options_.work == "source";
    poller poller_;
    watched<Listener> listener_;
    bench::slots<connection<Stream>> connections_;
};

class udp_echo
{
public:
    udp_echo(const bench::server_options& o, int socket)
        : poller_(o.mode)
        , socket_{udp_socket::from_native(socket), socket_token, interest::readable}
        , data_(o.buffer)
    {
        poller_.add(socket_);
    }

    void run()
    {
        poller_.run([this](token) { advance(); });
    }

private:
    void advance()
    {
        for (int i = 0; i != most_operations; ++i)
        {
            error_code ec;
            bool const sends = received_.has_value();
            std::size_t n = 0;
            if (sends)
                socket_.source.send_to(const_buffer(data_.data(), *received_), peer_, ec);
            else
                std::tie(n, peer_) = socket_.source.recv_from(data_, ec);
            if (ec == errc::operation_would_block)
                return poller_.wait(socket_,
                                    sends ? interest::writable : interest::readable);
            // One that could not be sent is lost, as datagrams may be.
            received_ = sends || ec ? std::nullopt : std::optional(n);
        }
        poller_.yield(socket_);
    }

    poller poller_;
    watched<udp_socket> socket_;
    std::vector<char> data_;
    std::optional<std::size_t> received_; // bytes of what is to be sent back
    socket_address peer_;
};

} // namespace

int main(int argc, char** argv)
try
{
    bench::server_options const o =
        bench::start_server(argc, argv, {.modes = {"epoll", "poll"}});
    int const socket = bench::server_socket(o, SOCK_NONBLOCK);
    bench::print_port(o, socket);
    if (o.protocol == "udp")
        udp_echo(o, socket).run();
    else if (o.protocol == "unix")
        stream_server<unix_listener, unix_stream>(o, socket).run();
    else
        stream_server<tcp_listener, tcp_stream>(o, socket).run();
}
catch (const std::exception& e)
{
    std::cerr << argv[0] << ": " << e.what() << '\n';
    return 1;
}
