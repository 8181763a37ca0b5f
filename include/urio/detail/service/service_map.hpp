// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Which of urio's services stands in for which of Asio's. Only sockets and
// descriptors are mapped: timers, signal sets, resolvers and serial ports keep
// Asio's own services, which urio's loop serves natively.
#pragma once

#include <urio/detail/asio/asio_detail.hpp>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Defined for the services that urio replaces, with its own as `type`.
template <class StockService>
struct replacement;

template <class StockService>
concept replaced_service = requires { typename replacement<StockService>::type; };

} // namespace detail
} // namespace urio::inline URIO_ABI
