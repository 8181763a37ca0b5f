// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "measured.hpp"
#include "peer.hpp"

#include <cerrno>
#include <stdexcept>
#include <sys/socket.h>

namespace bench
{
namespace
{

// Connections whose bytes are counted: each `size` of them is an operation.
class streams
{
public:
    streams(const server_process& server, const load_options& options)
        : size_(options.size)
    {
        for (unsigned i = 0; i != options.connections; ++i)
        {
            sockets_.push_back(connect_to(server, options));
            ready_.add(sockets_.back().get(), i);
        }
    }

    // transfer(socket) moves some bytes: their number, or -1 with errno.
    template <class Transfer>
    void run(limit& l, Transfer transfer)
    {
        while (!l.reached())
        {
            // Those that are ready stay so until a transfer would block.
            std::vector<bool> waiting(sockets_.size());
            std::size_t left = sockets_.size();
            while (left && !l.reached())
                for (std::size_t i = 0; i != sockets_.size(); ++i)
                    if (!waiting[i] && !move(l, sockets_[i].get(), transfer))
                    {
                        waiting[i] = true;
                        --left;
                    }
            if (!left)
                ready_.wait(100, [](std::uint32_t, std::uint32_t) {});
        }
    }

private:
    template <class Transfer>
    bool move(limit& l, int socket, Transfer transfer)
    {
        ::ssize_t const n = transfer(socket);
        if (n < 0 && errno == EAGAIN)
            return false;
        if (n < 0)
            fail("transfer");
        if (n == 0)
            throw std::runtime_error("the server has closed a connection");
        for (pending_ += static_cast<std::uint64_t>(n); pending_ >= size_;
             pending_ -= size_)
            l.count();
        return true;
    }

    std::size_t size_;
    std::vector<descriptor> sockets_;
    poller ready_;
    std::uint64_t pending_ = 0;
};

} // namespace

outcome upload(server_process& server, const load_options& options)
{
    content const what(options.size);
    streams all(server, options);
    return measured(
        server, options, options.connections,
        [&](limit& l)
        {
            all.run(l, [&](int socket)
                    { return ::send(socket, what.at(0), options.size, MSG_NOSIGNAL); });
        });
}

outcome download(server_process& server, const load_options& options)
{
    std::vector<char> buffer(options.size);
    // The bytes of TCP can be thrown away without a copy: the server is what is measured.
    int const flags = options.over == protocol::tcp ? MSG_TRUNC : 0;
    streams all(server, options);
    return measured(
        server, options, options.connections,
        [&](limit& l)
        {
            all.run(l, [&](int socket)
                    { return ::recv(socket, buffer.data(), buffer.size(), flags); });
        });
}

} // namespace bench
