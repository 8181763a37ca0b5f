// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The part of the socket service that does not depend on the protocol.
#pragma once

#include <urio/detail/engine/engine.hpp>
#include <urio/detail/initiate/async_op.hpp>
#include <urio/detail/op/connection.hpp>
#include <urio/detail/op/receive.hpp>
#include <urio/detail/op/send.hpp>

#include <boost/asio/socket_base.hpp>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Sockets on an engine. The interface is that of Asio's
/// reactive_socket_service_base, which Asio's front ends call; synchronous calls are
/// Asio's own.
class socket_service_base
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

    explicit socket_service_base(boost::asio::execution_context& context);

    void construct(base_implementation_type& impl) noexcept { impl = {}; }
    void destroy(base_implementation_type& impl) noexcept;
    bool is_open(const base_implementation_type& impl) const noexcept
    {
        return impl.socket_ != -1;
    }
    error_code close(base_implementation_type& impl, error_code& ec);
    int release(base_implementation_type& impl, error_code& ec);
    error_code cancel(base_implementation_type& impl, error_code& ec);

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

    template <class Handler, class IoExecutor>
    void async_wait(base_implementation_type& impl, wait_type w, Handler& handler,
                    const IoExecutor& ex)
    {
        start<wait_op>(impl, lane::unordered, "async_wait", handler, ex,
                       is_valid(w) ? ready : refused, poll_events(w));
    }

    // Streams, datagrams and the rest.

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
                                return socket_ops::sync_send1(impl.socket_, state,
                                                              rest.data(), rest.size(), f,
                                                              ec);
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

    template <class Buffers, class Handler, class IoExecutor>
    void async_send(base_implementation_type& impl, const Buffers& buffers,
                    flags_type flags, Handler& handler, const IoExecutor& ex)
    {
        if constexpr (is_null_buffers<Buffers>)
            start_wait(impl, wait_type::wait_write, "async_send(null_buffers)", handler,
                       ex);
        else
        {
            using op = send_op<Buffers, places<boost::asio::const_buffer, Buffers, Handler>>;
            typename op::view const view(buffers);
            start<op>(impl, lane::write, "async_send", handler, ex,
                      nothing_to_do(impl, view), view, buffers, flags);
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
                                return socket_ops::sync_recv(
                                    impl.socket_, state, bufs.buffers(), bufs.count(), f,
                                    bufs.all_empty(), ec);
                            });
        }
    }

    template <class Buffers, class Handler, class IoExecutor>
    void async_receive(base_implementation_type& impl, const Buffers& buffers,
                       flags_type flags, Handler& handler, const IoExecutor& ex)
    {
        if constexpr (is_null_buffers<Buffers>)
            start_wait(impl, receive_wait(flags), "async_receive(null_buffers)", handler,
                       ex);
        else
        {
            using op =
                receive_op<Buffers, places<boost::asio::mutable_buffer, Buffers, Handler>>;
            typename op::view const view(buffers);
            start<op>(impl, receive_lane(flags), "async_receive", handler, ex,
                      nothing_to_do(impl, view), view, buffers, flags,
                      (impl.state_ & socket_ops::stream_oriented) != 0);
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

    template <class Buffers, class Handler, class IoExecutor>
    void async_receive_with_flags(base_implementation_type& impl, const Buffers& buffers,
                                  flags_type in_flags, flags_type& out_flags,
                                  Handler& handler, const IoExecutor& ex)
    {
        if constexpr (is_null_buffers<Buffers>)
        {
            out_flags = 0;
            start_wait(impl, receive_wait(in_flags),
                       "async_receive_with_flags(null_buffers)", handler, ex);
        }
        else
        {
            using op = receive_with_flags_op<
                Buffers, places<boost::asio::mutable_buffer, Buffers, Handler>>;
            typename op::view const view(buffers);
            start<op>(impl, receive_lane(in_flags), "async_receive_with_flags", handler,
                      ex, ready, view, buffers, in_flags, out_flags);
        }
    }

protected:
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
        // next call; and a descriptor that does not wait ends with what there was room for.
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

    /// How many buffers an operation has room for. Of Asio's 24 bytes beside the sequence
    /// it spends 8 on the same things.
    template <class Buffer, class Buffers, class Handler>
    static constexpr unsigned places =
        places_for<Buffer, Buffers>(sizeof(::iovec), has_default_allocator<Handler>);

    /// How an operation starts, if at all.
    struct start_mode
    {
        initiation how;
        int result; // of an operation that does not start
    };

    static constexpr start_mode ready{initiation::start, 0};
    static constexpr start_mode done{initiation::immediate, 0};
    static constexpr start_mode refused{initiation::immediate, -EINVAL};
    static constexpr start_mode already_open{initiation::immediate, result_already_open};

    /// Start an operation, or complete it at once if the socket is closed or `mode`
    /// says so.
    template <class Op, class Handler, class IoExecutor, class... Args>
    void start(base_implementation_type& impl, lane l, const char* name, Handler& handler,
               const IoExecutor& ex, start_mode mode, Args&&... args)
    {
        initiate<Op>(
            engine_, impl.object_, l, handler, ex,
            [&](Op& op)
            {
                BOOST_ASIO_HANDLER_CREATION((context_, op, "socket", &impl,
                                             static_cast<std::uintmax_t>(impl.socket_),
                                             name));
                (void)name;
                if (!is_open(impl) && mode.how == initiation::start)
                    mode = {initiation::immediate, -EBADF};
                op.set_result(mode.result);
                return mode.how;
            },
            std::forward<Args>(args)...);
    }

    /// Wait for readiness in the form of a transfer.
    template <class Handler, class IoExecutor>
    void start_wait(base_implementation_type& impl, wait_type w, const char* name,
                    Handler& handler, const IoExecutor& ex)
    {
        start<null_buffers_op>(impl, lane::unordered, name, handler, ex, ready,
                               poll_events(w));
    }

    static wait_type receive_wait(flags_type flags) noexcept
    {
        return flags & boost::asio::socket_base::message_out_of_band
                   ? wait_type::wait_error
                   : wait_type::wait_read;
    }

    /// Transferring nothing over a stream is no operation.
    template <class View>
    static start_mode nothing_to_do(const base_implementation_type& impl,
                                    const View& view) noexcept
    {
        return (impl.state_ & socket_ops::stream_oriented) && view.size() == 0 ? done
                                                                               : ready;
    }

    // Urgent data does not queue up behind what is waited for in order.
    static lane receive_lane(flags_type flags) noexcept
    {
        return flags & boost::asio::socket_base::message_out_of_band ? lane::unordered
                                                                     : lane::read;
    }

    static bool is_valid(wait_type w) noexcept;
    static short poll_events(wait_type w) noexcept;

    void base_move_construct(base_implementation_type& impl,
                             base_implementation_type& other) noexcept
    {
        impl = std::exchange(other, {});
    }

    void base_move_assign(base_implementation_type& impl,
                          base_implementation_type& other) noexcept
    {
        destroy(impl);
        impl = std::exchange(other, {});
    }

    error_code do_open(base_implementation_type& impl, int family, int type, int protocol,
                       error_code& ec);
    error_code do_assign(base_implementation_type& impl, int type, int descriptor,
                         error_code& ec);

    void attach(base_implementation_type& impl, int type, int descriptor,
                const descriptor_traits& traits);

    // Moves to Asio's own services.
    static void hand_over_to(base_implementation_type& impl,
                             stock_socket_implementation& target);

    boost::asio::execution_context& context_;
    engine& engine_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
