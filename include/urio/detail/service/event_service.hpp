// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The service of events: operations that are on no object of Asio's kind.
#pragma once

#include <urio/detail/initiate/async_op.hpp>
#include <urio/detail/initiate/event.hpp>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

class event_service : public service_base<event_service>
{
public:
    explicit event_service(boost::asio::execution_context& context);

    // The engine has shut down what was pending.
    void shutdown() override {}

    /// Any thread. The handler is moved from.
    template <class E, class Handler, class IoExecutor>
    void async_submit(E&& event, Handler& handler, const IoExecutor& ex)
    {
        io_object* object = &object_;
        initiate<startable<event_op<E>>>(
            engine_, object, lane::unordered, handler, ex,
            [&](startable<event_op<E>>& op)
            {
                BOOST_ASIO_HANDLER_CREATION(
                    (context(), op, "event", this, 0, "async_submit"));
                auto const result = op.begin(engine_, object);
                op.set_result(result.value_or(0));
                return result ? initiation::immediate : initiation::start;
            },
            std::move(event));
    }

    engine& get_engine() const noexcept { return engine_; }
    /// What has no descriptor of its own is pending on this one.
    io_object& common_object() const noexcept { return object_; }

private:
    engine& engine_;
    io_object& object_;
};

/// That of the executor's context.
template <class Executor>
event_service& event_service_of(const Executor& ex)
{
    boost::asio::execution_context& context =
        boost::asio::query(ex, boost::asio::execution::context);
    return boost::asio::use_service<event_service>(context);
}

} // namespace detail
} // namespace urio::inline URIO_ABI
