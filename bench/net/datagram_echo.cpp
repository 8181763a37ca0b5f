// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "datagram_echo.hpp"

#include "measured.hpp"
#include "peer.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <sys/socket.h>

namespace bench
{
namespace
{

// A datagram that has not come back for so long is lost: its queue was full.
constexpr auto patience = std::chrono::milliseconds(50);

class datagram_peer
{
public:
    explicit datagram_peer(descriptor socket) : socket_(std::move(socket)) {}

    int get() const { return socket_.get(); }

    void send(const content& what, std::vector<char>& buffer, load_clock::time_point now)
    {
        std::memcpy(buffer.data(), what.at(number_), buffer.size());
        std::memcpy(buffer.data(), &number_, sizeof number_);
        ::ssize_t const n = ::send(get(), buffer.data(), buffer.size(), MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN && errno != ENOBUFS)
            fail("send");
        sent_ = now;
    }

    // Whether the answer has come.
    bool receive(std::vector<char>& buffer, const content* verify)
    {
        for (;;)
        {
            ::ssize_t const n = ::recv(get(), buffer.data(), buffer.size(), MSG_TRUNC);
            if (n < 0 && errno == EAGAIN)
                return false;
            if (n < 0)
                fail("recv");
            if (static_cast<std::size_t>(n) != buffer.size())
                throw std::runtime_error("a datagram came back in another size");
            std::uint64_t number;
            std::memcpy(&number, buffer.data(), sizeof number);
            if (number != number_)
                continue; // not lost but late: it has been sent again
            if (verify)
                verify->check(buffer.data() + sizeof number,
                              buffer.size() - sizeof number, number + sizeof number);
            ++number_;
            return true;
        }
    }

    bool overdue(load_clock::time_point now) const { return now - sent_ > patience; }

private:
    descriptor socket_;
    std::uint64_t number_ = 0;
    load_clock::time_point sent_;
};

} // namespace

outcome datagram_echo(server_process& server, const load_options& options)
{
    if (options.size < sizeof(std::uint64_t))
        throw std::invalid_argument("a datagram has at least 8 bytes here");
    content const what(options.size);
    std::vector<char> buffer(options.size);
    std::vector<datagram_peer> peers;
    poller ready;
    for (unsigned i = 0; i != options.connections; ++i)
    {
        peers.emplace_back(connect_to(server, options));
        ready.add(peers.back().get(), i);
    }
    auto now = load_clock::now();
    for (datagram_peer& p : peers)
        p.send(what, buffer, now);

    std::uint64_t lost = 0;
    auto looked = now;
    auto const run = [&](limit& l)
    {
        lost = 0; // in the warm-up
        while (!l.reached())
        {
            now = load_clock::now();
            ready.wait(20,
                       [&](std::uint32_t index, std::uint32_t)
                       {
                           datagram_peer& p = peers[index];
                           if (p.receive(buffer, options.verify ? &what : nullptr))
                           {
                               l.count();
                               p.send(what, buffer, now);
                           }
                       });
            if (now - looked < patience)
                continue;
            looked = now;
            for (datagram_peer& p : peers)
                if (p.overdue(now))
                {
                    ++lost;
                    p.send(what, buffer, now);
                }
        }
    };
    outcome result = measured(server, options, options.connections, run);
    result.lost = lost;
    return result;
}

} // namespace bench
