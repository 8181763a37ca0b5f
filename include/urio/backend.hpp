// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What carries out the operations of a context, what this kernel's io_uring can
// do, and what has been counted.
#pragma once

#include <urio/error.hpp>
#include <urio/options.hpp>
#include <urio/statistics.hpp>

#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>

#include <bitset>
#include <string>

namespace urio::inline URIO_ABI
{

/// What carries out I/O.
enum class backend
{
    none,   ///< nothing: urio's sockets and files cannot be constructed, see the reason
    uring,  ///< io_uring
    epoll,  ///< a reactor on epoll(7), and a pool of threads for files
    kqueue, ///< a reactor on kqueue(2), and a pool of threads for files
    poll,   ///< a reactor on poll(2), and a pool of threads for files
};

/// "none", "io_uring", "epoll", "kqueue" or "poll".
const char* to_string(backend b) noexcept;

/// Where the loop of a context waits.
enum class loop_kind
{
    none,   ///< nowhere: there is no backend
    native, ///< in urio's engine, which is in the place of Asio's reactor
    /// In urio's engine, which was put in front of a reactor that was there first: as
    /// native, but for Asio's timers, which keep a descriptor of their own.
    hosted,
};

/// "none", "native" or "hosted".
const char* to_string(loop_kind k) noexcept;

/// The backend of a context.
struct backend_info
{
    backend kind = backend::none;
    /// Why there is no io_uring, if that is what decided; why there is no backend.
    boost::system::error_code error;
    /// Why it is this one, in words; and why its ring is shorter than usual, if it is.
    std::string reason;
    /// Where the loop waits.
    loop_kind loop = loop_kind::none;
    /// Which threads may use the context.
    thread_mode threads = thread_mode::shared;
    /// The flags that the ring was set up with (IORING_SETUP_*).
    unsigned setup_flags = 0;
    /// The entries of the ring's submission queue.
    unsigned entries = 0;
};

/// Tells what carries out the operations of urio's objects on a context.
/**
 * Sets the backend up if nothing has done so yet, as the construction of the first
 * object would; but where that throws boost::system::system_error, this function
 * reports it. The decision is also printed to the standard error, once for each
 * context, if the environment variable URIO_LOG is 1.
 *
 * Thread-safe. Throws std::bad_alloc, and std::invalid_argument for options out of
 * range.
 */
backend_info backend_of(boost::asio::execution_context& context);

/// Counters of the context's engine; all zero if it has none yet. Thread-safe and
/// cheap: a few loads. Counters are not taken at one instant.
statistics statistics_of(boost::asio::execution_context& context);

/// Hands the operations that have been started on a context to the kernel now.
/**
 * They go there by themselves, many at a time: when the handler that started them
 * returns to the loop, when the loop waits, or when a synchronous function of one of the
 * context's sockets or files is called. This function is for a handler that goes on to
 * compute for long, or for a thread that waits for their effect by other means.
 *
 * Thread-safe. In exclusive mode it has an effect on the thread that runs the context
 * only. Does nothing for a context without urio's objects. See io_uring_submit(3).
 */
void submit(boost::asio::execution_context& context) noexcept;

/// What io_uring can do in this process.
struct uring_features
{
    /// Whether urio can use it.
    bool available = false;
    /// Why not: a code of urio::errc, or of the system's.
    boost::system::error_code error;
    /// The same in words.
    std::string reason;
    /// The kernel's IORING_FEAT_* bits.
    unsigned features = 0;
    /// The operations that the kernel knows, by IORING_OP_* number.
    std::bitset<256> operations;

    bool supports(unsigned operation) const noexcept
    {
        return operation < operations.size() && operations[operation];
    }
};

/// Asks the kernel, at the first call; later calls return the same answer, except
/// that a lack of memory or descriptors is not remembered.
/**
 * Sets up a small ring for the question and takes it down again (io_uring_setup(2),
 * IORING_REGISTER_PROBE). Thread-safe. Throws std::bad_alloc.
 */
uring_features features();

} // namespace urio::inline URIO_ABI
