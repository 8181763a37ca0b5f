// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The part of the socket service that does not depend on the protocol: the objects, and
// their operations.
#pragma once

#include <urio/detail/initiate/async_op.hpp>
#include <urio/detail/op/connection.hpp>
#include <urio/detail/op/receive.hpp>
#include <urio/detail/op/send.hpp>
#include <urio/detail/service/socket_calls.hpp>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Sockets on an engine. The interface is that of Asio's
/// reactive_socket_service_base, which Asio's front ends call.
class socket_service_base : public socket_calls
{
public:
    explicit socket_service_base(boost::asio::execution_context& context);

    void construct(base_implementation_type& impl) noexcept { impl = {}; }
    void destroy(base_implementation_type& impl) noexcept;
    error_code close(base_implementation_type& impl, error_code& ec);
    int release(base_implementation_type& impl, error_code& ec);
    error_code cancel(base_implementation_type& impl, error_code& ec);

    template <class Handler, class IoExecutor>
    void async_wait(base_implementation_type& impl, wait_type w, Handler& handler,
                    const IoExecutor& ex)
    {
        start<wait_op>(impl, lane::unordered, "async_wait", handler, ex,
                       is_valid(w) ? ready : refused, poll_events(w));
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
            using op =
                send_op<Buffers, places<boost::asio::const_buffer, Buffers, Handler>>;
            typename op::view const view(buffers);
            start<op>(impl, lane::write, "async_send", handler, ex,
                      nothing_to_do(impl, view), view, buffers, flags);
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
            using op = receive_op<Buffers,
                                  places<boost::asio::mutable_buffer, Buffers, Handler>>;
            typename op::view const view(buffers);
            start<op>(impl, receive_lane(flags), "async_receive", handler, ex,
                      nothing_to_do(impl, view), view, buffers, flags,
                      (impl.state_ & socket_ops::stream_oriented) != 0);
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
};

} // namespace detail
} // namespace urio::inline URIO_ABI
