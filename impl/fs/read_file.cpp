// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Whole files, read. A file ends where reading finds its end; its size is a hint, which
// saves reads where it is believed.

#include <urio/fs/contents.hpp>

#include "in_one_piece.hpp"

#include <urio/detail/file/file_order.hpp>
#include <urio/fs/operations.hpp>

#include <boost/asio/read_at.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <memory>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

using boost::asio::awaitable;
constexpr boost::asio::use_awaitable_t<any_io_executor> await_reading;

class whole_file
{
public:
    using task = awaitable<void, any_io_executor>;

    whole_file(const fs::location& where, byte_sink& sink, std::uint64_t limit)
        : where_(where)
        , sink_(sink)
        , limit_(limit)
    {
    }

    task read()
    {
        auto const ex = co_await boost::asio::this_coro::executor;
        file f = co_await fs::async_open(ex, where_, file_base::read_only, await_reading);
        file_status const status = f.stat();
        // Only what takes room on a disk is as large as it says: what the kernel makes up
        // as it is read claims to have nothing, a page, or more than there is memory.
        bool const believed = status.allocated() != 0;
        if (believed)
        {
            check_limit(status.size());
            // One read: with a byte more than there is, so that it is seen to end there.
            co_await read_on(f, status.size() + 1);
        }
        else
            co_await look(f, status.size());
        check_limit(size_);
    }

    /// How many bytes there were.
    std::uint64_t size() const noexcept { return size_; }

private:
    using file = basic_random_access_file<any_io_executor>;

    void check(error_code ec) const
    {
        if (ec)
            throw fs::filesystem_error(ec, "async_read_file", where_.path());
    }

    void check_limit(std::uint64_t n)
    {
        if (n <= limit_)
            return;
        size_ = 0;
        check({EFBIG, boost::system::system_category()});
    }

    // Most of what does not know its size is read by the first read, into memory that the
    // container need not keep.
    task look(file& f, std::uint64_t claimed)
    {
        auto const first = std::make_unique_for_overwrite<char[]>(first_read);
        error_code ec;
        std::size_t const n = co_await fill(f, first.get(), first_read, ec);
        sink_.resize(n);
        if (n != 0)
            std::memcpy(sink_.data(), first.get(), n);
        size_ = n;
        check(ec);
        // There may be something to the claim.
        constexpr std::uint64_t most = 64 << 20;
        if (!ended_)
            co_await read_on(f, std::clamp(claimed, std::uint64_t{2} * first_read, most));
    }

    // Up to the end, or beyond the limit.
    task read_on(file& f, std::uint64_t room)
    {
        // Some files are read in whole numbers of eight bytes only.
        constexpr std::uint64_t block = 4096;
        constexpr auto no_limit = std::numeric_limits<std::uint64_t>::max();
        std::uint64_t const most =
            limit_ < no_limit - block ? limit_ + block - limit_ % block : no_limit;
        for (; !ended_ && size_ <= limit_;
             room = std::max<std::uint64_t>(first_read, 2 * room))
        {
            room = std::min(room, most);
            sink_.resize(static_cast<std::size_t>(room));
            error_code ec;
            std::size_t const n =
                co_await fill(f, static_cast<char*>(sink_.data()) + size_,
                              static_cast<std::size_t>(room - size_), ec);
            size_ += n;
            check(ec);
        }
    }

    // The number of bytes that there were; the end is no error.
    awaitable<std::size_t, any_io_executor> fill(file& f, char* to, std::size_t room,
                                                 error_code& ec)
    {
        std::size_t const n = co_await boost::asio::async_read_at(
            f, size_, boost::asio::buffer(to, room), in_one_piece(),
            boost::asio::redirect_error(await_reading, ec));
        ended_ = ec == boost::asio::error::eof;
        if (ended_)
            ec = {};
        co_return n;
    }

    const fs::location& where_;
    byte_sink& sink_;
    std::uint64_t const limit_;
    std::uint64_t size_ = 0; // of what the container has
    bool ended_ = false;
};

} // namespace

awaitable<std::exception_ptr, any_io_executor>
read_file(fs::location where, byte_sink& sink, std::uint64_t limit)
{
    co_await boost::asio::this_coro::reset_cancellation_state(
        boost::asio::enable_total_cancellation());
    whole_file w(where, sink, limit);
    std::exception_ptr failed;
    try
    {
        co_await w.read();
    }
    catch (...)
    {
        failed = std::current_exception();
    }
    sink.resize(static_cast<std::size_t>(w.size()));
    co_return failed;
}

} // namespace detail
} // namespace urio::inline URIO_ABI
