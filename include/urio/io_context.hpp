// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// urio::io_context: Asio's, with urio's loop in it.
#pragma once

#include <urio/detail/asio/executor.hpp>
#include <urio/install.hpp>
#include <urio/options.hpp>

#include <boost/asio/io_context.hpp>

#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{

/// boost::asio::io_context, whose threads wait in io_uring.
/**
 * It is a boost::asio::io_context, and goes wherever a reference to one is wanted.
 * Every I/O object of Asio runs on it: those of namespace urio on io_uring, and those
 * of namespace boost::asio on Asio's own services, in the same loop and thread. The
 * ring is set up when the first of urio's sockets or files is constructed; until
 * then, and in programs that use none, the context waits as Asio's does.
 *
 * @par Thread safety
 * That of boost::asio::io_context: distinct objects are safe; shared objects are
 * safe, with the exception of restart() and notify_fork(). With
 * thread_mode::exclusive only one thread may run the context, the first that does:
 * run() and its like throw boost::system::system_error with errc::wrong_thread on any
 * other. That thread must also destroy the context if operations are still pending
 * then; on another thread the program is terminated, with a message that says so.
 *
 * @par Forking
 * The contract of boost::asio::execution_context::notify_fork() holds: parent and
 * child both go on with the operations that are pending, the child in its first turn.
 * File operations that were started are completed before the fork, so that none takes
 * place twice; nothing is received, accepted or sent between fork_prepare and
 * fork_parent. A child may call notify_fork() and exec in a program of many threads.
 *
 * @par Kernel
 * Linux 5.11; 6.1 or newer for the full gain.
 */
class io_context : public boost::asio::io_context
{
public:
    /// The executor type, urio's own, so that I/O objects that are instantiated with
    /// it run on urio. Converts to boost::asio::io_context::executor_type.
    using executor_type =
        detail::io_context_executor<boost::asio::io_context::executor_type>;

    io_context() { install(*this); }

    /// Construct with Asio's hint about the number of threads.
    explicit io_context(int concurrency_hint) : boost::asio::io_context(concurrency_hint)
    {
        install(*this);
    }

    /// Construct with options for the ring.
    explicit io_context(const uring_options& options)
        : boost::asio::io_context(hint(options))
    {
        install(*this, options);
    }

    /// Construct with Asio's hint and options for the ring.
    io_context(int concurrency_hint, const uring_options& options)
        : boost::asio::io_context(concurrency_hint)
    {
        install(*this, options);
    }

    /// Construct in any other way that this version of boost::asio::io_context has.
    template <class First, class... Rest>
        requires(std::is_constructible_v<boost::asio::io_context, First, Rest...> &&
                 !std::is_arithmetic_v<std::remove_cvref_t<First>>)
    explicit io_context(First&& first, Rest&&... rest)
        : boost::asio::io_context(std::forward<First>(first), std::forward<Rest>(rest)...)
    {
        install(*this);
    }

    executor_type get_executor() noexcept
    {
        return executor_type(boost::asio::io_context::get_executor());
    }

private:
    // One thread alone runs an exclusive context: Asio's scheduler need not wake
    // others.
    static int hint(const uring_options& options) noexcept
    {
        return options.threads == thread_mode::exclusive
                   ? 1
                   : BOOST_ASIO_CONCURRENCY_HINT_DEFAULT;
    }
};

namespace detail
{

template <class Inner>
io_context&
io_context_executor<Inner>::query(boost::asio::execution::context_t) const noexcept
{
    return static_cast<io_context&>(
        boost::asio::query(inner_, boost::asio::execution::context));
}

#if !defined(BOOST_ASIO_NO_TS_EXECUTORS)
template <class Inner>
io_context& io_context_executor<Inner>::context() const noexcept
{
    return query(boost::asio::execution::context);
}
#endif

} // namespace detail
} // namespace urio::inline URIO_ABI
