// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Handlers with an executor of their own for operations that complete at once
// (associated_immediate_executor, Boost 1.82 and newer).
#pragma once

#include <urio/detail/asio/asio_detail.hpp>

#if __has_include(<boost/asio/associated_immediate_executor.hpp>)
#define URIO_HAS_IMMEDIATE_EXECUTOR 1
#include <boost/asio/associated_immediate_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/system_executor.hpp>
#endif

#include <type_traits>

namespace urio::inline URIO_ABI
{
namespace detail
{

#if defined(URIO_HAS_IMMEDIATE_EXECUTOR)
using boost::asio::detail::immediate_handler_work;

/// Whether the handler has one. By default it depends on the executor of the I/O object:
/// one that does not is the handler's own.
template <class Handler>
inline constexpr bool has_immediate_executor =
    std::is_same_v<typename boost::asio::associated_immediate_executor<
                       Handler, boost::asio::io_context::executor_type>::type,
                   typename boost::asio::associated_immediate_executor<
                       Handler, boost::asio::system_executor>::type>;
#else
template <class Handler>
inline constexpr bool has_immediate_executor = false;
#endif

} // namespace detail
} // namespace urio::inline URIO_ABI
