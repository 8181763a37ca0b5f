// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// From a file to a socket, within the kernel.
#pragma once

#include <urio/detail/fs/task.hpp>
#include <urio/file/basic_random_access_file.hpp>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// What async_send_file needs of a socket, whatever its type is.
class send_target
{
public:
    virtual ~send_target() = default;

    virtual int descriptor() = 0;
    /// The mode it was in before.
    virtual bool set_non_blocking(bool on, boost::system::error_code& ec) = 0;
    virtual boost::asio::awaitable<void, any_io_executor>
    wait(boost::system::error_code& ec) = 0;
};

template <class Socket>
class socket_target final : public send_target
{
public:
    explicit socket_target(Socket& s) noexcept : socket_(s) {}

    int descriptor() override { return socket_.is_open() ? socket_.native_handle() : -1; }

    bool set_non_blocking(bool on, boost::system::error_code& ec) override
    {
        bool const before = socket_.native_non_blocking();
        if (before != on)
            socket_.native_non_blocking(on, ec);
        return before;
    }

    boost::asio::awaitable<void, any_io_executor>
    wait(boost::system::error_code& ec) override
    {
        using token = boost::asio::use_awaitable_t<any_io_executor>;
        co_await socket_.async_wait(Socket::wait_write,
                                    boost::asio::redirect_error(token(), ec));
    }

private:
    Socket& socket_;
};

/// `file` is a descriptor.
fs_task<std::uint64_t> send_file(std::unique_ptr<send_target> target, int file,
                                 std::uint64_t offset, std::uint64_t length);

} // namespace detail

namespace fs
{

/// Sends a range of a file through a stream socket: `void(error_code, std::uint64_t)`.
/**
 * The bytes pass from the file to the socket within the kernel, sendfile(2), on a thread,
 * which waits for the disk only; the socket is waited for as ever. `offset` and `length`
 * are in bytes; the result is how many were sent, also after an error. `eof` if the file
 * ends before: it may have been truncated meanwhile.
 *
 * The socket is in the kernel's non-blocking mode meanwhile (`native_non_blocking`), and
 * nothing else may be sent through it. Both objects must stay valid until the completion;
 * closing the socket ends the operation, with `bad_descriptor` or `operation_aborted`.
 * Supports terminal, partial and total cancellation: what was sent before is reported.
 */
template <class Protocol, class Executor, class FileExecutor, class Token>
auto async_send_file(boost::asio::basic_stream_socket<Protocol, Executor>& socket,
                     basic_random_access_file<FileExecutor>& file, std::uint64_t offset,
                     std::uint64_t length, Token&& token)
{
    using target =
        detail::socket_target<boost::asio::basic_stream_socket<Protocol, Executor>>;
    return detail::async_fs_task<std::uint64_t>(
        socket.get_executor(), std::forward<Token>(token),
        [&socket, &file, offset, length]
        {
            return detail::send_file(std::make_unique<target>(socket),
                                     file.native_handle(), offset, length);
        });
}

} // namespace fs
} // namespace urio::inline URIO_ABI
