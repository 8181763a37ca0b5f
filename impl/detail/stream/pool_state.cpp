// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/stream/pool_state.hpp>

#include <urio/detail/process/fork_generation.hpp>

#include "../system/liburing.hpp"

#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// The kernel's limit of a ring, whose buffers have numbers of 16 bits.
constexpr std::size_t most_buffers = 1u << 15;

constexpr unsigned in_vain_at_most = 1000;

::io_uring_buf_ring& as_ring(void* p) noexcept
{
    return *static_cast<::io_uring_buf_ring*>(p);
}

pool_options checked(pool_options o)
{
    if (o.when_empty != exhaustion::grow)
        o.limit = o.count;
    if (o.count == 0 || o.size == 0 || o.size > 0x7fffffff)
        throw std::invalid_argument("urio::buffer_pool: no buffers, or of no size");
    if (o.limit < o.count || o.limit > most_buffers)
        throw std::invalid_argument(
            "urio::buffer_pool: more buffers than the limit, or a limit above 32768");
    o.limit -= o.limit % o.count;
    return o;
}

} // namespace

void free_pages::operator()(void* p) const noexcept
{
    std::free(p);
}

pool_state::pool_state(engine& e, std::shared_ptr<pool_list> list,
                       const pool_options& options)
    : options_(checked(options))
    , list_(std::move(list))
    , engine_(&e)
    , generation_(process::fork_generation())
{
    std::size_t const most = options_.limit;
    // Nothing that is done later needs memory.
    blocks_.reserve(most / options_.count);
    holders_.reserve(most);
    free_.reserve(most);

    ring_entries_ = static_cast<unsigned>(std::bit_ceil(most));
    auto const page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    std::size_t const bytes =
        (ring_entries_ * sizeof(::io_uring_buf) + page - 1) / page * page;
    ring_.reset(std::aligned_alloc(page, bytes));
    if (!ring_)
        throw std::bad_alloc();
    // The tail is among the first entry's bytes.
    std::memset(ring_.get(), 0, bytes);
    lock l(list_->mutex);
    list_->pools.reserve(list_->pools.size() + 1);
    list_->left.reserve(list_->left.size() + list_->pools.size() + 1);
    // In the free list, from which the kernel's ring is filled.
    if (!add_block())
        throw std::bad_alloc();
    group_ = e.provide_buffers(ring_.get(), ring_entries_);
    if (group_ < 0)
        ring_.reset();
    else
    {
        for (unsigned const buffer : free_)
            offer(buffer);
        free_.clear();
    }
    list_->pools.push_back(this);
}

pool_state::~pool_state()
{
    lock l(list_->mutex);
    std::erase(list_->pools, this);
    // Without an engine the ring is closed, or about to be.
    if (group_ >= 0 && engine_ && generation_ == process::fork_generation() &&
        !engine_->withdraw_buffers(group_))
        list_->left.push_back(std::move(ring_)); // it has room
}

bool pool_state::add_block() noexcept
{
    block b(new (std::nothrow) std::byte[options_.count * options_.size]);
    if (!b)
        return false;
    auto const first = static_cast<unsigned>(holders_.size());
    blocks_.push_back(std::move(b));
    holders_.resize(first + options_.count, holder::nobody);
    for (unsigned i = 0; i != options_.count; ++i)
        offer(first + i);
    return true;
}

// To the kernel, or to whoever takes it.
void pool_state::offer(unsigned buffer) noexcept
{
    if (group_ < 0)
        return free_.push_back(buffer);
    ::io_uring_buf_ring& r = as_ring(ring_.get());
    ::io_uring_buf_ring_add(&r, memory(buffer), static_cast<unsigned>(options_.size),
                            static_cast<unsigned short>(buffer),
                            ::io_uring_buf_ring_mask(ring_entries_), 0);
    ::io_uring_buf_ring_advance(&r, 1);
}

// In a child process, whose ring has no groups: the kernel's choice there is its own.
void pool_state::take_from_kernel() noexcept
{
    group_ = -1;
    ring_.reset();
    for (unsigned i = 0; i != holders_.size(); ++i)
        if (holders_[i] == holder::nobody)
            free_.push_back(i);
}

bool pool_state::is_of(const engine& e) noexcept
{
    lock l(mutex_);
    return engine_ == &e;
}

int pool_state::group() noexcept
{
    lock l(mutex_);
    if (group_ >= 0 && generation_ != process::fork_generation())
        take_from_kernel();
    return group_;
}

void pool_state::hold(unsigned buffer) noexcept
{
    holders_[buffer] = holder::somebody;
    ++taken_;
    ++changes_;
}

void pool_state::let_go(unsigned buffer) noexcept
{
    holders_[buffer] = holder::nobody;
    --taken_;
    ++changes_;
    offer(buffer);
}

int pool_state::take() noexcept
{
    lock l(mutex_);
    if (free_.empty())
        return -1;
    unsigned const buffer = free_.back();
    free_.pop_back();
    hold(buffer);
    return static_cast<int>(buffer);
}

void pool_state::chosen(unsigned buffer) noexcept
{
    lock l(mutex_);
    hold(buffer);
}

void pool_state::give_back(unsigned buffer) noexcept
{
    op_queue<scheduler_operation> waiters;
    {
        lock l(mutex_);
        let_go(buffer);
        unlink_for_free(waiters);
    }
    post(waiters);
}

void pool_state::put_back(unsigned buffer) noexcept
{
    lock l(mutex_);
    let_go(buffer);
}

void pool_state::pass_on() noexcept
{
    op_queue<scheduler_operation> waiters;
    {
        lock l(mutex_);
        unlink_for_free(waiters);
    }
    post(waiters);
}

// There is something to be received for each of those who wait: as many as there are
// buffers.
void pool_state::unlink_for_free(op_queue<scheduler_operation>& waiters) noexcept
{
    for (std::size_t n = holders_.size() - taken_; n != 0 && first_waiter_; --n)
    {
        pool_waiter* const w = first_waiter_;
        if (!(first_waiter_ = w->next_waiter))
            last_waiter_ = &first_waiter_;
        w->is_waiting = false;
        waiters.push(w);
    }
}

// A scheduler that wakes its thread takes the engine's lock. Without an engine the queue
// destroys them.
void pool_state::post(op_queue<scheduler_operation>& waiters) noexcept
{
    if (waiters.empty())
        return;
    // Where it is taken to end the engine.
    lock l(list_->mutex);
    if (engine_)
        engine_->post_expected(waiters);
}

bool pool_state::go_on(pool_waiter& w, bool& fails) noexcept
{
    lock l(mutex_);
    ++counters_.exhausted;
    // One has come back meanwhile, or has been chosen and not been heard of yet. But the
    // kernel is not asked for ever for buffers that it has lost.
    if (taken_ < holders_.size())
    {
        if (std::exchange(w.changes_seen, changes_) != changes_)
            w.in_vain = 0;
        fails = ++w.in_vain > in_vain_at_most;
        return !fails;
    }
    if (options_.when_empty == exhaustion::grow && holders_.size() < options_.limit &&
        add_block())
    {
        ++counters_.grown;
        return true;
    }
    fails = options_.when_empty == exhaustion::fail || !engine_;
    if (fails)
        return false;
    engine_->expect_completion();
    w.next_waiter = nullptr;
    w.is_waiting = true;
    *last_waiter_ = &w;
    last_waiter_ = &w.next_waiter;
    return false;
}

void pool_state::stop_waiting(pool_waiter& w) noexcept
{
    op_queue<scheduler_operation> waiters;
    {
        lock l(mutex_);
        if (!w.is_waiting)
            return;
        pool_waiter** link = &first_waiter_;
        while (*link != &w)
            link = &(*link)->next_waiter;
        *link = w.next_waiter;
        if (last_waiter_ == &w.next_waiter)
            last_waiter_ = link;
        w.is_waiting = false;
        waiters.push(&w);
    }
    post(waiters);
}

void pool_state::detach(op_queue<scheduler_operation>& waiters) noexcept
{
    lock l(mutex_);
    engine_ = nullptr;
    last_waiter_ = &first_waiter_;
    while (pool_waiter* const w = first_waiter_)
    {
        first_waiter_ = w->next_waiter;
        w->is_waiting = false;
        waiters.push(w);
    }
}

pool_statistics pool_state::counters() noexcept
{
    lock l(mutex_);
    pool_statistics s = counters_;
    s.buffers = holders_.size();
    s.taken = taken_;
    s.kernel_chooses = group_ >= 0;
    return s;
}

} // namespace detail
} // namespace urio::inline URIO_ABI
