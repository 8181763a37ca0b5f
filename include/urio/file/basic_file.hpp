// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What stream files and random-access files have in common.
#pragma once

#include <urio/any_io_executor.hpp>
#include <urio/file/file_base.hpp>
#include <urio/service/file_service.hpp>

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
    detail::io_object_impl<detail::file_service, Executor> impl_;
};

} // namespace urio::inline URIO_ABI
