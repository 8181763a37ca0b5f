// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Closes connections on which nothing moves. One clock for all of them costs a request
// nothing; a timer for each operation costs more than the operation.
#pragma once

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <cstdint>

/// What a connection waits for, and so what counts as progress.
enum class waiting_for
{
    nothing, ///< the peer has no part in it: no limit
    request, ///< the first byte, or the peer to take what was sent; may be closed earlier
             ///< if there is no room for others
    head, ///< the whole of it within the limit, so that nobody sends a byte now and then
    body, ///< any bytes
    delivery, ///< any bytes that the peer has acknowledged
    farewell, ///< the peer to take what was sent, and to close
};

/// A connection. It leaves the watch when it is destroyed.
class watched : public boost::intrusive::list_base_hook<
                    boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
{
public:
    watched() = default;
    watched(const watched&) = delete;
    watched& operator=(const watched&) = delete;

    /// One period of the clock has passed. True if nothing has moved for `patience` whole
    /// periods, which it says after as many again at the latest: it looks as seldom.
    bool tick(unsigned patience)
    {
        if (what_ == waiting_for::nothing)
            return false;
        bool const may_move = what_ != waiting_for::head;
        if (++ticks_ == 1 && may_move)
            moved_ = moved();
        if (ticks_ <= patience)
            return false;
        std::uint64_t const before = moved_;
        if (may_move && (moved_ = moved()) != before)
        {
            ticks_ = 1;
            return false;
        }
        return true;
    }

    waiting_for waits_for() const { return what_; }

    /// Ends what it waits for, with an error.
    virtual void cut() = 0;

protected:
    ~watched() = default;

    void wait_for(waiting_for what)
    {
        what_ = what;
        ticks_ = 0;
    }

private:
    /// The bytes so far of what may move.
    virtual std::uint64_t moved() = 0;

    waiting_for what_ = waiting_for::nothing;
    unsigned ticks_ = 0;
    std::uint64_t moved_ = 0;
};

class connection_watch
{
public:
    /// `patience` is in periods of the clock.
    explicit connection_watch(unsigned patience) : patience_(patience) {}

    void add(watched& connection) { connections_.push_back(connection); }

    std::size_t size() const { return connections_.size(); }

    /// `crowded`: others wait for room, and who has not begun a request makes it.
    void tick(bool crowded)
    {
        for (auto it = connections_.begin(); it != connections_.end();)
        {
            watched& connection = *it++;
            bool const idle = connection.waits_for() == waiting_for::request;
            if (connection.tick(crowded && idle ? 1 : patience_))
                connection.cut();
        }
    }

private:
    boost::intrusive::list<watched, boost::intrusive::constant_time_size<false>>
        connections_;
    unsigned patience_;
};
