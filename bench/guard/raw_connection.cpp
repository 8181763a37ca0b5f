// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "raw.hpp"

namespace bench
{
namespace
{

class connections
{
public:
    connections(raw_ring& ring, std::uint64_t count)
        : ring_(ring)
        , acceptor_(bound_socket(SOCK_STREAM))
        , address_(acceptor_.get())
        , left_(count)
    {
    }

    void next()
    {
        if (left_ == 0)
            return;
        pending_ = 2;
        ::io_uring_sqe* sqe = ring_.entry();
        ::io_uring_prep_accept(sqe, acceptor_.get(), nullptr, nullptr, SOCK_CLOEXEC);
        ::io_uring_sqe_set_data(sqe, &server_);

        client_ = descriptor(
            checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
        // It is reset when it is closed: the port is free at once.
        ::linger const reset{1, 0};
        checked(::setsockopt(client_.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset),
                "setsockopt");
        sqe = ring_.entry();
        ::io_uring_prep_connect(sqe, client_.get(), address_.get(), address_.size());
        ::io_uring_sqe_set_data(sqe, &client_);
    }

    // The accept or the connect has ended, as the data says.
    void go_on(void* data, int result)
    {
        completed(result, data == &server_ ? "accept" : "connect");
        if (data == &server_)
            server_ = descriptor(result);
        if (--pending_ != 0)
            return;
        client_.close();
        server_.close();
        --left_;
        next();
    }

    bool complete() const { return left_ == 0; }

private:
    raw_ring& ring_;
    descriptor acceptor_;
    loopback address_;
    descriptor client_;
    descriptor server_;
    std::uint64_t left_;
    unsigned pending_ = 0;
};

} // namespace

findings raw_connection(const request& r)
{
    raw_ring ring(raw_work(r));
    connections all(ring, r.operations);
    all.next();
    ring.run([&](void* data, int result) { all.go_on(data, result); });
    if (!all.complete())
        throw std::runtime_error("connections are missing");
    return {};
}

} // namespace bench
