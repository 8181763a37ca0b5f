// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The reactor: a server that greets whoever connects, and returns what they send, after
// mio's own example. It ends after a number of connections (2; -1 for never). If it is
// not told a port, it plays the clients, too.
//
//   reactor_echo [connections] [port]
#include <urio/reactor.hpp>

#include <boost/system/system_error.hpp>

#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <thread>

namespace reactor = urio::reactor;

using boost::system::error_code;
using reactor::interest;
using reactor::tcp_listener;
using reactor::tcp_stream;
using reactor::token;
namespace errc = boost::system::errc;

constexpr token server_token(0);
constexpr std::string_view greeting = "Hello world!\n";

struct connection
{
    tcp_stream stream;
    std::string to_send{greeting};

    /// Sends and receives what it can. Returns whether the connection has ended.
    bool advance()
    {
        error_code ec;
        char data[4096];
        for (;;)
        {
            while (!to_send.empty() && !ec)
                to_send.erase(0, stream.write(to_send, ec));
            if (ec)
                break; // the next event says that more can be sent
            std::size_t const n = stream.read(data, ec);
            if (ec)
                break; // the next event says that there is more
            if (n == 0)
                return true;
            to_send.assign(data, n);
        }
        return ec != errc::operation_would_block;
    }
};

class server
{
public:
    server(std::uint16_t port, int limit)
        : left_(limit)
        , listener_(tcp_listener::bind(reactor::socket_address::v4({127, 0, 0, 1}, port)))
    {
        poll_.registry().register_source(listener_, server_token, interest::readable);
    }

    reactor::socket_address address() const { return listener_.local_address(); }

    void run()
    {
        reactor::events events(128);
        while (left_ != 0 || !connections_.empty())
        {
            error_code ec;
            poll_.wait(events, std::nullopt, ec);
            if (ec && ec != errc::interrupted)
                throw boost::system::system_error(ec);
            for (auto const& event : events)
            {
                if (event.token() == server_token)
                    accept();
                else if (auto const c = connections_.find(event.token());
                         c != connections_.end() && c->second.advance())
                    connections_.erase(c); // which deregisters and closes it
            }
        }
    }

private:
    void accept()
    {
        // Until it would block: before that, no further event is promised.
        while (left_ != 0)
        {
            error_code ec;
            auto [stream, peer] = listener_.accept(ec);
            if (ec == errc::operation_would_block)
                return;
            if (ec)
                throw boost::system::system_error(ec, "accept");
            std::cout << "accepted a connection" << std::endl;
            --left_;
            token const t(++last_);
            auto& c =
                connections_.emplace(t, connection{std::move(stream)}).first->second;
            poll_.registry().register_source(c.stream, t,
                                             interest::readable | interest::writable);
        }
    }

    int left_; // negative: no limit
    std::size_t last_ = server_token.value;
    reactor::poll poll_;
    tcp_listener listener_;
    std::map<token, connection> connections_;
};

/// Waits for the event that an operation lacks, and tries it again.
template <class F>
std::size_t eventually(reactor::poll& poll, F operation)
{
    for (reactor::events events(1);;)
    {
        error_code ec;
        std::size_t const n = operation(ec);
        if (!ec)
            return n;
        if (ec != errc::operation_would_block)
            throw boost::system::system_error(ec);
        poll.wait(events);
    }
}

void be_a_client(const reactor::socket_address& address)
{
    reactor::poll poll;
    auto stream = tcp_stream::connect(address);
    poll.registry().register_source(stream, token(1),
                                    interest::readable | interest::writable);
    std::string const text = "Hello, reactor!\n";
    std::string received;
    std::size_t sent = 0;
    while (received.size() < greeting.size() + text.size())
    {
        char data[64];
        std::size_t const n =
            eventually(poll, [&](error_code& ec) { return stream.read(data, ec); });
        if (n == 0)
            throw std::runtime_error("the server has closed");
        received.append(data, n);
        if (sent == 0 && received.size() >= greeting.size())
            sent =
                eventually(poll, [&](error_code& ec) { return stream.write(text, ec); });
    }
    std::cout << "a client got: " << received << std::flush;
}

int main(int argc, char** argv)
{
    try
    {
        int const connections = argc > 1 ? std::atoi(argv[1]) : 2;
        bool const alone = argc > 2;
        server s(static_cast<std::uint16_t>(alone ? std::atoi(argv[2]) : 0), connections);
        std::cout << "listening on " << s.address() << std::endl;
        std::jthread const clients(
            [&, address = s.address()]
            {
                for (int i = 0; i < connections && !alone; ++i)
                    be_a_client(address);
            });
        s.run();
    }
    catch (const std::exception& e)
    {
        std::cerr << "Error: " << e.what() << '\n';
        return 1;
    }
}
