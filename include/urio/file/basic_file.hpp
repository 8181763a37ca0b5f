// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What stream files and random-access files have in common. (file_handle.hpp has how they
// are opened and closed.)
#pragma once

#include <urio/detail/file/file_handle.hpp>

#include <boost/asio/async_result.hpp>

#include <concepts>
#include <cstdint>
#include <utility>

namespace urio::inline URIO_ABI
{

/// An open file, with the interface of boost::asio::basic_file.
/**
 * No build-wide macro is needed, and any number of positional operations may be in
 * flight on one object. The executor's context must be a urio::io_context, or any
 * other context on which no I/O object of Asio's own was constructed before the first
 * of urio's.
 *
 * Every function that can fail has two forms: one throws boost::system::system_error,
 * the other sets an `error_code`. The constructors throw it with the codes of
 * urio::errc, too, if io_uring cannot be used.
 *
 * @par Thread safety
 * Distinct objects: safe. Shared objects: unsafe.
 *
 * @par Lifetime
 * The object may be moved or destroyed while operations are pending. Destruction
 * cancels them; their handlers are called with `operation_aborted`, or with their
 * result if they had taken place. The buffers must stay valid until then.
 */
template <class Executor>
class basic_file : public detail::file_handle<Executor>
{
    using base = detail::file_handle<Executor>;
    using default_token = typename boost::asio::default_completion_token<Executor>::type;
    using plain_signature = void(boost::system::error_code);
    using size_signature = void(boost::system::error_code, std::uint64_t);
    using stat_signature = void(boost::system::error_code, file_status);

public:
    using executor_type = Executor;
    using native_handle_type = typename base::native_handle_type;

    /// Rebinds the file type to another executor.
    template <class OtherExecutor>
    struct rebind_executor
    {
        using other = basic_file<OtherExecutor>;
    };

    /// Construct a file without opening it.
    explicit basic_file(const executor_type& ex) : base(ex) {}

    template <detail::context_type ExecutionContext>
    explicit basic_file(ExecutionContext& context) : base(context)
    {
    }

    basic_file(basic_file&& other) noexcept = default;
    basic_file& operator=(basic_file&& other) = default;

    /// Move from a file with another executor type.
    template <std::convertible_to<Executor> OtherExecutor>
    basic_file(basic_file<OtherExecutor>&& other) : base(std::move(other))
    {
    }

    template <std::convertible_to<Executor> OtherExecutor>
    basic_file& operator=(basic_file<OtherExecutor>&& other)
    {
        base::operator=(std::move(other));
        return *this;
    }

    /// The size of the file in bytes: fstat(2).
    std::uint64_t size() const
    {
        boost::system::error_code ec;
        std::uint64_t const n = size(ec);
        detail::throw_error(ec, "size");
        return n;
    }

    std::uint64_t size(boost::system::error_code& ec) const
    {
        return this->service().size(this->implementation(), ec);
    }

    /// Start to ask for the size: `void(error_code, std::uint64_t)`. IORING_OP_STATX,
    /// Linux 5.6.
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(size_signature) Token = default_token>
    auto async_size(Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, size_signature>(
            initiate_call{this}, token, detail::size_call(), "async_size");
    }

    /// The status of the file: statx(2).
    file_status stat() const
    {
        boost::system::error_code ec;
        file_status const s = stat(ec);
        detail::throw_error(ec, "stat");
        return s;
    }

    file_status stat(boost::system::error_code& ec) const
    {
        return this->service().stat(this->implementation(), ec);
    }

    /// Start to ask for the status: `void(error_code, file_status)`. IORING_OP_STATX,
    /// Linux 5.6.
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(stat_signature) Token = default_token>
    auto async_stat(Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, stat_signature>(
            initiate_call{this}, token, detail::stat_call(), "async_stat");
    }

    /// Cut the file, or extend it with zeros, to a size in bytes: ftruncate(2).
    void resize(std::uint64_t n)
    {
        boost::system::error_code ec;
        resize(n, ec);
        detail::throw_error(ec, "resize");
    }

    boost::system::error_code resize(std::uint64_t n, boost::system::error_code& ec)
    {
        return this->service().resize(this->implementation(), n, ec);
    }

    /// Start to cut or extend the file: `void(error_code)`. IORING_OP_FTRUNCATE, Linux
    /// 6.9; a thread does it elsewhere.
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(plain_signature) Token = default_token>
    auto async_resize(std::uint64_t n, Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, plain_signature>(
            initiate_call{this}, token, detail::resize_call(n), "async_resize");
    }

    /// Give the file room on the disk, or take it away: fallocate(2).
    /**
     * `offset` and `length` are in bytes. Fails with `operation_not_supported` if the
     * file system cannot do that, with `no_space_on_device` if there is no room, and with
     * `file_too_large`.
     */
    void allocate(file_base::allocation mode, std::uint64_t offset, std::uint64_t length)
    {
        boost::system::error_code ec;
        allocate(mode, offset, length, ec);
        detail::throw_error(ec, "allocate");
    }

    boost::system::error_code allocate(file_base::allocation mode, std::uint64_t offset,
                                       std::uint64_t length,
                                       boost::system::error_code& ec)
    {
        return this->service().allocate(this->implementation(), mode, offset, length, ec);
    }

    /// Start to do so: `void(error_code)`. IORING_OP_FALLOCATE, Linux 5.6.
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(plain_signature) Token = default_token>
    auto async_allocate(file_base::allocation mode, std::uint64_t offset,
                        std::uint64_t length, Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, plain_signature>(
            initiate_call{this}, token, detail::allocate_call(mode, offset, length),
            "async_allocate");
    }

    /// Tell the kernel how the file is going to be used: posix_fadvise(2).
    /**
     * `offset` and `length` are in bytes; a length of 0 means up to the end.
     */
    void advise(file_base::advice a, std::uint64_t offset = 0, std::uint64_t length = 0)
    {
        boost::system::error_code ec;
        advise(a, offset, length, ec);
        detail::throw_error(ec, "advise");
    }

    boost::system::error_code advise(file_base::advice a, std::uint64_t offset,
                                     std::uint64_t length, boost::system::error_code& ec)
    {
        return this->service().advise(this->implementation(), a, offset, length, ec);
    }

    /// Start to do so: `void(error_code)`. IORING_OP_FADVISE, Linux 5.6; a thread does it
    /// for a length of 4 GiB or more.
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(plain_signature) Token = default_token>
    auto async_advise(file_base::advice a, std::uint64_t offset, std::uint64_t length,
                      Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, plain_signature>(
            initiate_call{this}, token, detail::advise_call(a, offset, length),
            "async_advise");
    }

    /// Wait until data and metadata are on the disk: fsync(2).
    void sync_all()
    {
        boost::system::error_code ec;
        sync_all(ec);
        detail::throw_error(ec, "sync_all");
    }

    boost::system::error_code sync_all(boost::system::error_code& ec)
    {
        return this->service().sync_all(this->implementation(), ec);
    }

    /// Start to wait for that: `void(error_code)`.
    /**
     * What was written by operations that have completed before is concerned, not what is
     * still pending. IORING_OP_FSYNC, Linux 5.1. Supports cancellation of types terminal,
     * partial and total, as long as it has not begun.
     */
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(plain_signature) Token = default_token>
    auto async_sync_all(Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, plain_signature>(
            initiate_call{this}, token, detail::sync_call(false), "async_sync_all");
    }

    /// Wait until the data is on the disk: fdatasync(2).
    void sync_data()
    {
        boost::system::error_code ec;
        sync_data(ec);
        detail::throw_error(ec, "sync_data");
    }

    boost::system::error_code sync_data(boost::system::error_code& ec)
    {
        return this->service().sync_data(this->implementation(), ec);
    }

    /// Start to wait for that: `void(error_code)`, see async_sync_all().
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(plain_signature) Token = default_token>
    auto async_sync_data(Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, plain_signature>(
            initiate_call{this}, token, detail::sync_call(true), "async_sync_data");
    }

protected:
    ~basic_file() = default;

private:
    struct initiate_call : base::template initiate_base<basic_file>
    {
        template <class Handler, class Call>
        void operator()(Handler&& handler, Call call, const char* name) const
        {
            detail::non_const_lvalue<Handler> h(handler);
            basic_file* const f = this->self;
            f->service().async_call(f->implementation(), std::move(call), name, h.value,
                                    f->get_executor());
        }
    };
};

} // namespace urio::inline URIO_ABI
