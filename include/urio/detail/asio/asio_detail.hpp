// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The building blocks of boost::asio::detail that urio uses, under urio's own
// names. Only the layers that tools/layers lists name boost::asio::detail, so that a
// difference between Asio versions is mended here, once.
#pragma once

#include <urio/config.hpp>

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/buffer_registration.hpp>
#include <boost/asio/detail/bind_handler.hpp>
#include <boost/asio/detail/buffer_sequence_adapter.hpp>
#include <boost/asio/detail/consuming_buffers.hpp>
#include <boost/asio/detail/descriptor_ops.hpp>
#include <boost/asio/detail/fenced_block.hpp>
#include <boost/asio/detail/handler_alloc_helpers.hpp>
#include <boost/asio/detail/handler_cont_helpers.hpp>
#include <boost/asio/detail/handler_tracking.hpp>
#include <boost/asio/detail/handler_work.hpp>
#include <boost/asio/detail/io_object_impl.hpp>
#include <boost/asio/detail/memory.hpp>
#include <boost/asio/detail/non_const_lvalue.hpp>
#include <boost/asio/detail/op_queue.hpp>
#include <boost/asio/detail/reactive_descriptor_service.hpp>
#include <boost/asio/detail/reactive_socket_service.hpp>
#include <boost/asio/detail/reactor.hpp>
#include <boost/asio/detail/scheduler.hpp>
#include <boost/asio/detail/scheduler_operation.hpp>
#include <boost/asio/detail/socket_holder.hpp>
#include <boost/asio/detail/socket_ops.hpp>
#include <boost/asio/detail/throw_error.hpp>
#include <boost/asio/execution_context.hpp>

#include <type_traits>

namespace urio::inline URIO_ABI
{
namespace detail
{

// The scheduler and its operations.
using boost::asio::detail::op_queue;
using boost::asio::detail::scheduler;
using boost::asio::detail::scheduler_operation;

// The stock services that urio replaces, and the reactor that it hooks.
using stock_reactor = boost::asio::detail::reactor;
template <class Protocol>
using stock_socket_service = boost::asio::detail::reactive_socket_service<Protocol>;
using stock_socket_implementation =
    boost::asio::detail::reactive_socket_service_base::base_implementation_type;
using stock_descriptor_service = boost::asio::detail::reactive_descriptor_service;
template <class Service, class Executor>
using io_object_impl = boost::asio::detail::io_object_impl<Service, Executor>;

// Services are found by type: the key is that of this base.
template <class Service>
using service_base = boost::asio::detail::execution_context_service_base<Service>;

// Handlers: how they are bound to results, kept at work and invoked.
using boost::asio::detail::binder1;
using boost::asio::detail::binder2;
using boost::asio::detail::fenced_block;
using boost::asio::detail::handler_work;
using boost::asio::detail::move_binder2;
using boost::asio::detail::non_const_lvalue;

template <class Handler>
bool is_continuation(Handler& handler)
{
#if defined(BOOST_ASIO_VERSIONED_NAME)
    return BOOST_ASIO_VERSIONED_NAME(handler_cont_helpers)::is_continuation(handler);
#else
    return boost_asio_handler_cont_helpers::is_continuation(handler);
#endif
}

// System calls with Asio's error conventions.
namespace socket_ops = boost::asio::detail::socket_ops;
namespace descriptor_ops = boost::asio::detail::descriptor_ops;
using boost::asio::detail::ioctl_arg_type;
using boost::asio::detail::socket_holder;
using boost::asio::detail::throw_error;

template <class Buffer, class Buffers>
using buffer_sequence_adapter =
    boost::asio::detail::buffer_sequence_adapter<Buffer, Buffers>;

// Buffers that stand for none: the operation waits until it could transfer something. The
// type is deprecated in newer versions, but Asio's services still know it.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#endif
template <class Buffers>
inline constexpr bool is_null_buffers =
    std::is_same_v<Buffers, boost::asio::null_buffers>;
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

// Who may make registered buffers.
using boost::asio::detail::buffer_registration_base;

// The intermediate buffer list of composed operations. It owns nothing, so an
// operation that has copied its addresses need not keep it.
template <class Buffers>
inline constexpr bool is_prepared_buffers = false;
template <class Buffer, std::size_t MaxBuffers>
inline constexpr bool
    is_prepared_buffers<boost::asio::detail::prepared_buffers<Buffer, MaxBuffers>> = true;

} // namespace detail
} // namespace urio::inline URIO_ABI
