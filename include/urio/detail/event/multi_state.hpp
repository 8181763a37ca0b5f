// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An event of several completions while it is in flight: the operation, which is started
// again and again, and what outlives the stream until the kernel is done with it.
#pragma once

#include <urio/detail/event/multi_op.hpp>
#include <urio/detail/initiate/async_op.hpp>
#include <urio/detail/initiate/event.hpp>

#include <boost/system/system_error.hpp>

#include <cerrno>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

template <class E>
class multi_state : public std::enable_shared_from_this<multi_state<E>>
{
public:
    using traits = event_traits<E>;

    multi_state(engine& e, io_object& common, E&& event, std::size_t ahead, bool repeats)
        : core(ahead, repeats)
        , event_(std::move(event))
        , engine_(e)
        , common_(common)
    {
    }

    ~multi_state()
    {
        // What is a resource is given up.
        while (std::optional<multi_item> const item = core.leftover())
            if (item->result >= 0)
                (void)traits::result(event_, item->result, item->flags);
    }

    E& event() noexcept { return event_; }
    engine& get_engine() const noexcept { return engine_; }

    /// Starts the operation if that is due, and gives whoever waits what there is.
    void run();

    void cancel() noexcept
    {
        cancel(core.end());
        stop_starving();
        // A buffer may have come back just before, and whoever waited for it have found
        // nothing to be done: nothing is in flight then that would tell them.
        if constexpr (pooled_event<E>)
            if (multi_waiter* const w = core.next_waiter())
                engine_.post_immediate(*w, false);
    }

    /// Whoever waits for a buffer goes on without.
    void stop_starving() noexcept
    {
        if constexpr (pooled_event<E>)
            event_.stop_waiting(starving_);
    }

    void pause() noexcept { cancel(core.pause()); }

    /// The operation has ended.
    void op_ended(void* owner, int result);

    scheduler_operation* pauser() noexcept
    {
        pauser_.self = this->shared_from_this();
        return &pauser_;
    }

    multi_core core;

private:
    /// Stops the operation for a while, where no lock is held.
    struct pause_operation : scheduler_operation
    {
        pause_operation() noexcept : scheduler_operation(&complete) {}

        static void complete(void* owner, scheduler_operation* op,
                             const boost::system::error_code&, std::size_t)
        {
            auto const keep = std::move(static_cast<pause_operation*>(op)->self);
            owner ? keep->pause() : void(keep->core.pause());
        }

        std::shared_ptr<multi_state> self;
    };

    /// Waits for a buffer of the pool.
    template <class Base>
    struct starving_operation : Base
    {
        starving_operation() noexcept : Base(&complete) {}

        static void complete(void* owner, scheduler_operation* op,
                             const boost::system::error_code&, std::size_t)
        {
            auto const keep = std::move(static_cast<starving_operation*>(op)->self);
            keep->core.feed();
            if (!owner)
                return keep->give_up();
            keep->run();
            // Somebody else may have a use for it.
            keep->event_.pass_on();
        }

        std::shared_ptr<multi_state> self;
    };
    struct nothing
    {
    };
    template <class T>
    struct starving_of
    {
        using type = nothing;
    };
    template <pooled_event T>
    struct starving_of<T>
    {
        using type = starving_operation<typename T::waiter_type>;
    };

    /// The operation has this result, and nothing follows.
    void settle(int result) noexcept;

    /// There was no buffer for it.
    void starve() noexcept
        requires pooled_event<E>;

    /// The engine has shut down.
    void give_up() noexcept
    {
        core.close();
        core.ended(-ECANCELED);
        if (multi_waiter* const w = core.stop_waiting())
            w->complete(nullptr, {}, 0);
    }

    /// False if it has ended already.
    bool start_operation() noexcept;

    // A child process would set an engine up for nothing.
    void cancel(op_id id) noexcept
    {
        if (id != op_id::none)
            engine_.cancel(id);
    }

    E event_;
    engine& engine_;
    io_object& common_;
    pause_operation pauser_;
    [[no_unique_address]] typename starving_of<E>::type starving_;
    struct operation final : startable<multi_op<E>>
    {
        using startable<multi_op<E>>::startable;
    };
    std::optional<operation> op_;
    // While the operation is in flight.
    std::shared_ptr<multi_state> self_;
};

template <class E>
void multi_state<E>::op_ended(void* owner, int result)
{
    auto const keep = std::move(self_);
    if (!owner)
        return give_up();
    settle(result);
    run();
    if constexpr (pooled_event<E>)
        event_.pass_on();
}

template <class E>
void multi_state<E>::settle(int result) noexcept
{
    if constexpr (pooled_event<E>)
        if (result == -ENOBUFS)
            return starve();
    core.ended(result);
}

template <class E>
void multi_state<E>::starve() noexcept
    requires pooled_event<E>
{
    if (!core.starve())
        return;
    starving_.self = this->shared_from_this();
    bool fails = false;
    if (event_.go_on(starving_, fails) || fails)
    {
        starving_.self.reset();
        if (fails)
            core.ended(-ENOBUFS);
        core.feed();
    }
    else if (!core.is_hungry())
        stop_starving(); // who came between has not found it waiting
}

template <class E>
void multi_state<E>::run()
{
    for (;;)
    {
        if (multi_waiter* const w = core.next_waiter())
            engine_.post_immediate(*w, false);
        if (!core.is_to_start() || start_operation())
            return;
    }
}

template <class E>
bool multi_state<E>::start_operation() noexcept
{
    int result;
    try
    {
        op_.emplace(*this);
        io_object* object = &common_;
        // What can be waited for is, so that it is told of what is new.
        if (std::optional<int> const at_once = op_->begin(engine_, object, false))
        {
            result = *at_once;
            // What takes its buffers from a pool waits first.
            if constexpr (!pooled_event<E>)
                if (result >= 0 && !core.take(result, 0))
                    (void)traits::result(event_, result, 0);
        }
        else
        {
            op_id const id = engine_.reserve(*op_);
            core.set_id(id);
            op_->set_result(-ECANCELED);
            self_ = this->shared_from_this();
            try
            {
                if (engine_.start(*object, *op_, lane::unordered))
                {
                    if (core.is_ending())
                        engine_.cancel(id);
                    return true;
                }
            }
            catch (...)
            {
                engine_.unreserve(*op_);
                throw;
            }
            result = op_->result();
        }
    }
    catch (const std::bad_alloc&)
    {
        result = -ENOMEM;
    }
    catch (const boost::system::system_error& e)
    {
        result = e.code().category() == boost::system::system_category()
                     ? -e.code().value()
                     : -EOWNERDEAD; // a child that may not go on
    }
    self_.reset(); // before another thread may start it
    settle(result);
    return false;
}

} // namespace detail
} // namespace urio::inline URIO_ABI
