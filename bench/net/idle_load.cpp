// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "measured.hpp"
#include "stream_peer.hpp"

#include <poll.h>
#include <stdexcept>

namespace bench
{
namespace
{

// A message to and fro: the server has the connection then, and waits on it.
stream_peer greeted(const server_process& server, const load_options& options,
                    const content& what, std::vector<char>& buffer)
{
    stream_peer p(connect_to(server, options), options.size);
    p.request();
    p.send(what);
    ::pollfd wait{p.get(), POLLIN, 0};
    do
        if (::poll(&wait, 1, 10000) <= 0)
            throw std::runtime_error("the server does not answer");
    while (!p.receive(buffer, &what));
    return p;
}

} // namespace

outcome idle(server_process& server, const load_options& options)
{
    content const what(options.size);
    std::vector<char> buffer(65536);
    std::vector<stream_peer> peers;
    // What the first ones take is the server's own.
    for (int i = 0; i != 8; ++i)
        peers.push_back(greeted(server, options, what, buffer));
    double const before = server.resident();
    usage const used = server.used();
    auto const begin = load_clock::now();
    for (unsigned i = 0; i != options.connections; ++i)
        peers.push_back(greeted(server, options, what, buffer));
    outcome result;
    result.seconds = std::chrono::duration<double>(load_clock::now() - begin).count();
    result.used = server.used() - used;
    result.operations = options.connections;
    result.bytes = options.connections * options.size;
    result.resident_per_connection = (server.resident() - before) / options.connections;
    return result;
}

} // namespace bench
