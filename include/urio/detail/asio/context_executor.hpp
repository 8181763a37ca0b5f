// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An executor for any execution context, whose type it does not know: it is that of the
// context's scheduler, which completes urio's operations, too.
#pragma once

#include <urio/detail/asio/asio_detail.hpp>
#include <urio/detail/asio/executor.hpp>

#include <boost/asio/detail/executor_op.hpp>
#include <boost/asio/execution.hpp>

#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Runs functions on the threads that run the context.
class context_executor : public native_executor
{
public:
    explicit context_executor(scheduler& s) noexcept : scheduler_(&s) {}

    context_executor(const context_executor& other) noexcept
        : scheduler_(other.scheduler_)
        , never_blocks_(other.never_blocks_)
        , continues_(other.continues_)
        , tracked_(other.tracked_)
    {
        if (tracked_)
            scheduler_->work_started();
    }

    context_executor& operator=(context_executor other) noexcept
    {
        std::swap(scheduler_, other.scheduler_);
        std::swap(never_blocks_, other.never_blocks_);
        std::swap(continues_, other.continues_);
        std::swap(tracked_, other.tracked_);
        return *this;
    }

    ~context_executor()
    {
        if (tracked_)
            scheduler_->work_finished();
    }

    boost::asio::execution_context&
    query(boost::asio::execution::context_t) const noexcept
    {
        return scheduler_->context();
    }

    boost::asio::execution::blocking_t
    query(boost::asio::execution::blocking_t) const noexcept
    {
        if (never_blocks_)
            return boost::asio::execution::blocking.never;
        return boost::asio::execution::blocking.possibly;
    }

    boost::asio::execution::relationship_t
    query(boost::asio::execution::relationship_t) const noexcept
    {
        if (continues_)
            return boost::asio::execution::relationship.continuation;
        return boost::asio::execution::relationship.fork;
    }

    boost::asio::execution::outstanding_work_t
    query(boost::asio::execution::outstanding_work_t) const noexcept
    {
        if (tracked_)
            return boost::asio::execution::outstanding_work.tracked;
        return boost::asio::execution::outstanding_work.untracked;
    }

    context_executor require(boost::asio::execution::blocking_t::possibly_t) const
    {
        return {scheduler_, false, continues_, tracked_};
    }
    context_executor require(boost::asio::execution::blocking_t::never_t) const
    {
        return {scheduler_, true, continues_, tracked_};
    }
    context_executor require(boost::asio::execution::relationship_t::fork_t) const
    {
        return {scheduler_, never_blocks_, false, tracked_};
    }
    context_executor require(boost::asio::execution::relationship_t::continuation_t) const
    {
        return {scheduler_, never_blocks_, true, tracked_};
    }
    context_executor require(boost::asio::execution::outstanding_work_t::tracked_t) const
    {
        return {scheduler_, never_blocks_, continues_, true};
    }
    context_executor
    require(boost::asio::execution::outstanding_work_t::untracked_t) const
    {
        return {scheduler_, never_blocks_, continues_, false};
    }

    template <class Function>
    void execute(Function&& f) const
    {
        using function = std::decay_t<Function>;
        if (!never_blocks_ && scheduler_->can_dispatch())
        {
            function now(std::forward<Function>(f));
            // What it throws is for the caller of run(), as if it had been posted.
            try
            {
                fenced_block fence(fenced_block::full);
                std::move(now)();
            }
            catch (...)
            {
                scheduler_->capture_current_exception();
            }
            return;
        }
        using op = boost::asio::detail::executor_op<function, std::allocator<void>>;
        std::allocator<void> const allocator;
        typename op::ptr p = {std::addressof(allocator), op::ptr::allocate(allocator),
                              nullptr};
        p.p = ::new (p.v) op(std::forward<Function>(f), allocator);
        BOOST_ASIO_HANDLER_CREATION(
            (scheduler_->context(), *p.p, "scheduler", scheduler_, 0, "execute"));
        scheduler_->post_immediate_completion(p.p, continues_);
        p.v = p.p = nullptr;
    }

    bool running_in_this_thread() const noexcept { return scheduler_->can_dispatch(); }

    friend bool operator==(const context_executor& a, const context_executor& b) noexcept
    {
        return a.scheduler_ == b.scheduler_ && a.never_blocks_ == b.never_blocks_ &&
               a.continues_ == b.continues_ && a.tracked_ == b.tracked_;
    }

    friend bool operator!=(const context_executor& a, const context_executor& b) noexcept
    {
        return !(a == b);
    }

private:
    context_executor(scheduler* s, bool never_blocks, bool continues,
                     bool tracked) noexcept
        : scheduler_(s)
        , never_blocks_(never_blocks)
        , continues_(continues)
        , tracked_(tracked)
    {
        if (tracked_)
            scheduler_->work_started();
    }

    scheduler* scheduler_;
    bool never_blocks_ = false;
    bool continues_ = false;
    bool tracked_ = false;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

// The scheduler completes operations on the threads of this executor, and counts them as
// work: no more is needed, as with the executor of Asio's io_context.
template <class IoContext, class PolymorphicExecutor>
class boost::asio::detail::handler_work_base<urio::detail::context_executor, void,
                                             IoContext, PolymorphicExecutor, void>
{
public:
    explicit handler_work_base(int, int, const urio::detail::context_executor&) noexcept
    {
    }

    bool owns_work() const noexcept { return false; }

    template <class Function, class Handler>
    void dispatch(Function& function, Handler& handler)
    {
#if BOOST_ASIO_VERSION < 103000
        boost_asio_handler_invoke_helpers::invoke(function, handler);
#else
        (void)handler;
        static_cast<Function&&>(function)();
#endif
    }
};
