// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The reactor on an execution context: events of descriptors, by completion tokens.
#pragma once

#include <urio/detail/asio/context_executor.hpp>
#include <urio/detail/service/reactor_wait.hpp>
#include <urio/reactor.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/execution_context.hpp>

#include <cstddef>
#include <memory>

namespace urio::inline URIO_ABI
{

/// Waits for events of a reactor's sources on an execution context.
/**
 * A service, one for each context:
 * @code
 * auto& service = boost::asio::use_service<urio::reactor_service>(context);
 * service.register_source(stream, token(1), interest::readable);
 * event e = co_await service.async_wait(token(1), urio::use_awaitable);
 * @endcode
 * Before its first use, `boost::asio::make_service<urio::reactor_service>(context,
 * options)` chooses the selector.
 *
 * Sources, tokens, interests, triggers and events are those of urio::reactor. What
 * differs from a `poll` is who waits: the threads that run the context do, in whatever
 * they wait in for everything else, as long as there is an async_wait() or async_poll()
 * pending. Those alone are work for the context; registered sources do not keep run()
 * from returning.
 *
 * @par Who gets an event
 * 1. Each async_wait() that is pending for the token, and wants what the event says.
 * 2. Else, or what of it none of them wanted: the async_poll() that has been pending
 *    longest. It gets all that was found together, up to its capacity.
 * 3. Else it is kept, and is for whichever of the two begins next. Events of one
 *    registration that are kept are merged into one.
 *
 * So nothing is lost between a registration and a wait, nor between two waits. What is
 * kept may be out of date when somebody takes it: an event is a hint. With trigger::level
 * nothing is kept: a wait that begins looks anew.
 *
 * When deregister() has returned no event of the source is given out any more, also if it
 * was kept, or had completed a wait whose turn on the context has not come: that ends
 * with `operation_aborted`. (Not so a handler that is on its way from the context to an
 * executor of its own, such as a strand.) The same goes for what reregister() replaces;
 * waits for the token go on, if it is still registered.
 *
 * @par Completion
 * Handlers run on their associated executor; without one, on a thread that runs the
 * context. Never within the initiating function, but through an
 * associated_immediate_executor. Their associated allocator is used. All types of
 * cancellation (terminal, partial, total) end a wait with `operation_aborted`; an event
 * that it would have got stays for the next one.
 *
 * @par Thread safety
 * Safe. One *source* is for one thread at a time.
 *
 * @par Lifetime
 * As that of the context, whose shut-down destroys the handlers of pending waits without
 * calling them. Sources may outlive it, and be registered elsewhere then.
 *
 * @par Fork
 * With boost::asio::execution_context::notify_fork() the parent goes on as before. The
 * child's service begins anew on a selector of its own, for the two would take each
 * other's events: nothing is registered with it, and waits that were pending complete
 * with `operation_aborted`.
 *
 * @par The system
 * With epoll and kqueue the descriptor of the selector is waited for as any other
 * descriptor of urio's (epoll(7)). poll(2) has none: the service then has a thread of
 * its own that waits, from the first wait on, and blocks all signals.
 */
class reactor_service : public detail::service_base<reactor_service>
{
    using wait_signature = void(boost::system::error_code, reactor::event);
    using poll_signature = void(boost::system::error_code, std::size_t);

public:
    /// The executor of handlers that have none.
    using executor_type = detail::context_executor;

    /// Called by use_service and make_service.
    /**
     * Throws boost::system::system_error: what the constructor of reactor::poll throws;
     * except with poll(2), also what that of a socket throws where there is no backend;
     * and the error of fcntl(2).
     */
    explicit reactor_service(boost::asio::execution_context& context,
                             const reactor::options& options = {});

    ~reactor_service() override;

    executor_type get_executor() const noexcept { return executor_type(scheduler_); }

    /// What sources are registered with; registering there is the same as here. It has
    /// add_interest(), remove_interest() and clones.
    const reactor::registry& registry() const noexcept;

    /// Asks for events of a source. Errors are those of reactor::registry.
    /**
     * Several sources may have the same token: each wait then gets an event of any of
     * them. See epoll_ctl(2).
     */
    template <reactor::source S>
    void register_source(S& s, reactor::token t, reactor::interest i,
                         reactor::trigger when, boost::system::error_code& ec)
    {
        registry().register_source(s, t, i, when, ec);
    }

    template <reactor::source S>
    void register_source(S& s, reactor::token t, reactor::interest i,
                         boost::system::error_code& ec)
    {
        registry().register_source(s, t, i, ec);
    }

    /// The same; throws boost::system::system_error.
    template <reactor::source S>
    void register_source(S& s, reactor::token t, reactor::interest i,
                         reactor::trigger when = reactor::trigger::edge)
    {
        registry().register_source(s, t, i, when);
    }

    /// Replaces token, interests and trigger of a source that is registered.
    /**
     * Waits for a token that has no source any more complete with `operation_aborted`.
     */
    template <reactor::source S>
    void reregister(S& s, reactor::token t, reactor::interest i, reactor::trigger when,
                    boost::system::error_code& ec)
    {
        registry().reregister(s, t, i, when, ec);
    }

    template <reactor::source S>
    void reregister(S& s, reactor::token t, reactor::interest i,
                    boost::system::error_code& ec)
    {
        registry().reregister(s, t, i, ec);
    }

    /// The same; throws boost::system::system_error.
    template <reactor::source S>
    void reregister(S& s, reactor::token t, reactor::interest i,
                    reactor::trigger when = reactor::trigger::edge)
    {
        registry().reregister(s, t, i, when);
    }

    /// Ends a registration. The destructors of urio's sources do the same.
    /**
     * If the token has no other source, the waits for it complete with
     * `operation_aborted`.
     */
    template <reactor::source S>
    void deregister(S& s, boost::system::error_code& ec)
    {
        registry().deregister(s, ec);
    }

    /// The same; throws boost::system::system_error.
    template <reactor::source S>
    void deregister(S& s)
    {
        registry().deregister(s);
    }

    /// Waits for the next event of a token: `void(error_code, reactor::event)`.
    /**
     * Several may wait for one token. Each event completes all that are pending when it
     * comes.
     *
     * Completes with `not_found` if no source is registered with the token, with
     * `operation_aborted` if it is cancelled or none is any more, and with an error of
     * the system if it cannot be waited for, such as `not_enough_memory`. The event says
     * nothing then. Throws std::bad_alloc, and what thread creation throws.
     */
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(wait_signature) CompletionToken>
    auto async_wait(reactor::token t, CompletionToken&& token)
    {
        return boost::asio::async_initiate<CompletionToken, wait_signature>(
            initiate_wait{this}, token, t, all);
    }

    /// The same, for an event that says something of the interests: that reading may not
    /// block, say, or that nothing more will arrive, or that there is an error.
    /**
     * The event may say more. What it says of other interests is then still for others:
     * this is how one coroutine waits to read, and another one to write. With
     * trigger::level, though, every event completes the wait.
     */
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(wait_signature) CompletionToken>
    auto async_wait(reactor::token t, reactor::interest i, CompletionToken&& token)
    {
        return boost::asio::async_initiate<CompletionToken, wait_signature>(
            initiate_wait{this}, token, t, bits_of(i));
    }

    /// Waits for events of any token: `void(error_code, std::size_t)`.
    /**
     * Completes when there is at least one that no async_wait() takes, with the number of
     * those that are in `out` then; the others are for the next one, in turn. `out` must
     * stay valid until the completion, and not be used before; the events replace what
     * was there. Later on, it leaves out the events of sources that are deregistered.
     *
     * Several may be pending: an event is given to one of them.
     *
     * Completes with `invalid_argument` if the capacity is zero, with `operation_aborted`
     * if it is cancelled, and else as async_wait() does.
     */
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(poll_signature) CompletionToken>
    auto async_poll(reactor::events& out, CompletionToken&& token)
    {
        return boost::asio::async_initiate<CompletionToken, poll_signature>(
            initiate_poll{this}, token, &out);
    }

private:
    static constexpr std::uint16_t all = 0xffff;

    /// The bits of events that have to do with an interest.
    static std::uint16_t bits_of(reactor::interest i) noexcept;

    void shutdown() override;
    void notify_fork(boost::asio::execution_context::fork_event event) override;

    struct initiate_wait
    {
        using executor_type = reactor_service::executor_type;

        executor_type get_executor() const noexcept { return self->get_executor(); }

        template <class Handler>
        void operator()(Handler&& handler, reactor::token t, std::uint16_t wanted) const
        {
            detail::non_const_lvalue<Handler> h(handler);
            detail::initiate_reactor_wait<detail::reactor_wait_op>(
                *self->demux_, self->scheduler_, "async_wait", h.value, get_executor(), t,
                wanted);
        }

        reactor_service* self;
    };

    struct initiate_poll
    {
        using executor_type = reactor_service::executor_type;

        executor_type get_executor() const noexcept { return self->get_executor(); }

        template <class Handler>
        void operator()(Handler&& handler, reactor::events* out) const
        {
            detail::non_const_lvalue<Handler> h(handler);
            detail::initiate_reactor_wait<detail::reactor_poll_op>(
                *self->demux_, self->scheduler_, "async_poll", h.value, get_executor(),
                *out);
        }

        reactor_service* self;
    };

    detail::scheduler& scheduler_;
    std::unique_ptr<detail::reactor_demux> demux_;
};

} // namespace urio::inline URIO_ABI
