// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What stream files and random-access files have in common.
#pragma once

#include <urio/any_io_executor.hpp>
#include <urio/file/file_base.hpp>
#include <urio/detail/service/file_opening.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/execution_context.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <type_traits>

namespace urio::inline URIO_ABI
{
namespace detail
{

template <class T>
concept context_type = std::is_convertible_v<T&, boost::asio::execution_context&>;

template <class File>
struct open_into;

} // namespace detail

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
class basic_file : public file_base
{
    using default_token = typename boost::asio::default_completion_token<Executor>::type;
    using plain_signature = void(boost::system::error_code);
    using size_signature = void(boost::system::error_code, std::uint64_t);
    using stat_signature = void(boost::system::error_code, file_status);

public:
    using executor_type = Executor;
    using native_handle_type = int;

    /// Rebinds the file type to another executor.
    template <class OtherExecutor>
    struct rebind_executor
    {
        using other = basic_file<OtherExecutor>;
    };

    /// Construct a file without opening it.
    explicit basic_file(const executor_type& ex) : impl_(0, ex) {}

    template <detail::context_type ExecutionContext>
    explicit basic_file(ExecutionContext& context) : impl_(0, 0, context)
    {
    }

    // The forms that open a file belong to the derived classes, which have to say
    // first whether it is a stream.

    basic_file(basic_file&& other) noexcept = default;

    basic_file& operator=(basic_file&& other)
    {
        impl_ = std::move(other.impl_);
        return *this;
    }

    template <class OtherExecutor>
    friend class basic_file;

    /// Move from a file with another executor type.
    template <std::convertible_to<Executor> OtherExecutor>
    basic_file(basic_file<OtherExecutor>&& other) : impl_(std::move(other.impl_))
    {
    }

    template <std::convertible_to<Executor> OtherExecutor>
    basic_file& operator=(basic_file<OtherExecutor>&& other)
    {
        basic_file moved(std::move(other));
        impl_ = std::move(moved.impl_);
        return *this;
    }

    const executor_type& get_executor() noexcept { return impl_.get_executor(); }

    /// Open a file: open(2) with mode 0777 less the umask. Blocks while the file
    /// system looks the path up.
    void open(const char* path, flags open_flags)
    {
        boost::system::error_code ec;
        open(path, open_flags, ec);
        detail::throw_error(ec, "open");
    }

    boost::system::error_code open(const char* path, flags open_flags,
                                   boost::system::error_code& ec)
    {
        return service().open(implementation(), path, open_flags, ec);
    }

    void open(const std::string& path, flags open_flags)
    {
        open(path.c_str(), open_flags);
    }

    boost::system::error_code open(const std::string& path, flags open_flags,
                                   boost::system::error_code& ec)
    {
        return open(path.c_str(), open_flags, ec);
    }

    /// Open a file with more of a choice: openat2(2).
    /**
     * `where` is a path (a string, std::filesystem::path or boost::filesystem::path), or
     * a path and the fs::directory that it is relative to. The descriptor is closed when
     * the process executes another program.
     */
    void open(const fs::location& where, const open_options& options)
    {
        boost::system::error_code ec;
        open(where, options, ec);
        detail::throw_error(ec, "open");
    }

    boost::system::error_code open(const fs::location& where, const open_options& options,
                                   boost::system::error_code& ec)
    {
        return service().open(implementation(), where, options, ec);
    }

    /// Start to open a file: `void(error_code)`.
    /**
     * The file is open when the handler is called without an error. It may be moved
     * meanwhile; close() and its destruction end the operation with `operation_aborted`,
     * and what was opened yet is closed. Completes with `already_open` or
     * `already_started` if it is open or being opened, with `invalid_argument` if the
     * path contains a null character, and with the errors of open(2).
     *
     * Supports cancellation of types terminal, partial and total.
     *
     * @par Kernel
     * Linux 5.6: IORING_OP_OPENAT2. A thread opens the file on a reactor, which does not
     * wait for the other end of a named pipe: to open such a one for writing completes
     * with `no_such_device_or_address` if nobody reads. io_uring does so, too, if what
     * the path leads to is in the kernel's cache and is neither created nor truncated;
     * else a thread of the kernel's waits. file_base::non_blocking decides it.
     */
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(plain_signature) Token = default_token>
    auto async_open(fs::location where, open_options options,
                    Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, plain_signature>(
            initiate_open{this}, token, std::move(where), options);
    }

    /// Take an open descriptor over. A stream file uses the kernel's position of
    /// it.
    void assign(native_handle_type descriptor)
    {
        boost::system::error_code ec;
        assign(descriptor, ec);
        detail::throw_error(ec, "assign");
    }

    boost::system::error_code assign(native_handle_type descriptor,
                                     boost::system::error_code& ec)
    {
        return service().assign(implementation(), descriptor, ec);
    }

    bool is_open() const noexcept { return service().is_open(implementation()); }

    /// Close the file, after cancelling what is pending. A write that is with the
    /// disk already may still take place.
    void close()
    {
        boost::system::error_code ec;
        close(ec);
        detail::throw_error(ec, "close");
    }

    boost::system::error_code close(boost::system::error_code& ec)
    {
        return service().close(implementation(), ec);
    }

    /// Start to close the file: `void(error_code)`.
    /**
     * The file counts as closed at once. What is pending is cancelled; the descriptor is
     * closed when all of it has ended, and the handler is called then. The error is that
     * of close(2), which some file systems use to tell that data written before could not
     * be stored (`EIO`, `ENOSPC`, `EDQUOT`); the descriptor is closed all the same. The
     * operation cannot be cancelled.
     *
     * @par Kernel
     * Linux 5.6: IORING_OP_CLOSE; a thread does it elsewhere.
     */
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(plain_signature) Token = default_token>
    auto async_close(Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, plain_signature>(initiate_close{this},
                                                                   token);
    }

    /// Give the descriptor back to the caller, after cancelling what is pending.
    /// Its position is where a stream file's was.
    native_handle_type release()
    {
        boost::system::error_code ec;
        native_handle_type const descriptor = release(ec);
        detail::throw_error(ec, "release");
        return descriptor;
    }

    native_handle_type release(boost::system::error_code& ec)
    {
        return service().release(implementation(), ec);
    }

    /// The descriptor, or -1. The position of a stream file that was opened (not
    /// assigned) is its own: the kernel's position of the descriptor follows only
    /// seek() and release().
    native_handle_type native_handle()
    {
        return service().native_handle(implementation());
    }

    /// Ask for the cancellation of all pending operations. Those that have taken
    /// place, or are with the disk and cannot be stopped, complete with their
    /// result.
    void cancel()
    {
        boost::system::error_code ec;
        cancel(ec);
        detail::throw_error(ec, "cancel");
    }

    boost::system::error_code cancel(boost::system::error_code& ec)
    {
        return service().cancel(implementation(), ec);
    }

    /// Have io_uring know the descriptor until it is closed or released, so that its
    /// operations need not look it up each time. Returns whether they are spared that:
    /// not on a reactor, before Linux 5.19, when the table (4096 places, and no more than
    /// RLIMIT_NOFILE) is full, nor in exclusive mode on another thread than the context's
    /// own. All works the same without. Fails with `bad_descriptor` if the file is
    /// not open. See io_uring_register_files_sparse(3).
    bool register_descriptor()
    {
        boost::system::error_code ec;
        bool const registered = register_descriptor(ec);
        detail::throw_error(ec, "register_descriptor");
        return registered;
    }

    bool register_descriptor(boost::system::error_code& ec)
    {
        return service().register_descriptor(implementation(), ec);
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
        return service().size(implementation(), ec);
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
        return service().stat(implementation(), ec);
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
        return service().resize(implementation(), n, ec);
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
    void allocate(allocation mode, std::uint64_t offset, std::uint64_t length)
    {
        boost::system::error_code ec;
        allocate(mode, offset, length, ec);
        detail::throw_error(ec, "allocate");
    }

    boost::system::error_code allocate(allocation mode, std::uint64_t offset,
                                       std::uint64_t length,
                                       boost::system::error_code& ec)
    {
        return service().allocate(implementation(), mode, offset, length, ec);
    }

    /// Start to do so: `void(error_code)`. IORING_OP_FALLOCATE, Linux 5.6.
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(plain_signature) Token = default_token>
    auto async_allocate(allocation mode, std::uint64_t offset, std::uint64_t length,
                        Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, plain_signature>(
            initiate_call{this}, token, detail::allocate_call(mode, offset, length),
            "async_allocate");
    }

    /// Tell the kernel how the file is going to be used: posix_fadvise(2).
    /**
     * `offset` and `length` are in bytes; a length of 0 means up to the end.
     */
    void advise(advice a, std::uint64_t offset = 0, std::uint64_t length = 0)
    {
        boost::system::error_code ec;
        advise(a, offset, length, ec);
        detail::throw_error(ec, "advise");
    }

    boost::system::error_code advise(advice a, std::uint64_t offset, std::uint64_t length,
                                     boost::system::error_code& ec)
    {
        return service().advise(implementation(), a, offset, length, ec);
    }

    /// Start to do so: `void(error_code)`. IORING_OP_FADVISE, Linux 5.6; a thread does it
    /// for a length of 4 GiB or more.
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(plain_signature) Token = default_token>
    auto async_advise(advice a, std::uint64_t offset, std::uint64_t length,
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
        return service().sync_all(implementation(), ec);
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
        return service().sync_data(implementation(), ec);
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

    detail::file_service& service() noexcept { return impl_.get_service(); }
    const detail::file_service& service() const noexcept { return impl_.get_service(); }
    auto& implementation() noexcept { return impl_.get_implementation(); }
    const auto& implementation() const noexcept { return impl_.get_implementation(); }

    /// Files are opened with advice for their kind of access: posix_fadvise(2).
    void set_is_stream(bool stream) noexcept
    {
        service().set_is_stream(implementation(), stream);
    }

private:
    template <class File>
    friend struct detail::open_into;

    struct initiate_base
    {
        using executor_type = Executor;

        const executor_type& get_executor() const noexcept
        {
            return self->get_executor();
        }

        basic_file* self;
    };

    struct initiate_call : initiate_base
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

    struct initiate_open : initiate_base
    {
        template <class Handler>
        void operator()(Handler&& handler, fs::location where, open_options options) const
        {
            detail::non_const_lvalue<Handler> h(handler);
            basic_file* const f = this->self;
            f->service().async_open(f->implementation(), std::move(where), options,
                                    h.value, f->get_executor());
        }
    };

    struct initiate_close : initiate_base
    {
        template <class Handler>
        void operator()(Handler&& handler) const
        {
            detail::non_const_lvalue<Handler> h(handler);
            basic_file* const f = this->self;
            f->service().async_close(f->implementation(), h.value, f->get_executor());
        }
    };

    detail::io_object_impl<detail::file_service, Executor> impl_;
};

} // namespace urio::inline URIO_ABI
