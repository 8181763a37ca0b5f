// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/service/file_opening.hpp>

#include "classify.hpp"
#include "wait_events.hpp"

#include <urio/detail/loop/loop.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// The mode bits that Asio's own files are created with, before the umask.
constexpr unsigned create_mode = 0777;

error_code& set_error(error_code& ec, bool failed)
{
    ec = failed ? error_code(errno, boost::asio::error::get_system_category())
                : error_code();
    return ec;
}

template <class Call>
error_code& call_now(const file_service::implementation_type& impl, Call&& call,
                     error_code& ec)
{
    int result;
    do
        result = call.perform(impl.descriptor_);
    while (result == -EINTR);
    ec = result < 0 ? error_code(-result, boost::asio::error::get_system_category())
                    : error_code();
    return ec;
}

} // namespace

file_service::file_service(boost::asio::execution_context& context)
    : service_base<file_service>(context)
    , engine_(use_engine(context))
{
}

void file_service::move_construct(implementation_type& impl,
                                  implementation_type& other) noexcept
{
    if (auto const request = other.opening_)
        request->move(impl, other);
    else
        impl = std::exchange(other, {-1, nullptr, other.is_stream_, nullptr});
}

bool file_service::check_closed(implementation_type& impl, error_code& ec)
{
    ec = {};
    if (is_opening(impl))
        ec = boost::asio::error::already_started;
    else if (is_open(impl))
        ec = boost::asio::error::already_open;
    else
        impl.opening_.reset();
    return !ec;
}

bool file_service::is_opening(const implementation_type& impl) const noexcept
{
    return impl.opening_ && impl.opening_->pending();
}

error_code file_service::open(implementation_type& impl, const char* path,
                              file_base::flags flags, error_code& ec)
{
    if (!check_closed(impl, ec))
        return ec;
    unique_descriptor fd(descriptor_ops::open(path, flags | O_CLOEXEC, create_mode, ec));
    if (!ec)
        adopt(impl, std::move(fd), flags);
    return ec;
}

error_code file_service::open(implementation_type& impl, const fs::location& where,
                              const open_options& options, error_code& ec)
{
    if (!check_closed(impl, ec))
        return ec;
    if (!where.valid())
        return ec = boost::asio::error::invalid_argument;
    int const fd = open_call(where, options).perform_and_wait();
    if (fd < 0)
        return ec = error_code(-fd, boost::asio::error::get_system_category());
    adopt(impl, unique_descriptor(fd), options.flags);
    return ec;
}

void file_service::adopt(implementation_type& impl, unique_descriptor descriptor,
                         int flags)
{
    // Several appenders share one position, the end, and only the kernel knows it.
    std::uint64_t const size =
        attach(impl, descriptor.get(), (flags & O_APPEND) != 0, (flags & O_DIRECT) != 0);
    int const fd = descriptor.release();
    // A file that is read ahead as a whole needs no advice.
    constexpr std::uint64_t read_ahead = 128 << 10;
    if (size > read_ahead)
        (void)::posix_fadvise(
            fd, 0, 0, impl.is_stream_ ? POSIX_FADV_SEQUENTIAL : POSIX_FADV_RANDOM);
}

error_code file_service::assign(implementation_type& impl, int descriptor, error_code& ec)
{
    if (!check_closed(impl, ec))
        return ec;
    if (set_error(ec, ::fcntl(descriptor, F_GETFD) < 0))
        return ec;

    // Somebody else may use the same open file, and its position: standard output
    // that is redirected to a file, with child processes that write to it, too.
    int const flags = ::fcntl(descriptor, F_GETFL);
    attach(impl, descriptor, true, flags >= 0 && (flags & O_DIRECT) != 0);
    return ec;
}

std::uint64_t file_service::attach(implementation_type& impl, int descriptor,
                                   bool shared_position, bool direct)
{
    struct ::stat s = {};
    bool const known = ::fstat(descriptor, &s) == 0;
    descriptor_traits t;
    if (known)
        t = classify(descriptor, s);
    t.owns_position = t.bounded && !shared_position;
    t.direct = direct;
    impl.object_ = &engine_.open_object(descriptor, t);
    impl.descriptor_ = descriptor;
    return static_cast<std::uint64_t>(s.st_size);
}

void file_service::destroy(implementation_type& impl) noexcept
{
    error_code ignored;
    close(impl, ignored);
}

error_code file_service::close(implementation_type& impl, error_code& ec)
{
    ec = error_code();
    if (impl.opening_)
        std::exchange(impl.opening_, nullptr)->give_up();
    if (is_open(impl))
    {
        BOOST_ASIO_HANDLER_OPERATION((context(), "file", &impl,
                                      static_cast<std::uintmax_t>(impl.descriptor_),
                                      "close"));
        if (engine_.retire(*impl.object_) == engine::ownership::caller_closes)
            set_error(ec, ::close(impl.descriptor_) != 0);
        impl = {-1, nullptr, impl.is_stream_, nullptr};
    }
    return ec;
}

int file_service::release(implementation_type& impl, error_code& ec)
{
    if (!is_open(impl))
    {
        ec = boost::asio::error::bad_descriptor;
        return -1;
    }
    BOOST_ASIO_HANDLER_OPERATION((context(), "file", &impl,
                                  static_cast<std::uintmax_t>(impl.descriptor_),
                                  "release"));

    // The new owner finds the position where this object was.
    bool const owned = impl.object_->traits().owns_position;
    std::uint64_t const position = impl.object_->position();
    engine_.release(*impl.object_, ec);
    if (ec)
        return -1;
    if (owned)
        (void)::lseek(impl.descriptor_, static_cast<::off_t>(position), SEEK_SET);
    int const descriptor = impl.descriptor_;
    impl = {-1, nullptr, impl.is_stream_, nullptr};
    return descriptor;
}

error_code file_service::cancel(implementation_type& impl, error_code& ec)
{
    if (is_opening(impl))
    {
        impl.opening_->cancel();
        return ec = error_code();
    }
    if (!is_open(impl))
        return ec = boost::asio::error::bad_descriptor;
    BOOST_ASIO_HANDLER_OPERATION((context(), "file", &impl,
                                  static_cast<std::uintmax_t>(impl.descriptor_),
                                  "cancel"));
    engine_.cancel(*impl.object_);
    return ec = error_code();
}

bool file_service::register_descriptor(implementation_type& impl, error_code& ec)
{
    ec = is_open(impl) ? error_code() : boost::asio::error::bad_descriptor;
    return !ec && engine_.register_descriptor(*impl.object_);
}

std::uint64_t file_service::size(const implementation_type& impl, error_code& ec) const
{
    struct ::stat s = {};
    if (set_error(ec, ::fstat(impl.descriptor_, &s) != 0))
        return 0;
    return static_cast<std::uint64_t>(s.st_size);
}

error_code file_service::resize(implementation_type& impl, std::uint64_t n,
                                error_code& ec)
{
    return call_now(impl, resize_call(n), ec);
}

error_code file_service::allocate(implementation_type& impl, int mode,
                                  std::uint64_t offset, std::uint64_t length,
                                  error_code& ec)
{
    return call_now(impl, allocate_call(mode, offset, length), ec);
}

error_code file_service::advise(implementation_type& impl, int advice,
                                std::uint64_t offset, std::uint64_t length,
                                error_code& ec)
{
    return call_now(impl, advise_call(advice, offset, length), ec);
}

file_status file_service::stat(const implementation_type& impl, error_code& ec) const
{
    stat_call call;
    call_now(impl, call, ec);
    return ec ? file_status() : file_status(call.status);
}

error_code file_service::sync_all(implementation_type& impl, error_code& ec)
{
    return call_now(impl, sync_call(false), ec);
}

error_code file_service::sync_data(implementation_type& impl, error_code& ec)
{
    return call_now(impl, sync_call(true), ec);
}

std::uint64_t file_service::seek(implementation_type& impl, std::int64_t offset,
                                 file_base::seek_basis whence, error_code& ec)
{
    // The kernel checks the arguments and knows the end; its own position follows
    // ours.
    bool const owned = impl.object_ && impl.object_->traits().owns_position;
    ::off_t target = offset;
    int basis = whence;
    if (owned && whence == file_base::seek_cur)
    {
        std::uint64_t const position = impl.object_->position();
        if (__builtin_add_overflow(offset, position, &target))
        {
            ec = error_code(EOVERFLOW, boost::asio::error::get_system_category());
            return 0;
        }
        basis = SEEK_SET;
    }
    ::off_t const result = ::lseek(impl.descriptor_, target, basis);
    if (set_error(ec, result < 0))
        return 0;
    if (owned)
        impl.object_->move_to(static_cast<std::uint64_t>(result));
    return static_cast<std::uint64_t>(result);
}

std::size_t file_service::do_transfer(implementation_type& impl, const transfer& memory,
                                      file_position position, bool write, error_code& ec)
{
    if (!is_open(impl))
    {
        ec = boost::asio::error::bad_descriptor;
        return 0;
    }
    ec = error_code();
    if (memory.size() == 0)
        return 0;

    int const fd = impl.descriptor_;
    bool const owned = position.stream && impl.object_->traits().owns_position;
    engine_.flush(*impl.object_);
    if (!impl.object_->traits().bounded &&
        !is_ready_now(fd, write ? writable_events : readable_events))
        engine_.flush();
    if (owned)
        position.offset = impl.object_->position();

    // The calls without an offset are for the kernel's position and for what has
    // none.
    ::iovec const* const vector = memory.vector;
    int const count = static_cast<int>(memory.count);
    auto const offset = static_cast<::off_t>(position.offset);
    auto const call = [&]() -> ::ssize_t
    {
        if (position.stream && !owned)
            return write ? ::writev(fd, vector, count) : ::readv(fd, vector, count);
        return write ? ::pwritev(fd, vector, count, offset)
                     : ::preadv(fd, vector, count, offset);
    };

    for (;;)
    {
        ::ssize_t const n = call();
        if (n > 0)
        {
            if (owned)
                impl.object_->move_to(position.offset + static_cast<std::size_t>(n));
            return static_cast<std::size_t>(n);
        }
        if (n == 0)
        {
            if (!write)
                ec = boost::asio::error::eof;
            return 0;
        }
        set_error(ec, true);
        ec = transfer_error(ec, impl.object_->traits().direct);
        if (ec == boost::asio::error::would_block || ec == boost::asio::error::try_again)
        {
            // The descriptor is in non-blocking mode, but this call is a blocking
            // one.
            if ((write ? descriptor_ops::poll_write(fd, 0, ec)
                       : descriptor_ops::poll_read(fd, 0, ec)) < 0)
                return 0;
        }
        else if (ec != boost::asio::error::interrupted)
            return 0;
        ec = error_code();
    }
}

} // namespace detail
} // namespace urio::inline URIO_ABI
