// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The part of the interpreter of random programs that is common to all kinds of sockets:
// it starts operations, keeps their results, and waits until all is at rest.
#pragma once

#include "journal.hpp"
#include "program.hpp"
#include "state.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace test::programs
{

template <class Network>
class tracker
{
public:
    using error_code = boost::system::error_code;

    explicit tracker(typename Network::context& c) : context_(c) {}

    typename Network::context& context() { return context_; }
    journal& log() { return journal_; }
    std::size_t handlers_alive() const { return alive_; }

    std::shared_ptr<identity> opened(int descriptor)
    {
        auto i = std::make_shared<identity>();
        i->number = ++identities_;
        i->descriptor = descriptor;
        known_.push_back(i);
        return i;
    }

    std::shared_ptr<connection> connect(identity& client)
    {
        auto c = std::make_shared<connection>();
        c->end[0] = &client;
        client.link = c;
        client.side = 0;
        connections_.push_back(c);
        return c;
    }

    void accepted(identity& server, const std::shared_ptr<connection>& c)
    {
        c->end[1] = &server;
        server.link = c;
        server.side = 1;
    }

    /// The socket is about to be closed, or to be given away with what it has pending.
    void doom(const std::shared_ptr<identity>& i)
    {
        for (auto& op : pending_)
            if (op->owner.lock() == i)
                op->doomed = true;
    }

    void closed(const std::shared_ptr<identity>& i)
    {
        doom(i);
        moves(*i);
        for (auto& c : i->queue)
        {
            c->closed[1] = true;
        }
        if (i->link)
        {
            i->link->closed[i->side] = true;
            i->link->end[i->side] = nullptr;
        }
    }

    /// Another object has the socket now.
    void moved(const std::shared_ptr<identity>& i)
    {
        for (auto& op : pending_)
            if (op->owner.lock() == i)
                op->moved = true;
    }

    void moves(identity& i)
    {
        i.moving = true;
        if (identity* const peer = peer_of(i))
            peer->moving = true;
        for (auto& c : i.queue)
            if (c->end[0])
                c->end[0]->moving = true;
    }

    // When the handler of a cancelled operation runs depends on more than the program, so
    // that these look at the others only.

    std::vector<std::shared_ptr<operation>>
    pending_on(const std::shared_ptr<identity>& i) const
    {
        std::vector<std::shared_ptr<operation>> result;
        for (auto& op : pending_)
            if (op->owner.lock() == i && !op->doomed)
                result.push_back(op);
        return result;
    }

    std::ptrdiff_t count_pending(const identity* i, short events) const
    {
        return std::count_if(pending_.begin(), pending_.end(),
                             [&](auto& op)
                             {
                                 return i && op->owner.lock().get() == i && !op->doomed &&
                                        op->events & events;
                             });
    }

    bool has_pending(const identity* i, short events) const
    {
        return count_pending(i, events) != 0;
    }

    bool is_waiting(const std::shared_ptr<identity>& i, short events) const
    {
        auto const all = pending_on(i);
        return std::any_of(
            all.begin(), all.end(), [&](auto& op)
            { return op->what == name(action::wait) && op->events & events; });
    }

    /// Whether an operation in parts is going to use the object again.
    bool is_referred_to(const void* object)
    {
        auto const refers = [&]
        {
            return std::any_of(pending_.begin(), pending_.end(),
                               [&](auto& op) { return op->object == object; });
        };
        if (refers())
            settle();
        return refers();
    }

    /// An operation that is about to be started.
    std::shared_ptr<operation> start(const step& s, const std::shared_ptr<identity>& i,
                                     const char* direction, short events,
                                     std::size_t bytes = 0)
    {
        auto op = std::make_shared<operation>();
        op->number = s.number;
        op->what = name(s.what);
        // What completes without being started has no order.
        op->lane = i && *direction ? "socket " + std::to_string(i->number) + direction
                                   : "operation " + std::to_string(s.number);
        op->events = events;
        op->doomed = !i;
        op->owner = i;
        if (i)
            i->asynchronous = true;
        op->buffer.resize(bytes);
        pending_.push_back(op);
        return op;
    }

    /// A handler for any operation but those that pass a socket. `after` is called with
    /// the number of bytes of a success.
    template <class After>
    auto handler(std::shared_ptr<operation> op, After after)
    {
        auto const slot = op->signal.slot();
        return boost::asio::bind_cancellation_slot(
            slot,
            [this, op = std::move(op), after = std::move(after),
             token = handler_token(alive_)](error_code ec, std::size_t n = 0) mutable
            {
                finish(*op, ec, n);
                after(ec, n);
            });
    }

    void finish(operation& op, const error_code& ec, std::size_t n)
    {
        journal_.note(op.lane, op.number, ' ', op.what, ": ", show(ec), ", ", n,
                      " bytes, checksum ",
                      checksum(std::string_view(op.buffer).substr(0, n)),
                      op.done ? ", for the second time" : "");
        op.done = true;
        std::erase_if(pending_, [&](auto& other) { return other.get() == &op; });
    }

    std::size_t& alive() { return alive_; }

    /// Let everything take effect that can. (The limit is not meant to be reached.)
    void settle()
    {
        auto const limit = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (!stuck_)
        {
            if (Network::turn(context_) != 0)
                continue;
            std::string const unrest = what_is_missing();
            if (unrest.empty())
                break;
            if (std::chrono::steady_clock::now() > limit)
            {
                journal_.note("stuck", unrest);
                stuck_ = true;
            }
            std::this_thread::yield();
        }
        for (auto& k : known_)
            if (auto const i = k.lock())
                i->moving = i->sending = false;
        journal_.rest();
    }

    /// Something has not happened that had to: there is no point in going on.
    bool is_stuck() const { return stuck_; }

    /// Settle if this step would race with another.
    void settle_before(const std::shared_ptr<identity>& i)
    {
        if (i && (i->moving || std::any_of(i->queue.begin(), i->queue.end(), [](auto& c)
                                           { return c->end[0] && c->end[0]->moving; })))
            settle();
    }

private:
    std::string what_is_missing() const
    {
        for (auto& op : pending_)
            if (op->must_complete())
                return std::to_string(op->number) + ' ' + op->what + " does not complete";
        for (auto& c : connections_)
            if (!has_arrived(*c, 0) || !has_arrived(*c, 1))
                return "data or an end does not arrive";
        return {};
    }

    typename Network::context& context_;
    journal journal_;
    std::size_t alive_ = 0;
    bool stuck_ = false;
    unsigned identities_ = 0;
    std::vector<std::weak_ptr<identity>> known_;
    std::vector<std::shared_ptr<operation>> pending_;
    std::vector<std::shared_ptr<connection>> connections_;
};

} // namespace test::programs
