// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What is known about the sockets of a program while it runs: which are connected, what
// is on its way between them, what is pending on them.
#pragma once

#include <boost/asio/cancellation_signal.hpp>

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/ioctl.h>
#include <utility>

namespace test::programs
{

struct connection;

/// An open socket, whichever object holds it.
struct identity
{
    unsigned number;
    int descriptor;
    /// Something is on its way to it: what is done to it now would race with that.
    bool moving = false;
    bool sending = false; // that is all that moves
    /// Whether a (further) connect() has a result that is comparable, see sockets.hpp.
    bool can_connect = true;
    bool refused = false;
    bool asynchronous = false; // an operation has been started on it
    bool listening = false;
    // An operation has reported the end, or an error, to a receiver or to a sender.
    bool receive_has_failed = false, send_has_failed = false;
    bool shut_send = false, shut_receive = false;
    std::size_t position = 0; // in the stream of what it sends
    std::shared_ptr<connection> link;
    unsigned side = 0;
    std::deque<std::shared_ptr<connection>> queue; // of an acceptor
};

/// An object of a program.
template <class Object>
struct holder
{
    std::unique_ptr<Object> object;
    std::shared_ptr<identity> id; // while it is open
    bool reserved = false;        // an operation is about to open it
    bool was_reserved = false;    // when everything was at rest, or since
};

/// Two sockets; the second is there once it has been accepted.
struct connection
{
    std::array<identity*, 2> end{};
    std::array<bool, 2> closed{};
    std::array<std::size_t, 2> sent{};     // by each end
    std::array<std::size_t, 2> consumed{}; // of that, by the other
    std::array<std::size_t, 2> in_parts{}; // consumed by an operation that goes on
};

inline identity* peer_of(const identity& i)
{
    return i.link ? i.link->end[1 - i.side] : nullptr;
}

inline short poll_now(int descriptor, short events)
{
    ::pollfd p{descriptor, events, 0};
    ::poll(&p, 1, 0);
    return p.revents;
}

inline bool is_readable(int descriptor)
{
    return poll_now(descriptor, POLLIN | POLLRDHUP) != 0;
}

inline std::size_t readable_bytes(int descriptor)
{
    int n = 0;
    ::ioctl(descriptor, FIONREAD, &n);
    return static_cast<std::size_t>(n);
}

/// Whether what has been sent and ended in one direction is where it can be seen. The
/// loopback device delivers inside the sender's system calls, but for what it leaves to
/// a kernel thread under load.
inline bool has_arrived(const connection& c, unsigned from)
{
    const identity* const sender = c.end[from];
    const identity* const receiver = c.end[1 - from];
    if (c.closed[1 - from])
    {
        // Nobody takes it: a reset comes back.
        return !sender || c.sent[from] == c.consumed[from] ||
               (poll_now(sender->descriptor, POLLRDHUP) & (POLLHUP | POLLERR)) != 0;
    }
    if (!receiver)
        return true;
    short const state = poll_now(receiver->descriptor, POLLRDHUP);
    if ((state & (POLLHUP | POLLERR)) != 0)
        return true;
    if (c.closed[from] || (sender && sender->shut_send))
        return (state & POLLRDHUP) != 0;
    return readable_bytes(receiver->descriptor) ==
           c.sent[from] - c.consumed[from] - c.in_parts[from];
}

/// An asynchronous operation, from its start to its handler.
struct operation
{
    unsigned number; // the step's
    std::string lane;
    const char* what;
    short events;        // of poll(2): with one of them it must complete
    bool doomed = false; // it has been cancelled
    bool done = false;
    bool moved = false; // to another object than the one that it was started from
    std::weak_ptr<identity> owner;
    const void* object = nullptr; // which it will use again
    std::string buffer;
    boost::asio::cancellation_signal signal;

    bool must_complete() const
    {
        if (doomed)
            return true;
        auto const o = owner.lock();
        return !o || poll_now(o->descriptor, events) != 0;
    }
};

/// Counts the handlers that exist, which are neither invoked nor destroyed yet.
class handler_token
{
public:
    explicit handler_token(std::size_t& alive) : alive_(&alive) { ++*alive_; }
    handler_token(handler_token&& other) noexcept
        : alive_(std::exchange(other.alive_, nullptr))
    {
    }
    handler_token& operator=(handler_token&&) = delete;
    ~handler_token()
    {
        if (alive_)
            --*alive_;
    }

private:
    std::size_t* alive_;
};

} // namespace test::programs
