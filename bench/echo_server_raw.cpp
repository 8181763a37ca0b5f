// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The same echo server written directly on liburing: single-shot operations, one
// submit-and-wait per turn, the flags of urio's shared mode. The measure of what
// a library on top of io_uring can reach.

#include <liburing.h>

#include <arpa/inet.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace
{

enum class step : std::uint8_t
{
    accept,
    receive,
    send,
    stop,
};

struct connection
{
    step next;
    int fd;
    unsigned size;
    char data[4096];
};

io_uring ring;
std::uint64_t enters;

io_uring_sqe* entry()
{
    io_uring_sqe* sqe = io_uring_get_sqe(&ring);
    while (!sqe)
    {
        io_uring_submit(&ring);
        ++enters;
        sqe = io_uring_get_sqe(&ring);
    }
    return sqe;
}

void receive(connection* c)
{
    io_uring_sqe* sqe = entry();
    c->next = step::receive;
    io_uring_prep_recv(sqe, c->fd, c->data, sizeof c->data, 0);
    io_uring_sqe_set_data(sqe, c);
}

void send(connection* c)
{
    io_uring_sqe* sqe = entry();
    c->next = step::send;
    io_uring_prep_send(sqe, c->fd, c->data, c->size, MSG_NOSIGNAL);
    io_uring_sqe_set_data(sqe, c);
}

void accept(connection* listener)
{
    io_uring_sqe* sqe = entry();
    io_uring_prep_accept(sqe, listener->fd, nullptr, nullptr, 0);
    io_uring_sqe_set_data(sqe, listener);
}

} // namespace

int main()
{
    io_uring_params params{};
    params.flags = IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL |
                   IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
    params.cq_entries = 1024;
    if (io_uring_queue_init_params(256, &ring, &params) < 0)
        return 1;

    connection listener{step::accept, ::socket(AF_INET, SOCK_STREAM, 0), 0, {}};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(listener.fd, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::listen(listener.fd, 4096) != 0 ||
        ::getsockname(listener.fd, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        return 1;
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    accept(&listener);

    connection stop{step::stop, 0, 0, {}};
    io_uring_sqe* sqe = entry();
    io_uring_prep_poll_add(sqe, 0, POLLIN | POLLHUP);
    io_uring_sqe_set_data(sqe, &stop);

    for (;;)
    {
        ++enters;
        io_uring_submit_and_wait(&ring, 1);
        io_uring_cqe* cqe;
        unsigned head, n = 0;
        io_uring_for_each_cqe(&ring, head, cqe)
        {
            ++n;
            auto* c = static_cast<connection*>(io_uring_cqe_get_data(cqe));
            int const result = cqe->res;
            switch (c->next)
            {
            case step::stop:
                std::printf("%llu\n", static_cast<unsigned long long>(enters));
                return 0;
            case step::accept:
                if (result >= 0)
                {
                    int const on = 1;
                    ::setsockopt(result, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                    auto* fresh =
                        static_cast<connection*>(std::malloc(sizeof(connection)));
                    fresh->fd = result;
                    receive(fresh);
                }
                accept(c);
                break;
            case step::receive:
                if (result <= 0)
                {
                    ::close(c->fd);
                    std::free(c);
                    break;
                }
                c->size = static_cast<unsigned>(result);
                send(c);
                break;
            case step::send:
                receive(c);
                break;
            }
        }
        io_uring_cq_advance(&ring, n);
    }
}
