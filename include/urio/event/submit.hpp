// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Any operation of io_uring as an asynchronous operation.
#pragma once

#include <urio/detail/initiate/executor_source.hpp>
#include <urio/detail/service/event_service.hpp>

#include <boost/asio/async_result.hpp>

#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

template <class Executor>
struct initiate_event
{
    using executor_type = Executor;

    const executor_type& get_executor() const noexcept { return executor; }

    template <class Handler, class E>
    void operator()(Handler&& handler, E event) const
    {
        non_const_lvalue<Handler> h(handler);
        event_service_of(executor).async_submit(std::move(event), h.value, executor);
    }

    Executor executor;
};

} // namespace detail

/// Carries out an event: `void(error_code, event_result_t<Event>, Event)`.
/**
 * The event comes back on every path: success, an error of the operation, cancellation,
 * an operation that was never submitted. It is at one address, and nobody but the kernel
 * touches what it owns, from event_type's `prepare()` to the last completion. One that
 * ends with a notification (a zero-copy send) completes when the kernel is done with it.
 *
 * Where the context does not run on io_uring, or its kernel lacks the operation, the
 * event's `perform()` does it; if there is none, it fails with an error of the category
 * event::missing_operation(), which names the operation and the kernel that has it.
 *
 * An event of several completions (multishot) ends with the last, whose result it has;
 * what the others brought is given up. async_submit_multi() is for these.
 *
 * Any thread. Supports terminal, partial and total cancellation: a request, after which
 * the kernel's own word decides (`operation_aborted`, a success, or a part of it). What
 * waits for a disk, or runs on a thread of the pool, may not be stopped and completes
 * when it is done. One allocation, from the handler's associated allocator.
 *
 * `source` is an execution context or an executor; io_uring is that of the context.
 * io_uring_enter(2).
 */
template <
    detail::executor_source Source, event_type Event,
    class Token = boost::asio::default_completion_token_t<detail::executor_of_t<Source>>>
auto async_submit(Source&& source, Event event, Token&& token = Token())
{
    using initiation = detail::initiate_event<detail::executor_of_t<Source>>;
    return boost::asio::async_initiate<Token, void(boost::system::error_code,
                                                   event_result_t<Event>, Event)>(
        initiation{detail::executor_of(source)}, token, std::move(event));
}

} // namespace urio::inline URIO_ABI
