// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Moves between urio's I/O objects and Asio's own. Asio's converting constructors move
// the implementation of one object of a service into another of the same service, or of
// another protocol's. Here one of ours poses as what they expect: a pointer to Asio's
// service, and an implementation of that service, into which the descriptor has gone.
#pragma once

#include <urio/detail/asio/asio_detail.hpp>
#include <urio/detail/asio/member_access.hpp>
#include <urio/detail/engine/engine.hpp>
#include <urio/error.hpp>

#include <boost/system/system_error.hpp>

#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// What the address of one of urio's services is to Asio's own I/O objects: the address
/// of the stock service of the same context.
template <class StockService>
class stock_service_pointer
{
public:
    explicit stock_service_pointer(boost::asio::execution_context& context) noexcept
        : context_(context)
    {
    }

    operator StockService*() const
    {
        return std::addressof(boost::asio::use_service<StockService>(context_));
    }

private:
    boost::asio::execution_context& context_;
};

/// Stands for a protocol in the type of a service that Asio's converting constructors
/// deduce; see below.
template <class Protocol>
struct handed_over
{
    using endpoint = typename Protocol::endpoint;
};

[[noreturn]] inline void refuse_move()
{
    throw boost::system::system_error(errc::operations_pending, "move");
}

/// Takes a descriptor from urio's engine, for Asio's reactor. `attach(context)` does what
/// is needed there, and throws if that fails; then nothing has changed.
template <class Attach>
void hand_over(io_object& object, Attach attach)
{
    engine& e = *object.engine_;
    if (!e.idle(object))
        refuse_move();
    attach(e.context());
    boost::system::error_code ec;
    e.release(object, ec);
}

URIO_NAME_MEMBER(descriptor_state_mutex_, stock_reactor::descriptor_state, mutex_);
URIO_NAME_MEMBER(descriptor_state_op_queue_, stock_reactor::descriptor_state, op_queue_);
URIO_NAME_MEMBER(stock_descriptor_data_, stock_descriptor_service::implementation_type,
                 reactor_data_);
URIO_NAME_MEMBER(stock_descriptor_state_, stock_descriptor_service::implementation_type,
                 state_);

/// Throws if operations are pending in Asio's reactor.
inline void refuse_if_pending(stock_reactor::per_descriptor_data data)
{
    if (!data)
        return;
    using mutex =
        std::remove_reference_t<decltype(data->*member_of(descriptor_state_mutex_{}))>;
    typename mutex::scoped_lock lock(data->*member_of(descriptor_state_mutex_{}));
    for (auto& queue : data->*member_of(descriptor_state_op_queue_{}))
        if (!queue.empty())
            refuse_move();
}

} // namespace detail
} // namespace urio::inline URIO_ABI

/// The empty base of urio's socket services by which the constructors of Asio's sockets
/// know the protocol, and the implementation that they move from.
template <class Protocol>
class boost::asio::detail::reactive_socket_service<urio::detail::handed_over<Protocol>>
{
public:
    struct implementation_type : reactive_socket_service_base::base_implementation_type
    {
        Protocol protocol_ = typename Protocol::endpoint().protocol();
    };
};
