// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "datagram_echo.hpp"
#include "measured.hpp"
#include "stream_peer.hpp"

#include <algorithm>

namespace bench
{

outcome echo(server_process& server, const load_options& options)
{
    if (options.over == protocol::udp)
        return datagram_echo(server, options);

    content const what(options.size * options.window);
    std::vector<stream_peer> peers;
    poller ready;
    for (unsigned i = 0; i != options.connections; ++i)
    {
        peers.emplace_back(connect_to(server, options), options.size);
        ready.add(peers.back().get(), i);
    }
    for (stream_peer& p : peers)
    {
        for (unsigned i = 0; i != options.window; ++i)
            p.request();
        p.send(what);
    }

    std::vector<char> buffer(std::max<std::size_t>(options.size * options.window, 65536));
    auto const advance = [&](limit& l, stream_peer& p)
    {
        for (unsigned n = p.receive(buffer, options.verify ? &what : nullptr); n; --n)
        {
            l.count();
            p.request();
        }
        p.send(what);
    };
    return measured(server, options, options.connections,
                    [&](limit& l)
                    {
                        while (!l.reached())
                            ready.wait(100, [&](std::uint32_t index, std::uint32_t)
                                       { advance(l, peers[index]); });
                    });
}

} // namespace bench
