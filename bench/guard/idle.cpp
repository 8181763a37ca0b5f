// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "allocations.hpp"
#include "context.hpp"
#include "loops.hpp"

#include <cerrno>
#include <memory>
#include <sys/resource.h>
#include <system_error>
#include <vector>

namespace bench
{
namespace
{

using net::ip::tcp;

void allow_descriptors(std::uint64_t n)
{
    ::rlimit limit;
    ::getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= n)
        return;
    if (limit.rlim_max < n)
        cannot_run("the limit on open files is too low");
    limit.rlim_cur = n;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
        throw std::system_error(errno, std::generic_category(), "setrlimit");
}

} // namespace

findings idle(const request& r)
{
    // Two ends of each, and some more.
    allow_descriptors(2 * r.operations + 64);
    context c(r);
    tcp::acceptor acceptor(c, {net::ip::address_v4::loopback(), 0});
    tcp::endpoint const address = acceptor.local_endpoint();

    // What is the user's is there before the count begins.
    std::vector<int> peers;
    std::vector<tcp::socket> sockets;
    peers.reserve(r.operations);
    sockets.reserve(r.operations);
    std::vector<char> data(r.operations);
    std::uint64_t ended = 0;

    std::int64_t const before = live_bytes();
    for (std::uint64_t i = 0; i != r.operations; ++i)
    {
        int const peer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (peer < 0 || ::connect(peer, address.data(),
                                  static_cast<::socklen_t>(address.size())) != 0)
            throw std::system_error(errno, std::generic_category(), "connect");
        peers.push_back(peer);
        sockets.push_back(acceptor.accept());
        sockets.back().async_read_some(net::buffer(&data[i], 1),
                                       [&ended](error_code ec, std::size_t)
                                       { ended += ec == net::error::eof; });
    }
    c.poll();
    std::int64_t const kept = live_bytes() - before;

    for (int const peer : peers)
        ::close(peer);
    c.restart();
    c.run();
    if (ended != r.operations)
        throw std::runtime_error("connections have not ended");
    return {{"live_bytes", static_cast<std::uint64_t>(kept)},
            {"socket_bytes", sizeof(tcp::socket)}};
}

} // namespace bench
