// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/fs/contents.hpp>

#include "in_one_piece.hpp"

#include <urio/fs/operations.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write_at.hpp>

#include <new>
#include <random>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>

namespace urio::inline URIO_ABI
{
namespace detail
{

boost::system::error_code code_of(const std::exception_ptr& e)
{
    if (!e)
        return {};
    try
    {
        std::rethrow_exception(e);
    }
    catch (const boost::system::system_error& s)
    {
        return s.code();
    }
    catch (const std::system_error& s)
    {
        return s.code();
    }
    catch (const std::bad_alloc&)
    {
        return boost::asio::error::no_memory;
    }
    catch (const std::length_error&)
    {
        return boost::asio::error::no_memory; // more than a container holds
    }
    catch (...)
    {
        return boost::system::errc::make_error_code(
            boost::system::errc::state_not_recoverable);
    }
}

namespace
{

using boost::asio::awaitable;
using use_awaitable_t = boost::asio::use_awaitable_t<any_io_executor>;
constexpr use_awaitable_t use_awaitable;
constexpr auto any_cancellation = boost::asio::enable_total_cancellation();
using file = basic_random_access_file<any_io_executor>;

// Throws what names the operation and the path.
void check(error_code ec, const char* operation, const fs::location& where)
{
    if (ec)
        throw fs::filesystem_error(ec, operation, where.path());
}

auto with_code(error_code& ec)
{
    return boost::asio::redirect_error(use_awaitable, ec);
}

// The directory that a file is in.
fs::location parent_of(const fs::location& where)
{
    std::string const& path = where.path();
    auto const slash = path.rfind('/');
    return {where.base(), slash == path.npos ? std::string(".")
                          : slash == 0       ? std::string("/")
                                             : path.substr(0, slash)};
}

// Completes `path` with what is not taken by another file.
std::string beside(const std::string& path)
{
    static constexpr char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    auto const slash = path.rfind('/') + 1; // 0 if there is none
    // A name has at most 255 bytes.
    std::string name = path.substr(0, slash) + '.' + path.substr(slash, 200) + '.';
    std::random_device random;
    for (int i = 0; i != 10; ++i)
        name += digits[random() % 36];
    return name + ".tmp";
}

// All but the opening and renaming.
awaitable<void, any_io_executor>
fill(file& f, const fs::location& where,
     const std::vector<boost::asio::const_buffer>& buffers, bool sync,
     std::uint64_t& written)
{
    error_code ec;
    written = co_await boost::asio::async_write_at(f, 0, buffers, in_one_piece(),
                                                   with_code(ec));
    check(ec, "async_write_file", where);
    if (sync)
        co_await f.async_sync_all(with_code(ec));
    if (ec != boost::asio::error::invalid_argument) // what has no disk below it
        check(ec, "async_write_file", where);
    co_await f.async_close(with_code(ec));
    check(ec, "async_write_file", where);
}

awaitable<void, any_io_executor>
overwrite(const fs::location& where,
          const std::vector<boost::asio::const_buffer>& buffers, const open_options& how,
          bool sync, std::uint64_t& written)
{
    auto const ex = co_await boost::asio::this_coro::executor;
    file f = co_await fs::async_open(ex, where, how, use_awaitable);
    co_await fill(f, where, buffers, sync, written);
}

awaitable<void, any_io_executor>
replace(const fs::location& where, const std::vector<boost::asio::const_buffer>& buffers,
        const fs::write_options& options, std::uint64_t& written)
{
    auto const ex = co_await boost::asio::this_coro::executor;
    error_code ec;
    file_status const old = co_await fs::async_stat(ex, where, with_code(ec));
    bool const replaces = !ec && old.is_regular_file();
    if (!ec && !replaces)
        // A device or a pipe keeps its name. (And a directory says that it is one.)
        co_return co_await overwrite(where, buffers, file_base::write_only, options.sync,
                                     written);
    fs::location const temporary(where.base(), beside(where.path()));
    // Nobody may read meanwhile what the old file keeps secret.
    unsigned const mode = replaces ? 0600 : options.mode;
    file f = co_await fs::async_open(
        ex, temporary,
        {file_base::write_only | file_base::create | file_base::exclusive, mode},
        use_awaitable);

    std::exception_ptr failed;
    file directory(ex);
    try
    {
        if (replaces && ::fchmod(f.native_handle(), old.native().stx_mode & 0777) != 0)
            check({errno, boost::system::system_category()}, "async_write_file", where);
        co_await fill(f, where, buffers, true, written);
        if (options.sync)
            directory = co_await fs::async_open(
                ex, parent_of(where), file_base::read_only | file_base::directory,
                use_awaitable);
        // From here on it takes place, or fails.
        co_await boost::asio::this_coro::reset_cancellation_state(
            boost::asio::disable_cancellation());
        co_await fs::async_rename(ex, temporary, where, use_awaitable);
    }
    catch (...)
    {
        failed = std::current_exception();
    }
    if (failed)
    {
        // Also after a cancellation.
        co_await boost::asio::this_coro::reset_cancellation_state(
            boost::asio::disable_cancellation());
        co_await fs::async_unlink(ex, temporary, with_code(ec));
        written = 0;
        std::rethrow_exception(failed);
    }
    if (options.sync)
        co_await directory.async_sync_all(with_code(ec));
    else
        ec = {};
    check(ec, "async_write_file", where);
}

} // namespace

fs_task<std::uint64_t> write_file(fs::location where,
                                  std::vector<boost::asio::const_buffer> buffers,
                                  fs::write_options options)
{
    co_await boost::asio::this_coro::reset_cancellation_state(any_cancellation);
    outcome<std::uint64_t> result;
    try
    {
        if (options.atomic)
            co_await replace(where, buffers, options, result.value);
        else
            co_await overwrite(
                where, buffers,
                {file_base::write_only | file_base::create | file_base::truncate,
                 options.mode},
                options.sync, result.value);
    }
    catch (...)
    {
        result.error = std::current_exception();
    }
    co_return result;
}

} // namespace detail
} // namespace urio::inline URIO_ABI
