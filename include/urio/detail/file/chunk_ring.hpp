// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The chunks of file_reader and file_writer: their buffers, which begin at a page, and
// the transfers of several of them at once.
#pragma once

#include <urio/detail/asio/asio_detail.hpp>
#include <urio/detail/asio/executor.hpp>
#include <urio/detail/process/process_mutex.hpp>

#include <boost/align/aligned_alloc.hpp>
#include <boost/align/aligned_delete.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/wait_traits.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

using boost::system::error_code;

/// A piece of a file with memory of its own, and its transfer, which may take several
/// operations.
struct chunk
{
    std::unique_ptr<char, boost::alignment::aligned_delete> memory;
    std::uint64_t offset = 0;
    std::size_t size = 0;
    std::size_t done = 0;
    error_code error;
    bool in_flight = false;
    boost::asio::cancellation_signal cancellation;
};

/// The handler of the operations of a chunk. It keeps the memory alive, and runs on the
/// file's executor.
template <class State>
struct chunk_handler
{
    using cancellation_slot_type = boost::asio::cancellation_slot;

    cancellation_slot_type get_cancellation_slot() const noexcept
    {
        return transferred->cancellation.slot();
    }

    void operator()(error_code ec, std::size_t n)
    {
        state->on_transfer(*transferred, ec, n);
    }

    std::shared_ptr<State> state;
    chunk* transferred;
};

/// What readers and writers share with their operations in flight: a ring of chunks,
/// numbered in the order of the file. The mutex guards all of it, and the use of the
/// file, which other threads' completions continue short transfers with.
template <class File>
class chunk_ring
{
public:
    using executor_type = typename File::executor_type;

    chunk_ring(const chunk_ring&) = delete;
    chunk_ring& operator=(const chunk_ring&) = delete;

    const executor_type& get_executor() const noexcept { return executor_; }

    /// Leaves the file alone from now on. What is in flight is cancelled, and keeps its
    /// memory.
    void end()
    {
        std::lock_guard const lock(mutex_);
        file_ = nullptr;
        for (std::size_t i = 0; i != count_; ++i)
            if (chunks_[i].in_flight)
                chunks_[i].cancellation.emit(boost::asio::cancellation_type::terminal);
        if (busy_)
            timer_.cancel();
    }

protected:
    /// `at_offsets`: transfers take place where their offsets say. Otherwise there is one
    /// at a time.
    chunk_ring(File& file, std::size_t count, std::size_t chunk_size,
               std::size_t alignment, bool at_offsets)
        : file_(&file)
        , executor_(file.get_executor())
        , timer_(stock_executor<executor_type>::get(executor_))
        , count_(count)
        , chunk_size_(chunk_size)
        , alignment_(alignment)
        , at_offsets_(at_offsets)
        , chunks_(std::make_unique<chunk[]>(count))
    {
        timer_.expires_at(std::chrono::steady_clock::time_point::max());
    }

    ~chunk_ring() = default;

    /// Throws `invalid_argument` for options that cannot be.
    static void check_options(std::size_t depth, std::size_t chunk_size,
                              std::size_t alignment, std::uint64_t offset,
                              const char* name)
    {
        // One system call transfers at most 2 GiB less a page.
        constexpr std::size_t most = std::size_t{1} << 30;
        constexpr std::uint64_t last_offset = 0x7fffffffffffffff;
        bool const possible = depth != 0 && depth <= most && chunk_size != 0 &&
                              chunk_size <= most && alignment != 0 &&
                              (alignment & (alignment - 1)) == 0 &&
                              chunk_size % alignment == 0 && offset % alignment == 0 &&
                              offset <= last_offset;
        if (!possible)
            throw boost::system::system_error(boost::asio::error::invalid_argument, name);
    }

    chunk& at(std::uint64_t number) noexcept { return chunks_[number % count_]; }

    /// Where the next operation of a chunk begins: with direct I/O, which knows whole
    /// blocks only, it may repeat the end of the one before it.
    std::size_t resume_at(const chunk& c) const noexcept
    {
        return at_offsets_ ? c.done - c.done % alignment_ : c.done;
    }

    /// Makes a chunk ready for a transfer; the memory is allocated when it is needed
    /// first.
    void prepare(chunk& c)
    {
        if (!c.memory)
        {
            std::size_t const page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
            void* const p =
                boost::alignment::aligned_alloc(std::max(page, alignment_), chunk_size_);
            if (!p)
                throw std::bad_alloc();
            c.memory.reset(static_cast<char*>(p));
        }
        c.done = 0;
        c.error = {};
    }

    /// What the start of a transfer may throw, as the error of the transfer: what was
    /// transferred before it comes first.
    template <class Function>
    static error_code attempt(Function start)
    {
        try
        {
            start();
            return {};
        }
        catch (const std::bad_alloc&)
        {
            return boost::asio::error::no_memory;
        }
        catch (const boost::system::system_error& e)
        {
            return e.code();
        }
    }

    /// What an operation on a chunk has come to. Whether the transfer goes on with
    /// another, which `start` begins; otherwise `ec` says how it has ended, which is with
    /// `standstill` if the operation had neither an error nor a byte.
    template <class Start>
    bool goes_on(chunk& c, error_code& ec, std::size_t n, error_code standstill,
                 Start start)
    {
        c.in_flight = false;
        std::size_t const before = c.done;
        c.done = std::max(before, std::min(c.size, resume_at(c) + n));
        if (ec || c.done == c.size)
            return false;
        if (c.done == before)
            ec = standstill;
        else if (file_)
        {
            ec = attempt(start);
            return !ec;
        }
        return false;
    }

    /// What a state does after each change that may let the consumer go on.
    template <class State>
    static void wake(State& state)
    {
        if (state.busy_ && state.ready())
            state.timer_.cancel();
    }

    process::process_mutex mutex_;
    File* file_; // null when it has ended
    executor_type executor_;
    /// Never expires: the consumer waits for it to be cancelled.
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>,
                                      stock_executor_t<executor_type>>
        timer_;
    std::size_t count_;
    std::size_t chunk_size_;
    std::size_t alignment_;
    bool at_offsets_;
    std::unique_ptr<chunk[]> chunks_;
    /// The chunks whose results are not known to the consumer yet: [head, tail).
    std::uint64_t head_ = 0;
    std::uint64_t tail_ = 0;
    error_code error_; // of all operations from now on
    bool busy_ = false;

    template <class State, class Request, class... Results>
    friend class chunk_operation;
};

/// An operation of the consumer: waits until the state is ready for it and then completes
/// with what is found. One at a time.
/**
 * States have ready(), which says whether the operation that was begun last may complete.
 * Requests have begin(state) and results(state, lock), and may have proceed(state, self,
 * error), which may start one more operation with the handler `self` and then is true.
 */
template <class State, class Request, class... Results>
class chunk_operation
{
public:
    chunk_operation(std::shared_ptr<State> state, Request request)
        : state_(std::move(state))
        , request_(std::move(request))
    {
    }

    template <class Self>
    void operator()(Self& self, [[maybe_unused]] error_code ec = {})
    {
        auto const state = state_; // for `self` may be moved from
        std::unique_lock lock(state->mutex_);
        if (step_ == step::begin)
        {
            self.reset_cancellation_state(boost::asio::enable_total_cancellation());
            step_ = state->busy_ ? step::refused : step::entered;
            if (step_ == step::entered)
            {
                request_.begin(*state);
                if (state->file_ && !state->ready())
                {
                    // Under the lock, so that it waits before it is told not to.
                    state->timer_.async_wait(std::move(self));
                    state->busy_ = true;
                    return;
                }
                state->busy_ = true;
            }
            lock.unlock();
            return boost::asio::post(std::move(self));
        }
        if (step_ == step::refused)
        {
            lock.unlock();
            return self.complete(boost::asio::error::already_started, Results()...);
        }
        std::tuple<error_code, Results...> results(boost::asio::error::operation_aborted,
                                                   Results()...);
        bool const ready = state->file_ && state->ready();
        if constexpr (requires { request_.proceed(*state, self, ec); })
            if (ready && request_.proceed(*state, self, ec))
                return;
        if (ready)
            results = request_.results(*state, lock);
        state->busy_ = false;
        lock.unlock();
        std::apply([&](const auto&... r) { self.complete(r...); }, results);
    }

private:
    enum class step
    {
        begin,
        refused,
        entered
    };

    std::shared_ptr<State> state_;
    Request request_;
    step step_ = step::begin;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
