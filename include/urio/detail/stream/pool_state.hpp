// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The buffers of a pool: who has which, and who waits for one.
#pragma once

#include <urio/detail/engine/engine.hpp>
#include <urio/detail/process/process_mutex.hpp>
#include <urio/stream/pool_options.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Waits for a buffer that comes back: posted then, once.
struct pool_waiter : scheduler_operation
{
    explicit pool_waiter(scheduler_operation::func_type f) noexcept
        : scheduler_operation(f)
    {
    }

    pool_waiter* next_waiter = nullptr;
    bool is_waiting = false;
    // How often in a row there was to be a buffer, and was none, while nothing changed.
    unsigned in_vain = 0;
    std::uint64_t changes_seen = 0;
};

class pool_state;

/// What the kernel and a pool share.
struct free_pages
{
    void operator()(void* p) const noexcept;
};
using ring_pages = std::unique_ptr<void, free_pages>;

/// The pools of a context, as long as it lives.
struct pool_list
{
    // Taken before those of the pools.
    process::process_mutex mutex;
    std::vector<pool_state*> pools;
    // Rings that could not be withdrawn, until the context ends.
    std::vector<ring_pages> left;
};

/// Shared by the pool, its leases and its streams; the last of them frees the memory. The
/// context may go before.
/**
 * Either the kernel chooses (from a ring of buffers that it and this share), or a stream
 * takes one when there is something to receive. Its lock may be taken with an engine's
 * held, and is not held around an engine's.
 */
class pool_state
{
public:
    /// Throws std::bad_alloc, std::invalid_argument.
    pool_state(engine& e, std::shared_ptr<pool_list> list, const pool_options& options);
    pool_state(const pool_state&) = delete;
    pool_state& operator=(const pool_state&) = delete;
    ~pool_state();

    /// Whether it is for operations of this engine.
    bool is_of(const engine& e) noexcept;

    /// The group that the kernel chooses from, or -1: take() then.
    int group() noexcept;

    /// A buffer's number, or -1 if all are taken.
    int take() noexcept;

    /// The kernel has chosen this one.
    void chosen(unsigned buffer) noexcept;

    /// A chosen or taken one is free again. Any thread; an engine's lock is not held.
    void give_back(unsigned buffer) noexcept;

    /// The same with an engine's lock held: whoever waits is told by the next one, or by
    /// pass_on().
    void put_back(unsigned buffer) noexcept;

    /// As many of those who wait as there are buffers go on.
    void pass_on() noexcept;

    /// All were taken: what the pool's policy says. True if it is to be tried again at
    /// once; else an error, or the waiter is posted when a buffer has come back: work of
    /// the engine's until then.
    bool go_on(pool_waiter& w, bool& fails) noexcept;

    /// Posts it now, if it waits.
    void stop_waiting(pool_waiter& w) noexcept;

    /// The engine is about to go: nobody waits any more. Those who did are added.
    void detach(op_queue<scheduler_operation>& waiters) noexcept;

    std::byte* memory(unsigned buffer) const noexcept
    {
        return blocks_[buffer / options_.count].get() +
               std::size_t(buffer % options_.count) * options_.size;
    }
    std::size_t size() const noexcept { return options_.size; }

    pool_statistics counters() noexcept;

private:
    enum class holder : std::uint8_t
    {
        nobody,
        somebody,
    };

    using block = std::unique_ptr<std::byte[]>;
    using lock = std::lock_guard<process::process_mutex>;

    // Under the lock.
    bool add_block() noexcept;
    void offer(unsigned buffer) noexcept;
    void take_from_kernel() noexcept;
    void hold(unsigned buffer) noexcept;
    void let_go(unsigned buffer) noexcept;
    void unlink_for_free(op_queue<scheduler_operation>& waiters) noexcept;

    // Not under it.
    void post(op_queue<scheduler_operation>& waiters) noexcept;

    pool_options const options_;
    std::shared_ptr<pool_list> const list_;
    process::process_mutex mutex_;
    engine* engine_;
    std::vector<block> blocks_;
    std::vector<holder> holders_;
    // Those that nobody has, where the kernel does not choose.
    std::vector<unsigned> free_;
    ring_pages ring_;
    unsigned ring_entries_ = 0;
    int group_ = -1;
    // Of the process whose ring knows the group: its number may be another's in a child.
    unsigned const generation_;
    std::size_t taken_ = 0;
    std::uint64_t changes_ = 0; // of taken_
    pool_waiter* first_waiter_ = nullptr;
    pool_waiter** last_waiter_ = &first_waiter_;
    pool_statistics counters_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
