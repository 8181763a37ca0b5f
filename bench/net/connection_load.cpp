// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "measured.hpp"
#include "stream_peer.hpp"

#include <optional>

namespace bench
{
namespace
{

// The end of a TCP connection is a reset: an orderly one would keep its port for a
// minute, and there are some 28,000.
descriptor fresh_connection(const server_process& server, const load_options& options)
{
    descriptor fd = connect_to(server, options, false);
    ::linger const reset{1, 0};
    if (options.over == protocol::tcp &&
        ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset) != 0)
        fail("SO_LINGER");
    return fd;
}

} // namespace

outcome connections(server_process& server, const load_options& options)
{
    content const what(options.size);
    std::vector<std::optional<stream_peer>> peers(options.connections);
    std::vector<char> buffer(65536);
    poller ready;
    auto const begin = [&](std::uint32_t index)
    {
        std::optional<stream_peer>& p = peers[index];
        p.reset(); // the old one is closed before the new one is made
        p.emplace(fresh_connection(server, options), options.size);
        p->request();
        ready.add(p->get(), index);
    };
    for (std::uint32_t i = 0; i != options.connections; ++i)
        begin(i);

    auto const advance = [&](limit& l, std::uint32_t index, std::uint32_t events)
    {
        stream_peer& p = *peers[index];
        if (events & EPOLLOUT)
            p.send(what);
        if (!(events & EPOLLIN) || !p.receive(buffer, options.verify ? &what : nullptr))
            return;
        l.count();
        begin(index);
    };
    return measured(server, options, options.connections,
                    [&](limit& l)
                    {
                        while (!l.reached())
                            ready.wait(100, [&](std::uint32_t index, std::uint32_t events)
                                       { advance(l, index, events); });
                    });
}

} // namespace bench
