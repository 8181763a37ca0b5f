// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Asio's names in namespace urio, by using-declarations: a using-directive would
// make `using namespace urio;` ambiguous. Written by tools/names, which a test
// runs to compare this list with the installed Asio. Do not edit.
#pragma once

#include <urio/config.hpp>

#include <boost/asio.hpp>

#if __has_include(<boost/asio/cancel_after.hpp>)
#include <boost/asio/cancel_after.hpp>
#endif
#if __has_include(<boost/asio/cancel_at.hpp>)
#include <boost/asio/cancel_at.hpp>
#endif

// Some of these are empty unless a header of theirs is included.
namespace boost::asio
{
namespace error
{
}
namespace execution
{
}
namespace experimental
{
}
namespace placeholders
{
}
namespace ssl
{
}
namespace this_coro
{
}
namespace traits
{
}
} // namespace boost::asio

namespace urio::inline URIO_ABI
{

namespace error = boost::asio::error;
namespace execution = boost::asio::execution;
namespace experimental = boost::asio::experimental;
namespace placeholders = boost::asio::placeholders;
namespace ssl = boost::asio::ssl;
namespace this_coro = boost::asio::this_coro;
namespace traits = boost::asio::traits;

using boost::asio::add_const;
using boost::asio::add_lvalue_reference;
using boost::asio::add_service;
using boost::asio::aligned_storage;
using boost::asio::alignment_of;
using boost::asio::allocator_arg_t;
using boost::asio::allocator_binder;
using boost::asio::any_completion_executor;
using boost::asio::any_completion_handler;
using boost::asio::any_completion_handler_allocator;
using boost::asio::append;
using boost::asio::append_t;
using boost::asio::as_tuple;
using boost::asio::as_tuple_t;
using boost::asio::associated_allocator;
using boost::asio::associated_allocator_t;
using boost::asio::associated_cancellation_slot;
using boost::asio::associated_cancellation_slot_t;
using boost::asio::associated_executor;
using boost::asio::associated_executor_t;
using boost::asio::associator;
using boost::asio::async_completion;
using boost::asio::async_compose;
using boost::asio::async_connect;
using boost::asio::async_initiate;
using boost::asio::async_operation;
using boost::asio::async_read;
using boost::asio::async_read_at;
using boost::asio::async_read_until;
using boost::asio::async_result;
using boost::asio::async_write;
using boost::asio::async_write_at;
using boost::asio::awaitable;
using boost::asio::bad_executor;
using boost::asio::basic_io_object;
using boost::asio::basic_serial_port;
using boost::asio::basic_signal_set;
using boost::asio::basic_socket_iostream;
using boost::asio::basic_socket_streambuf;
using boost::asio::basic_streambuf;
using boost::asio::basic_streambuf_ref;
using boost::asio::basic_string_view;
using boost::asio::basic_system_executor;
using boost::asio::basic_waitable_timer;
using boost::asio::bind_allocator;
using boost::asio::bind_cancellation_slot;
using boost::asio::bind_executor;
using boost::asio::buffer;
using boost::asio::buffer_copy;
using boost::asio::buffer_sequence_begin;
using boost::asio::buffer_sequence_end;
using boost::asio::buffer_size;
using boost::asio::buffered_read_stream;
using boost::asio::buffered_stream;
using boost::asio::buffered_write_stream;
using boost::asio::buffers_begin;
using boost::asio::buffers_end;
using boost::asio::buffers_iterator;
using boost::asio::can_prefer;
using boost::asio::can_query;
using boost::asio::can_require;
using boost::asio::can_require_concept;
using boost::asio::cancellation_filter;
using boost::asio::cancellation_signal;
using boost::asio::cancellation_slot;
using boost::asio::cancellation_slot_binder;
using boost::asio::cancellation_state;
using boost::asio::cancellation_type;
using boost::asio::cancellation_type_t;
using boost::asio::co_spawn;
using boost::asio::completion_handler_for;
using boost::asio::completion_signature;
using boost::asio::completion_signature_of;
using boost::asio::completion_signature_of_t;
using boost::asio::completion_token_for;
using boost::asio::conditional;
using boost::asio::conjunction;
using boost::asio::connect;
using boost::asio::connect_pipe;
using boost::asio::consign;
using boost::asio::consign_t;
using boost::asio::const_buffer;
using boost::asio::const_registered_buffer;
using boost::asio::coroutine;
using boost::asio::decay;
using boost::asio::declval;
using boost::asio::default_completion_token;
using boost::asio::default_completion_token_t;
using boost::asio::defer;
using boost::asio::deferred;
using boost::asio::deferred_async_operation;
using boost::asio::deferred_conditional;
using boost::asio::deferred_function;
using boost::asio::deferred_init_tag;
using boost::asio::deferred_noop;
using boost::asio::deferred_sequence;
using boost::asio::deferred_t;
using boost::asio::deferred_values;
using boost::asio::detached;
using boost::asio::detached_t;
using boost::asio::disable_cancellation;
using boost::asio::dispatch;
using boost::asio::dynamic_buffer;
using boost::asio::dynamic_string_buffer;
using boost::asio::dynamic_vector_buffer;
using boost::asio::enable_if;
using boost::asio::enable_partial_cancellation;
using boost::asio::enable_terminal_cancellation;
using boost::asio::enable_total_cancellation;
using boost::asio::execution_context;
using boost::asio::executor;
using boost::asio::executor_arg;
using boost::asio::executor_arg_t;
using boost::asio::executor_binder;
using boost::asio::executor_work_guard;
using boost::asio::false_type;
using boost::asio::get_associated_allocator;
using boost::asio::get_associated_cancellation_slot;
using boost::asio::get_associated_executor;
using boost::asio::has_service;
using boost::asio::high_resolution_timer;
using boost::asio::int16_t;
using boost::asio::int32_t;
using boost::asio::int64_t;
using boost::asio::int_least16_t;
using boost::asio::int_least32_t;
using boost::asio::int_least64_t;
using boost::asio::integral_constant;
using boost::asio::invalid_service_owner;
using boost::asio::is_applicable_property;
using boost::asio::is_async_operation;
using boost::asio::is_base_of;
using boost::asio::is_class;
using boost::asio::is_const;
using boost::asio::is_const_buffer_sequence;
using boost::asio::is_constructible;
using boost::asio::is_contiguous_iterator;
using boost::asio::is_convertible;
using boost::asio::is_copy_constructible;
using boost::asio::is_deferred;
using boost::asio::is_destructible;
using boost::asio::is_dynamic_buffer;
using boost::asio::is_dynamic_buffer_v1;
using boost::asio::is_dynamic_buffer_v2;
using boost::asio::is_endpoint_sequence;
using boost::asio::is_executor;
using boost::asio::is_function;
using boost::asio::is_match_condition;
using boost::asio::is_move_constructible;
using boost::asio::is_mutable_buffer_sequence;
using boost::asio::is_nothrow_copy_constructible;
using boost::asio::is_nothrow_destructible;
using boost::asio::is_nothrow_prefer;
using boost::asio::is_nothrow_query;
using boost::asio::is_nothrow_require;
using boost::asio::is_nothrow_require_concept;
using boost::asio::is_object;
using boost::asio::is_pointer;
using boost::asio::is_read_buffered;
using boost::asio::is_reference;
using boost::asio::is_same;
using boost::asio::is_scalar;
using boost::asio::is_write_buffered;
using boost::asio::make_service;
using boost::asio::make_strand;
using boost::asio::make_work_guard;
using boost::asio::multiple_exceptions;
using boost::asio::mutable_buffer;
using boost::asio::mutable_registered_buffer;
using boost::asio::noncopyable;
using boost::asio::null_buffers;
using boost::asio::nullptr_t;
using boost::asio::post;
using boost::asio::prefer;
using boost::asio::prefer_result;
using boost::asio::prefer_t;
using boost::asio::prepend;
using boost::asio::prepend_t;
using boost::asio::query;
using boost::asio::query_result;
using boost::asio::query_t;
using boost::asio::read;
using boost::asio::read_at;
using boost::asio::read_until;
using boost::asio::recycling_allocator;
using boost::asio::redirect_error;
using boost::asio::redirect_error_t;
using boost::asio::ref;
using boost::asio::reference_wrapper;
using boost::asio::registered_buffer_id;
using boost::asio::remove_cv;
using boost::asio::remove_cvref;
using boost::asio::remove_pointer;
using boost::asio::remove_reference;
using boost::asio::require;
using boost::asio::require_concept;
using boost::asio::require_concept_result;
using boost::asio::require_concept_t;
using boost::asio::require_result;
using boost::asio::require_t;
using boost::asio::result_of;
using boost::asio::serial_port;
using boost::asio::serial_port_base;
using boost::asio::service_already_exists;
using boost::asio::signal_set;
using boost::asio::socket_base;
using boost::asio::static_thread_pool;
using boost::asio::steady_timer;
using boost::asio::strand;
using boost::asio::streambuf;
using boost::asio::string_view;
using boost::asio::system_context;
using boost::asio::system_executor;
using boost::asio::system_timer;
using boost::asio::thread_pool;
using boost::asio::transfer_all;
using boost::asio::transfer_at_least;
using boost::asio::transfer_exactly;
using boost::asio::true_type;
using boost::asio::uint16_t;
using boost::asio::uint32_t;
using boost::asio::uint64_t;
using boost::asio::uint_least16_t;
using boost::asio::uint_least32_t;
using boost::asio::uint_least64_t;
using boost::asio::uintmax_t;
using boost::asio::uintptr_t;
using boost::asio::use_awaitable;
using boost::asio::use_awaitable_t;
using boost::asio::use_future;
using boost::asio::use_future_t;
using boost::asio::use_service;
using boost::asio::uses_executor;
using boost::asio::void_type;
using boost::asio::wait_traits;
using boost::asio::write;
using boost::asio::write_at;
#if BOOST_ASIO_VERSION <= 102802
using boost::asio::buffer_cast;
using boost::asio::const_buffers_1;
using boost::asio::mutable_buffers_1;
#endif
#if BOOST_ASIO_VERSION <= 103402
using boost::asio::basic_deadline_timer;
using boost::asio::deadline_timer;
using boost::asio::time_traits;
#endif
#if BOOST_ASIO_VERSION >= 102802
using boost::asio::associated_immediate_executor;
using boost::asio::associated_immediate_executor_t;
using boost::asio::bind_immediate_executor;
using boost::asio::deferred_signatures;
using boost::asio::get_associated_immediate_executor;
using boost::asio::immediate_executor_binder;
using boost::asio::signal_set_base;
#endif
#if BOOST_ASIO_VERSION >= 103402
using boost::asio::add_const_t;
using boost::asio::add_lvalue_reference_t;
using boost::asio::aligned_storage_t;
using boost::asio::async_immediate;
using boost::asio::cancel_after;
using boost::asio::cancel_after_t;
using boost::asio::cancel_after_timer;
using boost::asio::cancel_at;
using boost::asio::cancel_at_t;
using boost::asio::cancel_at_timer;
using boost::asio::co_composed;
using boost::asio::composed;
using boost::asio::conditional_t;
using boost::asio::config;
using boost::asio::config_from_concurrency_hint;
using boost::asio::config_from_env;
using boost::asio::config_from_string;
using boost::asio::config_service;
using boost::asio::decay_t;
using boost::asio::disposition;
using boost::asio::disposition_traits;
using boost::asio::enable_if_t;
using boost::asio::is_completion_condition;
using boost::asio::is_connect_condition;
using boost::asio::is_disposition;
using boost::asio::is_integral;
using boost::asio::is_nothrow_copy_assignable;
using boost::asio::is_nothrow_default_constructible;
using boost::asio::is_nothrow_move_assignable;
using boost::asio::is_nothrow_move_constructible;
using boost::asio::is_unsigned;
using boost::asio::no_error;
using boost::asio::no_error_t;
using boost::asio::partial_allocator_binder;
using boost::asio::partial_as_tuple;
using boost::asio::partial_cancel_after;
using boost::asio::partial_cancel_after_timer;
using boost::asio::partial_cancel_at;
using boost::asio::partial_cancel_at_timer;
using boost::asio::partial_cancellation_slot_binder;
using boost::asio::partial_executor_binder;
using boost::asio::partial_immediate_executor_binder;
using boost::asio::partial_redirect_error;
using boost::asio::prefer_result_t;
using boost::asio::query_result_t;
using boost::asio::remove_cv_t;
using boost::asio::remove_cvref_t;
using boost::asio::remove_pointer_t;
using boost::asio::remove_reference_t;
using boost::asio::require_concept_result_t;
using boost::asio::require_result_t;
using boost::asio::result_of_t;
using boost::asio::throw_exception;
using boost::asio::to_exception_ptr;
using boost::asio::type_identity;
using boost::asio::type_identity_t;
using boost::asio::void_t;
#endif
#if BOOST_ASIO_VERSION >= 103800
using boost::asio::basic_inline_executor;
using boost::asio::inline_executor;
using boost::asio::inline_or;
using boost::asio::inline_or_executor;
using boost::asio::is_void;
using boost::asio::partial_redirect_disposition;
using boost::asio::redirect_disposition;
using boost::asio::redirect_disposition_t;
#endif

namespace ip
{
using boost::asio::ip::address;
using boost::asio::ip::address_v4;
using boost::asio::ip::address_v4_iterator;
using boost::asio::ip::address_v4_range;
using boost::asio::ip::address_v6;
using boost::asio::ip::address_v6_iterator;
using boost::asio::ip::address_v6_range;
using boost::asio::ip::bad_address_cast;
using boost::asio::ip::basic_address_iterator;
using boost::asio::ip::basic_address_range;
using boost::asio::ip::basic_endpoint;
using boost::asio::ip::basic_resolver;
using boost::asio::ip::basic_resolver_entry;
using boost::asio::ip::basic_resolver_iterator;
using boost::asio::ip::basic_resolver_query;
using boost::asio::ip::basic_resolver_results;
using boost::asio::ip::host_name;
using boost::asio::ip::make_address;
using boost::asio::ip::make_address_v4;
using boost::asio::ip::make_address_v6;
using boost::asio::ip::make_network_v4;
using boost::asio::ip::make_network_v6;
using boost::asio::ip::network_v4;
using boost::asio::ip::network_v6;
using boost::asio::ip::port_type;
using boost::asio::ip::resolver_base;
using boost::asio::ip::resolver_query_base;
using boost::asio::ip::scope_id_type;
using boost::asio::ip::v4_mapped;
using boost::asio::ip::v4_mapped_t;
using boost::asio::ip::v6_only;
} // namespace ip

namespace local
{
using boost::asio::local::basic_endpoint;
} // namespace local

namespace generic
{
using boost::asio::generic::basic_endpoint;
} // namespace generic

namespace posix
{
using boost::asio::posix::descriptor_base;
} // namespace posix

} // namespace urio::inline URIO_ABI
