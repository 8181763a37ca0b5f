// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What waits for the poll of a reactor_service: the engine, for the selector's
// descriptor; or a thread, where the selector has none.

#include "reactor_demux.hpp"

#include <urio/detail/loop/loop.hpp>
#include <urio/detail/system/readiness.hpp>

#include <boost/system/system_error.hpp>

#include <cerrno>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

void throw_errno(const char* what)
{
    throw boost::system::system_error(errno, boost::system::system_category(), what);
}

} // namespace

reactor_demux::watch::operation::operation(reactor_demux& d) noexcept
    : wait_op(&operation::complete, readable_events)
    , demux_(d)
{
}

void reactor_demux::watch::operation::complete(void* owner, scheduler_operation* base,
                                               const error_code&, std::size_t)
{
    // Without an owner the context is being shut down. The operation is the watch's.
    auto& self = *static_cast<operation*>(base);
    if (owner)
        self.demux_.watch_fired(owner, self.error());
}

reactor_demux::watch::watch(reactor_demux& d, int descriptor)
    : engine_(use_engine(d.scheduler_.context()))
    , demux_(d)
{
    open(descriptor);
}

void reactor_demux::watch::open(int descriptor)
{
    int const own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (own < 0)
        throw_errno("fcntl");
    try
    {
        object_ = &engine_.open_object(own, {});
    }
    catch (...)
    {
        ::close(own);
        throw;
    }
    descriptor_ = own;
}

reactor_demux::watch::~watch()
{
    retire();
}

void reactor_demux::watch::start()
{
    std::lock_guard const l(mutex_);
    if (expired_)
    {
        // Not in its place: an engine may know what was behind the number.
        give_up();
        open(demux_.selector_->native_handle());
        expired_ = false;
    }
    if (!object_)
        return;
    operation_.emplace(demux_); // the one before has completed
    if (!engine_.start(*object_, *operation_, lane::unordered))
        engine_.post_immediate(*operation_, false);
}

void reactor_demux::watch::cancel() noexcept
{
    std::lock_guard const l(mutex_);
    if (object_)
        engine_.cancel(*object_);
}

void reactor_demux::watch::retire() noexcept
{
    std::lock_guard const l(mutex_);
    expired_ = false;
    give_up();
}

void reactor_demux::watch::give_up() noexcept
{
    if (object_ && engine_.retire(*object_) == engine::ownership::caller_closes)
        ::close(descriptor_);
    object_ = nullptr;
}

void reactor_demux::watch::expire() noexcept
{
    expired_ = true;
    // The engine has not taken over yet, and ends what is cancelled when it does.
    if (operation_)
        operation_->cancel_requested_ = true;
}

void reactor_demux::start_thread()
{
    // Armed anew, if it has been used.
    error_code ec;
    auto const k = selector_->change(
        wake_->fd(),
        {reactor::token(), reactor::interest::readable, reactor::trigger::edge}, ec);
    throw_error(ec, "reactor_service");
    wake_generation_ = static_cast<std::uint32_t>(k >> 32);

    // Signals are for the program's own threads.
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try
    {
        thread_ = std::thread([this] { run_thread(); });
    }
    catch (...)
    {
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw;
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void reactor_demux::stop_thread() noexcept
{
    if (!thread_.joinable())
        return;
    {
        lock const l(mutex_);
        stop_ = true;
    }
    somebody_waits_.notify_one();
    error_code ignored;
    wake_->signal(ignored);
    thread_.join();
    wake_->drain();
    stop_ = false;
}

void reactor_demux::run_thread() noexcept
{
    for (;;)
    {
        {
            lock l(mutex_);
            somebody_waits_.wait(l, [&] { return stop_ || board_->anybody_waits(); });
            if (stop_)
                return;
        }
        error_code ec;
        try
        {
            poll_->wait(found_, std::nullopt, ec);
        }
        catch (...)
        {
            ec = current_error();
        }
        if (ec && ec != boost::system::errc::interrupted)
            fail_all(ec, true);
        using entry = event_board::entry;
        std::erase_if(reactor::detail::access::entries(found_),
                      [&](const entry& e) { return e.expected == wake_generation_; });
        completed done;
        give_out(done);
        scheduler_.post_deferred_completions(done);
    }
}

} // namespace detail
} // namespace urio::inline URIO_ABI
