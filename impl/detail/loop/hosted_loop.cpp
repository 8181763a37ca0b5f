// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "hosted_loop.hpp"

#include "scheduler_access.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

// An operation that finds the scheduler between two turns.
class hosted_loop::window : public scheduler_operation
{
public:
    window(hosted_loop& loop, std::shared_ptr<std::atomic<bool>> open)
        : scheduler_operation(&window::complete)
        , loop_(loop)
        , open_(std::move(open))
    {
    }

private:
    static void complete(void* owner, scheduler_operation* base,
                         const boost::system::error_code&, std::size_t)
    {
        std::unique_ptr<window> const self(static_cast<window*>(base));
        if (owner)
            self->loop_.exchange_task();
        *self->open_ = false;
    }

    hosted_loop& loop_;
    std::shared_ptr<std::atomic<bool>> open_;
};

hosted_loop::hosted_loop(boost::asio::execution_context& context)
    : service_base<hosted_loop>(context)
    , loop(context, boost::asio::use_service<stock_reactor>(context), {})
{
}

void hosted_loop::take_over()
{
    auto const window_open = std::make_shared<std::atomic<bool>>(false);
    unsigned rounds = 0;
    for (exchange_task(); !exchanged_; exchange_task())
    {
        // A thread is in the reactor. If it has nothing else to do it goes back there
        // without ever letting go of the scheduler's lock; so it gets something to do.
        // (It, or another thread that has nothing to do either, hence the interruption.)
        if (!window_open->exchange(true))
        {
            // Into the queue that all threads share: this one may be the context's own,
            // and would not come to a queue of its own from here.
            boost::asio::use_service<scheduler>(context_).do_dispatch(
                new window(*this, window_open));
            reactor_.interrupt();
        }
        // In case this thread is in the way of the one that it waits for.
        if (++rounds % 64 == 0)
            std::this_thread::sleep_for(std::chrono::microseconds(100));
        else
            std::this_thread::yield();
    }
}

void hosted_loop::exchange_task() noexcept
{
    if (!exchanged_ && try_with_idle_task(boost::asio::use_service<scheduler>(context_),
                                          [&](boost::asio::detail::scheduler_task*& task)
                                          { task = this; }))
        exchanged_ = true;
}

void hosted_loop::adopt_reactor(engine& e)
{
    e.watch(member(reactor_, reactor_epoll_fd_{}));
}

void hosted_loop::run(long usec, op_queue<scheduler_operation>& ops)
{
    loop::run(*existing_engine(), usec, ops);
}

void hosted_loop::interrupt()
{
    loop::interrupt(*existing_engine());
}

void hosted_loop::shutdown()
{
    loop::shut_down();
}

void hosted_loop::notify_fork(boost::asio::execution_context::fork_event event)
{
    if (event == boost::asio::execution_context::fork_child && !restart_in_child())
        return;
    if (engine* const e = existing_engine())
        e->notify_fork(event);
}

} // namespace detail
} // namespace urio::inline URIO_ABI
