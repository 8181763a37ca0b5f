// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/fs/send.hpp>

#include "duplicate.hpp"

#include <urio/detail/fs/initiate.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <sys/sendfile.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

constexpr boost::asio::use_awaitable_t<any_io_executor> token_for_sends;

// A slow disk takes some milliseconds for as much.
constexpr std::uint64_t at_a_time = 1 << 20;

struct send_call
{
    int perform(int) const noexcept
    {
        auto from = static_cast<::off_t>(offset);
        ::ssize_t const n = ::sendfile(socket, file, &from, length);
        return n >= 0 ? static_cast<int>(n) : -errno;
    }
    // "Not yet" is an answer.
    std::tuple<boost::system::error_code, int>
    results(int result, boost::system::error_code ec, bool) const noexcept
    {
        return {result == -EAGAIN ? boost::system::error_code() : ec, result};
    }

    int socket, file;
    std::uint64_t offset;
    std::size_t length;
};

void check_send(boost::system::error_code ec)
{
    if (ec)
        throw boost::system::system_error(ec, "async_send_file");
}

boost::asio::awaitable<void, any_io_executor> send(send_target& target, int file,
                                                   std::uint64_t offset,
                                                   std::uint64_t length,
                                                   std::uint64_t& sent)
{
    auto const ex = co_await boost::asio::this_coro::executor;
    int const number = target.descriptor();
    // Numbers of its own: the caller may close the others, and they may become those of
    // other files, while a thread is in the call.
    unique_descriptor const socket = duplicate(number, "async_send_file");
    unique_descriptor const source = duplicate(file, "async_send_file");
    constexpr std::uint64_t most = std::numeric_limits<::off_t>::max();
    if (offset > most || length > most - offset)
        check_send(boost::asio::error::invalid_argument);

    boost::system::error_code ec;
    while (sent != length)
    {
        if (target.descriptor() != number)
            check_send(boost::asio::error::bad_descriptor);
        int const n = co_await async_fs_call<int>(
            ex, token_for_sends, "async_send_file",
            send_call{socket.get(), source.get(), offset + sent,
                      static_cast<std::size_t>(std::min(at_a_time, length - sent))});
        if (n == 0)
            check_send(boost::asio::error::eof);
        if (n > 0)
            sent += static_cast<unsigned>(n);
        else
            co_await target.wait(ec);
        check_send(ec);
    }
}

} // namespace

fs_task<std::uint64_t> send_file(std::unique_ptr<send_target> target, int file,
                                 std::uint64_t offset, std::uint64_t length)
{
    co_await boost::asio::this_coro::reset_cancellation_state(
        boost::asio::enable_total_cancellation());
    outcome<std::uint64_t> result;
    bool blocking = false;
    try
    {
        boost::system::error_code ec;
        if (target->descriptor() < 0)
            check_send(boost::asio::error::bad_descriptor);
        blocking = !target->set_non_blocking(true, ec);
        check_send(ec);
        co_await send(*target, file, offset, length, result.value);
    }
    catch (...)
    {
        result.error = std::current_exception();
    }
    boost::system::error_code ignored;
    if (blocking && target->descriptor() >= 0)
        target->set_non_blocking(false, ignored);
    co_return result;
}

} // namespace detail
} // namespace urio::inline URIO_ABI
