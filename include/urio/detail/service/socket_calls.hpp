// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What sockets do while the caller waits.
#pragma once

#include <urio/detail/asio/asio_detail.hpp>
#include <urio/detail/engine/engine.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <sys/socket.h>
#include <sys/uio.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

using boost::system::error_code;

/// The synchronous part of Asio's reactive_socket_service_base. The calls are Asio's own;
/// what was started on an engine is not to be overtaken by them.
class socket_calls
{
public:
    using native_handle_type = int;
    using flags_type = boost::asio::socket_base::message_flags;
    using wait_type = boost::asio::socket_base::wait_type;

    struct base_implementation_type
    {
        int socket_ = -1;
        socket_ops::state_type state_ = 0;
        io_object* object_ = nullptr;
    };

    bool is_open(const base_implementation_type& impl) const noexcept
    {
        return impl.socket_ != -1;
    }

    bool at_mark(const base_implementation_type& impl, error_code& ec) const
    {
        return socket_ops::sockatmark(impl.socket_, ec);
    }

    std::size_t available(const base_implementation_type& impl, error_code& ec) const
    {
        return socket_ops::available(impl.socket_, ec);
    }

    error_code listen(base_implementation_type& impl, int backlog, error_code& ec)
    {
        socket_ops::listen(impl.socket_, backlog, ec);
        return ec;
    }

    template <class Command>
    error_code io_control(base_implementation_type& impl, Command& command,
                          error_code& ec)
    {
        socket_ops::ioctl(impl.socket_, impl.state_, command.name(),
                          static_cast<ioctl_arg_type*>(command.data()), ec);
        note_mode(impl);
        return ec;
    }

    bool non_blocking(const base_implementation_type& impl) const noexcept
    {
        return (impl.state_ & socket_ops::user_set_non_blocking) != 0;
    }

    error_code non_blocking(base_implementation_type& impl, bool mode, error_code& ec)
    {
        socket_ops::set_user_non_blocking(impl.socket_, impl.state_, mode, ec);
        note_mode(impl);
        return ec;
    }

    bool native_non_blocking(const base_implementation_type& impl) const noexcept
    {
        return (impl.state_ & socket_ops::internal_non_blocking) != 0;
    }

    error_code native_non_blocking(base_implementation_type& impl, bool mode,
                                   error_code& ec)
    {
        socket_ops::set_internal_non_blocking(impl.socket_, impl.state_, mode, ec);
        note_mode(impl);
        return ec;
    }

    error_code shutdown(base_implementation_type& impl,
                        boost::asio::socket_base::shutdown_type what, error_code& ec);
    error_code wait(base_implementation_type& impl, wait_type w, error_code& ec);

    template <class Buffers>
    std::size_t send(base_implementation_type& impl, const Buffers& buffers,
                     flags_type flags, error_code& ec)
    {
        using adapter = buffer_sequence_adapter<boost::asio::const_buffer, Buffers>;
        if constexpr (is_null_buffers<Buffers>)
            return wait(impl, wait_type::wait_write, ec), 0;
        else if constexpr (adapter::is_single_buffer)
        {
            auto const b = adapter::first(buffers);
            return call_now(impl, flags, b.size(), ec,
                            [&](std::size_t sent, socket_ops::state_type state, int f)
                            {
                                auto const rest = b + sent;
                                return socket_ops::sync_send1(
                                    impl.socket_, state, rest.data(), rest.size(), f, ec);
                            });
        }
        else
        {
            adapter bufs(buffers);
            ::iovec* first = bufs.buffers();
            std::size_t count = bufs.count();
            return call_now(impl, flags, bufs.total_size(), ec,
                            [&](std::size_t sent, socket_ops::state_type state, int f)
                            {
                                leave_out(first, count, sent);
                                return socket_ops::sync_send(impl.socket_, state, first,
                                                             count, f, bufs.all_empty(),
                                                             ec);
                            });
        }
    }

    template <class Buffers>
    std::size_t receive(base_implementation_type& impl, const Buffers& buffers,
                        flags_type flags, error_code& ec)
    {
        using adapter = buffer_sequence_adapter<boost::asio::mutable_buffer, Buffers>;
        if constexpr (is_null_buffers<Buffers>)
            return wait(impl, wait_type::wait_read, ec), 0;
        else if constexpr (adapter::is_single_buffer)
        {
            auto const b = adapter::first(buffers);
            return call_now(impl, flags, 0, ec,
                            [&](std::size_t, socket_ops::state_type state, int f)
                            {
                                return socket_ops::sync_recv1(impl.socket_, state,
                                                              b.data(), b.size(), f, ec);
                            });
        }
        else
        {
            adapter bufs(buffers);
            return call_now(impl, flags, 0, ec,
                            [&](std::size_t, socket_ops::state_type state, int f)
                            {
                                return socket_ops::sync_recv(impl.socket_, state,
                                                             bufs.buffers(), bufs.count(),
                                                             f, bufs.all_empty(), ec);
                            });
        }
    }

    template <class Buffers>
    std::size_t receive_with_flags(base_implementation_type& impl, const Buffers& buffers,
                                   flags_type in_flags, flags_type& out_flags,
                                   error_code& ec)
    {
        if constexpr (is_null_buffers<Buffers>)
        {
            out_flags = 0;
            return wait(impl, wait_type::wait_read, ec), 0;
        }
        else
        {
            buffer_sequence_adapter<boost::asio::mutable_buffer, Buffers> bufs(buffers);
            return call_now(impl, in_flags, 0, ec,
                            [&](std::size_t, socket_ops::state_type state, int f)
                            {
                                return socket_ops::sync_recvmsg(
                                    impl.socket_, state, bufs.buffers(), bufs.count(), f,
                                    out_flags, ec);
                            });
        }
    }

protected:
    explicit socket_calls(engine& e) noexcept : engine_(e) {}
    ~socket_calls() = default;

    /// A synchronous transfer, `call(done, state, flags)`. It finds what was started on
    /// this socket under way. All else that was started need not be submitted, which
    /// costs a system call, unless this one has to wait, perhaps for just that. A stream
    /// sends all `size` bytes if it is in blocking mode, as it does with Asio.
    template <class Call>
    std::size_t call_now(base_implementation_type& impl, int flags, std::size_t size,
                         error_code& ec, Call call)
    {
        if (!is_open(impl))
            return call(0, impl.state_, flags);
        engine_.flush(*impl.object_);
        if (impl.state_ & socket_ops::user_set_non_blocking || !engine_.wants_flush())
            return call(0, impl.state_, flags);
        std::size_t done = 0;
        if (!(flags & MSG_WAITALL))
        {
            done = call(0, impl.state_ | socket_ops::user_set_non_blocking,
                        flags | MSG_DONTWAIT);
            bool const would_wait =
                ec == boost::asio::error::would_block ||
                (!ec && done < size && (impl.state_ & socket_ops::stream_oriented) &&
                 !(flags & MSG_DONTWAIT));
            if (!would_wait)
                return done;
        }
        engine_.flush();
        if (done == 0)
            return call(0, impl.state_, flags);
        // As one call would: an error that comes after a part of the data is left for the
        // next call; and a descriptor that does not wait ends with what there was room
        // for.
        if (has_failed(impl))
            return done;
        std::size_t const rest =
            call(done, impl.state_ | socket_ops::user_set_non_blocking, flags);
        ec = error_code();
        return done + rest;
    }

    /// Whether the next call would take an error away.
    static bool has_failed(const base_implementation_type& impl) noexcept;

    /// Leave out what has been sent.
    static void leave_out(::iovec*& first, std::size_t& count, std::size_t sent) noexcept
    {
        for (; count != 0 && sent >= first->iov_len && sent != 0; --count, ++first)
            sent -= first->iov_len;
        if (sent != 0)
        {
            first->iov_base = static_cast<char*>(first->iov_base) + sent;
            first->iov_len -= sent;
        }
    }

    /// Before a call that has no form which does not wait: the same for it, if it would.
    void flush_before(base_implementation_type& impl, short events) noexcept;

    void note_mode(base_implementation_type& impl) noexcept
    {
        if (is_open(impl))
            engine_.mode_changed(*impl.object_);
    }

    static short poll_events(wait_type w) noexcept;

    engine& engine_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
