// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Who of a reactor_service waits for which token, and which events nobody has taken yet.
// It only decides: it takes no lock, makes no system call, and completes nothing.
#pragma once

#include "../../reactor/selector.hpp"

#include <urio/detail/service/reactor_wait.hpp>

#include <cstddef>
#include <unordered_map>
#include <utility>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Waits, in the order in which they began.
class waiter_list
{
public:
    bool empty() const noexcept { return first_ == nullptr; }
    reactor_waiter* first() const noexcept { return first_; }
    void push_back(reactor_waiter& w) noexcept;
    void erase(reactor_waiter& w) noexcept;
    reactor_waiter* find(std::uint64_t name) const noexcept;

private:
    reactor_waiter* first_ = nullptr;
    reactor_waiter* last_ = nullptr;
};

class event_board
{
public:
    using entry = reactor::detail::access::entry;
    using completed = op_queue<scheduler_operation>;
    using error_code = boost::system::error_code;

    event_board() = default;
    event_board(const event_board&) = delete;
    event_board& operator=(const event_board&) = delete;

    /// A registration with the token. May throw std::bad_alloc.
    void add(reactor::token t);
    /// One less.
    void remove(reactor::token t, completed& done) noexcept;

    /// Whether the wait is complete as it begins, by what was kept or by an error.
    bool try_complete(reactor_wait_op& op) noexcept;
    bool try_complete(reactor_poll_op& op) noexcept;

    /// Else it is to wait.
    void enqueue(reactor_wait_op& op) noexcept;
    void enqueue(reactor_poll_op& op) noexcept;

    void cancel(reactor::token t, std::uint64_t name, completed& done) noexcept;
    void cancel_poll(std::uint64_t name, completed& done) noexcept;
    /// A wait that began with an event is going to be posted, see ripe_.
    void ripen(reactor_waiter& w) noexcept;
    /// Its turn has come.
    void pick(reactor_waiter& w) noexcept;
    /// Ends all waits.
    void fail(const error_code& ec, completed& done) noexcept;

    /// Gives out what has been found. Returns whether more of the same is wanted: of
    /// level-triggered sources, by an async_poll that is still pending.
    bool deliver(reactor::events& found, completed& done) noexcept;

    /// The waits that are on their way, for another board or for nobody.
    waiter_list take_ripe() noexcept { return std::exchange(ripe_, {}); }
    void set_ripe(waiter_list l) noexcept { ripe_ = l; }

    bool anybody_waits() const noexcept { return waiting_ != 0; }

private:
    /// A token that has registrations.
    struct line
    {
        reactor::token id;
        std::size_t registrations = 0;
        waiter_list waiters;
        std::vector<entry> kept; // one for each registration at most, none if out of date
        line* next_kept = nullptr;
        line* prev_kept = nullptr;
        bool keeps = false;
    };

    line* find(reactor::token t) noexcept;
    void complete(waiter_list& from, reactor_waiter& w, const error_code& ec,
                  completed& done) noexcept;
    bool cancel(waiter_list& from, std::uint64_t name, completed& done) noexcept;
    void cancel_ripe(std::uint64_t name) noexcept;
    void complete_all(waiter_list& from, const error_code& ec, completed& done) noexcept;
    bool give_to_waiters(line& l, entry& e, completed& done) noexcept;
    void keep(line& l, const entry& e) noexcept;
    static void purge(line& l) noexcept;
    void fill(reactor_poll_op& op) noexcept;
    void link(line& l) noexcept;
    void unlink(line& l) noexcept;

    std::unordered_map<reactor::token, line> lines_;
    waiter_list polls_;
    // Those that have an event and have still to run, if they can be cancelled: should
    // the event be out of date by then, they would wait again.
    waiter_list ripe_;
    // The lines that keep events, in the order in which they are to be given out.
    line* first_kept_ = nullptr;
    line* last_kept_ = nullptr;
    std::size_t waiting_ = 0;
    // What the entries that are kept point into.
    reactor::events source_{0};
};

} // namespace detail
} // namespace urio::inline URIO_ABI
