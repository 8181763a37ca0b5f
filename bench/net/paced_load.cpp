// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "measured.hpp"
#include "stream_peer.hpp"

#include <algorithm>
#include <deque>
#include <stdexcept>

namespace bench
{
namespace
{

struct paced_peer
{
    stream_peer stream;
    std::deque<load_clock::time_point> due{}; // of the messages that are on their way
};

} // namespace

// The next message is sent when it is due, whether or not the server keeps up: waiting
// for it would leave out the very messages that are late (coordinated omission).
outcome paced_echo(server_process& server, const load_options& options)
{
    if (!(options.rate > 0) || !(options.seconds > 0))
        throw std::invalid_argument("a paced load needs --rate and --seconds");
    std::vector<paced_peer> peers;
    poller ready;
    for (unsigned i = 0; i != options.connections; ++i)
    {
        peers.push_back({stream_peer(connect_to(server, options), options.size)});
        ready.add(peers.back().stream.get(), i);
    }

    // The first tenth is for warming up.
    auto const all = static_cast<std::uint64_t>(options.rate * options.seconds);
    std::uint64_t const warm_up = all / 10;
    std::chrono::duration<double> const period(1 / options.rate);
    content const what(std::max<std::size_t>(options.size * 1024, 65536));
    std::vector<char> buffer(65536);
    outcome result;
    result.latencies_us.reserve(all - warm_up);
    usage before;
    std::uint64_t sent = 0, answered = 0;
    auto const begin = load_clock::now();
    auto const due = [&](std::uint64_t n)
    {
        return begin + std::chrono::duration_cast<load_clock::duration>(
                           period * static_cast<double>(n));
    };
    // After the server's figures have been read, which takes this thread's time.
    auto measured_from = load_clock::time_point::max();
    auto counted_from = begin;
    auto last_answer = begin;
    while (answered != all)
    {
        auto now = load_clock::now();
        for (; sent != all && due(sent) <= now; ++sent)
        {
            if (sent == warm_up)
            {
                before = server.used();
                counted_from = load_clock::now();
                measured_from = counted_from + std::chrono::milliseconds(2);
            }
            paced_peer& p = peers[sent % peers.size()];
            p.due.push_back(due(sent));
            p.stream.request();
            p.stream.send(what);
        }
        // Without a wait: this thread has a processor of its own, and is to be on time.
        ready.wait(0,
                   [&](std::uint32_t index, std::uint32_t)
                   {
                       paced_peer& p = peers[index];
                       unsigned n =
                           p.stream.receive(buffer, options.verify ? &what : nullptr);
                       now = last_answer = load_clock::now();
                       for (; n; --n)
                       {
                           std::chrono::duration<double, std::micro> const latency =
                               now - p.due.front();
                           if (p.due.front() >= measured_from)
                               result.latencies_us.push_back(latency.count());
                           p.due.pop_front();
                           ++answered;
                       }
                       p.stream.send(what);
                   });
        if (now - last_answer > std::chrono::seconds(10))
            throw std::runtime_error("the server does not answer any more");
    }
    std::chrono::duration<double> const elapsed = load_clock::now() - counted_from;
    result.used = server.used() - before;
    result.operations = all - warm_up;
    result.bytes = result.operations * options.size;
    result.seconds = elapsed.count();
    return result;
}

} // namespace bench
