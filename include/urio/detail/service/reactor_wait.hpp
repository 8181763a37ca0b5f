// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Waits for events of a reactor_service. No engine carries them out: they stand in the
// service's lists until an event comes.
#pragma once

#include <urio/detail/asio/asio_detail.hpp>
#include <urio/detail/initiate/async_op.hpp>
#include <urio/reactor/events.hpp>

#include <boost/asio/cancellation_type.hpp>

#include <atomic>
#include <cstdint>
#include <tuple>

namespace urio::inline URIO_ABI
{
namespace detail
{

class reactor_demux;

/// A wait, as the lists know it. Guarded by the lock of its demultiplexer.
class reactor_waiter : public scheduler_operation
{
public:
    reactor_waiter* next_waiter_ = nullptr;
    reactor_waiter* prev_waiter_ = nullptr;
    /// By which it is cancelled.
    std::uint64_t name_ = 0;
    /// It has an event, and its turn on the context has not come.
    bool ripe_ = false;
    /// It was cancelled since: if the event is out of date then, it does not go on.
    bool cancelled_ = false;
    boost::system::error_code error_;

protected:
    reactor_waiter(func_type run, func_type complete, reactor_demux& d) noexcept
        : scheduler_operation(run)
        , demux_(&d)
        , complete_(complete)
    {
    }

    ~reactor_waiter() = default;

    reactor_demux* demux_;
    func_type complete_;
};

/// async_wait.
class reactor_wait_op : public reactor_waiter
{
public:
    reactor_wait_op(func_type complete, reactor_demux& d, reactor::token t,
                    std::uint16_t wanted) noexcept
        : reactor_waiter(&reactor_wait_op::run, complete, d)
        , event_(t, 0)
        , wanted_(wanted)
    {
    }

    std::tuple<boost::system::error_code, reactor::event> results(bool)
    {
        return {error_, event_};
    }

    reactor::event event_;
    /// The bits of events that it waits for.
    std::uint16_t wanted_;
    /// Whether the registration still is that the event came from.
    const std::atomic<std::uint32_t>* generation_ = nullptr;
    std::uint32_t expected_ = 0;

    bool out_of_date() const noexcept
    {
        return generation_ && generation_->load(std::memory_order_acquire) != expected_;
    }

protected:
    ~reactor_wait_op() = default;

private:
    // An event may be out of date when its turn comes.
    static void run(void* owner, scheduler_operation* base,
                    const boost::system::error_code& ec, std::size_t n);
};

/// async_poll.
class reactor_poll_op : public reactor_waiter
{
public:
    reactor_poll_op(func_type complete, reactor_demux& d, reactor::events& out) noexcept
        : reactor_waiter(&reactor_poll_op::run, complete, d)
        , out_(&out)
    {
    }

    std::tuple<boost::system::error_code, std::size_t> results(bool alive)
    {
        return {error_, alive ? out_->size() : 0};
    }

    reactor::events* out_;

    bool out_of_date() const noexcept { return out_->empty(); }

protected:
    ~reactor_poll_op() = default;

private:
    static void run(void* owner, scheduler_operation* base,
                    const boost::system::error_code& ec, std::size_t n);
};

/// The part of reactor_service that its templates call.
class reactor_waits
{
public:
    /// Starts it. True if it is complete, and the caller is to see to that, by posting it
    /// or at once; otherwise it may have completed, and be gone, when this returns.
    /// Throws what the engine throws.
    static bool start(reactor_demux& d, reactor_wait_op& op, bool posts);
    static bool start(reactor_demux& d, reactor_poll_op& op, bool posts);

    static std::uint64_t new_name(reactor_demux& d) noexcept;
    static void cancel(reactor_demux& d, reactor::token t, std::uint64_t name) noexcept;
    static void cancel_poll(reactor_demux& d, std::uint64_t name) noexcept;
};

/// What a cancellation slot holds while a wait is pending.
class reactor_wait_cancellation
{
public:
    reactor_wait_cancellation(reactor_demux& d, const reactor_wait_op& op) noexcept
        : demux_(&d)
        , name_(op.name_)
        , token_(op.event_.token())
        , polls_(false)
    {
    }

    reactor_wait_cancellation(reactor_demux& d, const reactor_poll_op& op) noexcept
        : demux_(&d)
        , name_(op.name_)
        , polls_(true)
    {
    }

    void operator()(boost::asio::cancellation_type_t type) noexcept
    {
        using boost::asio::cancellation_type;
        if (!(type & (cancellation_type::terminal | cancellation_type::partial |
                      cancellation_type::total)))
            return;
        if (polls_)
            reactor_waits::cancel_poll(*demux_, name_);
        else
            reactor_waits::cancel(*demux_, token_, name_);
    }

private:
    reactor_demux* demux_;
    std::uint64_t name_;
    reactor::token token_;
    bool polls_;
};

/// Constructs a wait and starts it. The handler is moved from; if an exception is thrown
/// nothing has been started.
template <class Base, class Handler, class IoExecutor, class... Args>
void initiate_reactor_wait(reactor_demux& d, scheduler& s, const char* name,
                           Handler& handler, const IoExecutor& ex, Args&&... args)
{
    using op_type = async_op<Base, Handler, IoExecutor>;

    bool const continuation = is_continuation(handler);
    auto slot = boost::asio::get_associated_cancellation_slot(handler);

    typename op_type::block b(handler);
    op_type::construct(b, ex, d, std::forward<Args>(args)...);
    BOOST_ASIO_HANDLER_CREATION((s.context(), *b.op, "reactor_service", &d, 0, name));
    (void)name;
    if (slot.is_connected())
    {
        b.op->name_ = reactor_waits::new_name(d);
        slot.template emplace<reactor_wait_cancellation>(d, static_cast<Base&>(*b.op));
    }

    constexpr bool posts = !has_immediate_executor<Handler>;
    if (!reactor_waits::start(d, *b.op, posts))
        b.release();
    else if constexpr (!posts)
        op_type::complete_immediately(b, ex);
    else
    {
        s.post_immediate_completion(b.op, continuation);
        b.release();
    }
}

} // namespace detail
} // namespace urio::inline URIO_ABI
