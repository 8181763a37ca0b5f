// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// urio's loop on an execution context of Asio's own.
#pragma once

#include <urio/detail/loop/loop.hpp>
#include <urio/error.hpp>
#include <urio/options.hpp>

#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

namespace urio::inline URIO_ABI
{

/// Installs urio's loop on an execution context, in the place of Asio's reactor.
/**
 * For a boost::asio::io_context, a thread_pool, or any other context; urio::io_context
 * does so when it is constructed. It must come before anything else that needs a reactor:
 * Asio's sockets, timers and signal sets. On a context that has a reactor already,
 * urio's objects work all the same, see loop_kind::hosted; without options, a context
 * that has neither gets the loop when the first of urio's objects is constructed on it.
 *
 * @param ec errc::reactor_already_running if it is too late; errc::already_installed if
 * urio's loop is there, with the options that it was installed with.
 *
 * Thread-safe. Throws std::bad_alloc.
 */
inline void install(boost::asio::execution_context& context, const uring_options& options,
                    boost::system::error_code& ec)
{
    detail::install_loop(context, options, ec);
}

/// The same; throws boost::system::system_error.
inline void install(boost::asio::execution_context& context, const uring_options& options)
{
    boost::system::error_code ec;
    install(context, options, ec);
    if (ec)
        throw boost::system::system_error(ec, "install");
}

/// The same, with the default options. Does nothing if urio's loop is there already.
inline void install(boost::asio::execution_context& context)
{
    boost::system::error_code ec;
    install(context, {}, ec);
    if (ec && ec != errc::already_installed)
        throw boost::system::system_error(ec, "install");
}

} // namespace urio::inline URIO_ABI
