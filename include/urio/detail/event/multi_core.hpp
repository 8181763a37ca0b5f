// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What an event of several completions has brought, and who waits for it: decisions
// alone, under one lock, which an engine's may be held around but which is never held
// around an engine's.
#pragma once

#include <urio/detail/engine/engine.hpp>
#include <urio/detail/op/event_op.hpp>
#include <urio/detail/process/process_mutex.hpp>

#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// One completion: `res`, `flags`, and whether it is the last.
struct multi_item
{
    int result = 0;
    unsigned flags = 0;
    bool last = false;
};

/// What the user waits with.
class multi_waiter : public scheduler_operation
{
public:
    void give(const multi_item& i) noexcept { item_ = i; }
    const multi_item& item() const noexcept { return item_; }

protected:
    explicit multi_waiter(func_type complete) noexcept : scheduler_operation(complete) {}
    ~multi_waiter() = default;

private:
    multi_item item_{-ECANCELED, 0, true};
};

class multi_core
{
public:
    multi_core(std::size_t ahead, bool repeats) noexcept
        : ahead_(ahead ? ahead : 1)
        , repeats_(repeats)
    {
    }
    multi_core(const multi_core&) = delete;
    multi_core& operator=(const multi_core&) = delete;

    // Of the operation, under the engine's lock.

    /// Keeps a completion that others will follow, or a success. False if there was no
    /// memory for it: it is to be given up.
    bool take(int result, unsigned flags) noexcept;

    /// After a success that nothing will follow: whether it is to be repeated at once.
    bool repeats() noexcept;

    /// Whoever gets the first item, if somebody waits.
    multi_waiter* next_waiter() noexcept;

    /// Whether somebody is to stop the operation for a while, who then calls pause().
    bool is_to_pause() noexcept;
    /// The name of the operation that is to be cancelled for that, or none.
    op_id pause() noexcept;

    // Of the operation, when it has ended.

    /// Notes that; a negative result is the stream's end, unless it was to pause.
    void ended(int result) noexcept;

    /// It has ended for want of a buffer. False if nobody wants to wait for one: it is
    /// started by the next who waits, if the stream has not ended.
    bool starve() noexcept;
    /// There may be buffers again.
    void feed() noexcept;
    /// Whether somebody waits for one still.
    bool is_hungry() noexcept;

    /// Whether it is to be started, and from now on is.
    bool is_to_start() noexcept;

    // Of the user.

    /// The next item, if there is one.
    std::optional<multi_item> next() noexcept;

    /// False if somebody waits already.
    bool wait(multi_waiter& w) noexcept;

    /// Nobody waits any more: who did, or null.
    multi_waiter* stop_waiting() noexcept;

    /// Nothing more is wanted.
    void close() noexcept;

    /// When all is over: what nobody has fetched.
    std::optional<multi_item> leftover() noexcept;

    void set_id(op_id id) noexcept;

    /// The stream is to end: the name of the operation that has to be cancelled for that,
    /// or none if it has ended by this.
    op_id end() noexcept;
    /// Whether that was asked for since the operation was to be started: it may have been
    /// too early for its engine.
    bool is_ending() noexcept;

private:
    std::optional<multi_item> pop() noexcept;

    std::size_t const ahead_;
    bool const repeats_;
    process::process_mutex mutex_;
    // A ring, which grows.
    std::vector<multi_item> items_;
    std::size_t first_ = 0;
    std::size_t count_ = 0;
    multi_waiter* waiter_ = nullptr;
    std::optional<int> end_;
    op_id id_ = op_id::none;
    bool running_ = false;
    bool ending_ = false;
    bool pausing_ = false;
    bool pause_posted_ = false;
    bool paused_ = false;
    bool closed_ = false;
    bool starved_ = false;
    bool waits_for_buffer_ = false;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
