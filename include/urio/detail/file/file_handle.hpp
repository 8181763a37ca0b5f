// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How files are opened and closed.
#pragma once

#include <urio/any_io_executor.hpp>
#include <urio/detail/service/file_opening.hpp>
#include <urio/file/file_base.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/execution_context.hpp>

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

template <class T>
concept context_type = std::is_convertible_v<T&, boost::asio::execution_context&>;

template <class File>
struct open_into;

/// The part of basic_file that is about its descriptor.
template <class Executor>
class file_handle : public file_base
{
    using default_token = typename boost::asio::default_completion_token<Executor>::type;
    using plain_signature = void(boost::system::error_code);

public:
    using executor_type = Executor;
    using native_handle_type = int;

    /// Construct a file without opening it.
    explicit file_handle(const executor_type& ex) : impl_(0, ex) {}

    template <context_type ExecutionContext>
    explicit file_handle(ExecutionContext& context) : impl_(0, 0, context)
    {
    }

    // The forms that open a file belong to the classes of files, which have to say first
    // whether it is a stream.

    file_handle(file_handle&& other) noexcept = default;

    file_handle& operator=(file_handle&& other)
    {
        impl_ = std::move(other.impl_);
        return *this;
    }

    template <class OtherExecutor>
    friend class file_handle;

    /// Move from a file with another executor type.
    template <std::convertible_to<Executor> OtherExecutor>
    file_handle(file_handle<OtherExecutor>&& other) : impl_(std::move(other.impl_))
    {
    }

    template <std::convertible_to<Executor> OtherExecutor>
    file_handle& operator=(file_handle<OtherExecutor>&& other)
    {
        file_handle moved(std::move(other));
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
        throw_error(ec, "open");
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
        throw_error(ec, "open");
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
        throw_error(ec, "assign");
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
        throw_error(ec, "close");
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
        throw_error(ec, "release");
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
        throw_error(ec, "cancel");
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
        throw_error(ec, "register_descriptor");
        return registered;
    }

    bool register_descriptor(boost::system::error_code& ec)
    {
        return service().register_descriptor(implementation(), ec);
    }

protected:
    ~file_handle() = default;

    file_service& service() noexcept { return impl_.get_service(); }
    const file_service& service() const noexcept { return impl_.get_service(); }
    auto& implementation() noexcept { return impl_.get_implementation(); }
    const auto& implementation() const noexcept { return impl_.get_implementation(); }

    /// Files are opened with advice for their kind of access: posix_fadvise(2).
    void set_is_stream(bool stream) noexcept
    {
        service().set_is_stream(implementation(), stream);
    }

    template <class File>
    struct initiate_base
    {
        using executor_type = Executor;

        const executor_type& get_executor() const noexcept
        {
            return self->get_executor();
        }

        File* self;
    };

private:
    template <class File>
    friend struct open_into;

    struct initiate_open : initiate_base<file_handle>
    {
        template <class Handler>
        void operator()(Handler&& handler, fs::location where, open_options options) const
        {
            non_const_lvalue<Handler> h(handler);
            file_handle* const f = this->self;
            f->service().async_open(f->implementation(), std::move(where), options,
                                    h.value, f->get_executor());
        }
    };

    struct initiate_close : initiate_base<file_handle>
    {
        template <class Handler>
        void operator()(Handler&& handler) const
        {
            non_const_lvalue<Handler> h(handler);
            file_handle* const f = this->self;
            f->service().async_close(f->implementation(), h.value, f->get_executor());
        }
    };

    io_object_impl<file_service, Executor> impl_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
