// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Where the rest of urio meets the loop of an execution context.
#pragma once

#include <urio/detail/engine/engine.hpp>
#include <urio/options.hpp>

#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Puts urio's loop where Asio's reactor would be. Fails with
/// errc::reactor_already_running or errc::already_installed.
void install_loop(boost::asio::execution_context& context, const uring_options& options,
                  boost::system::error_code& ec);

/// The engine of a context; it is set up at the first call. Throws what the engine's
/// constructor throws.
engine& use_engine(boost::asio::execution_context& context);

} // namespace detail
} // namespace urio::inline URIO_ABI
