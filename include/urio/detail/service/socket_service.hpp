// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The socket service of one protocol.
#pragma once

#include <urio/detail/seam/hand_over.hpp>
#include <urio/detail/service/service_map.hpp>
#include <urio/detail/service/socket_service_base.hpp>

#include <boost/asio/ip/udp.hpp>

#include <type_traits>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// The interface is that of Asio's reactive_socket_service, from which it does not
/// derive: a conversion between the two would slice.
template <class Protocol>
class socket_service : public service_base<socket_service<Protocol>>,
                       public socket_service_base,
                       public stock_socket_service<handed_over<Protocol>>
{
public:
    using protocol_type = Protocol;
    using endpoint_type = typename Protocol::endpoint;

    using stock = stock_socket_service<Protocol>;
    using stock_of_other_protocol = stock_socket_service<handed_over<Protocol>>;

    struct implementation_type : base_implementation_type
    {
        Protocol protocol_ = endpoint_type().protocol();

        // For Asio's own sockets, which move from it.
        operator typename stock::implementation_type &()
        {
            return hand_over_to<stock>(*this);
        }
        operator typename stock_of_other_protocol::implementation_type &()
        {
            return hand_over_to<stock_of_other_protocol>(*this);
        }
    };

    stock_service_pointer<stock> operator&() noexcept
    {
        return stock_service_pointer<stock>(context_);
    }

    explicit socket_service(boost::asio::execution_context& context)
        : service_base<socket_service<Protocol>>(context)
        , socket_service_base(context)
    {
    }

    // Datagrams may overtake each other anyway; one that waited for another would be
    // lost when the socket is closed.
    static constexpr lane send_to_lane =
        std::is_base_of_v<boost::asio::ip::udp, Protocol> ? lane::unordered : lane::write;

    // The engine has shut down what was pending.
    void shutdown() override {}
    using socket_service_base::shutdown;

    void move_construct(implementation_type& impl, implementation_type& other) noexcept
    {
        base_move_construct(impl, other);
        impl.protocol_ = std::exchange(other.protocol_, endpoint_type().protocol());
    }

    void move_assign(implementation_type& impl, socket_service&,
                     implementation_type& other)
    {
        base_move_assign(impl, other);
        impl.protocol_ = std::exchange(other.protocol_, endpoint_type().protocol());
    }

    template <class Other>
    void
    converting_move_construct(implementation_type& impl, socket_service<Other>&,
                              typename socket_service<Other>::implementation_type& other)
    {
        base_move_construct(impl, other);
        impl.protocol_ = Protocol(
            std::exchange(other.protocol_, typename Other::endpoint().protocol()));
    }

    /// Take the descriptor of a socket on Asio's own service.
    template <class StockService>
    void adopt(implementation_type& impl, StockService& service,
               typename StockService::implementation_type& other)
    {
        construct(impl);
        if (!service.is_open(other))
            return;
        refuse_if_pending(other.reactor_data_);
        Protocol const protocol(other.protocol_);
        error_code ec;
        assign(impl, protocol, other.socket_, ec);
        throw_error(ec, "move");
        impl.state_ = other.state_;
        service.release(other, ec);
    }

    error_code open(implementation_type& impl, const Protocol& protocol, error_code& ec)
    {
        if (!do_open(impl, protocol.family(), protocol.type(), protocol.protocol(), ec))
            impl.protocol_ = protocol;
        return ec;
    }

    error_code assign(implementation_type& impl, const Protocol& protocol, int descriptor,
                      error_code& ec)
    {
        if (!do_assign(impl, protocol.type(), descriptor, ec))
            impl.protocol_ = protocol;
        return ec;
    }

    int native_handle(const implementation_type& impl) const noexcept
    {
        return impl.socket_;
    }

    error_code bind(implementation_type& impl, const endpoint_type& endpoint,
                    error_code& ec)
    {
        socket_ops::bind(impl.socket_, endpoint.data(), endpoint.size(), ec);
        return ec;
    }

    template <class Option>
    error_code set_option(implementation_type& impl, const Option& option, error_code& ec)
    {
        socket_ops::setsockopt(impl.socket_, impl.state_, option.level(impl.protocol_),
                               option.name(impl.protocol_), option.data(impl.protocol_),
                               option.size(impl.protocol_), ec);
        return ec;
    }

    template <class Option>
    error_code get_option(const implementation_type& impl, Option& option,
                          error_code& ec) const
    {
        std::size_t size = option.size(impl.protocol_);
        socket_ops::getsockopt(impl.socket_, impl.state_, option.level(impl.protocol_),
                               option.name(impl.protocol_), option.data(impl.protocol_),
                               &size, ec);
        if (!ec)
            option.resize(impl.protocol_, size);
        return ec;
    }

    endpoint_type local_endpoint(const implementation_type& impl, error_code& ec) const
    {
        endpoint_type endpoint;
        std::size_t length = endpoint.capacity();
        if (socket_ops::getsockname(impl.socket_, endpoint.data(), &length, ec))
            return {};
        endpoint.resize(length);
        return endpoint;
    }

    endpoint_type remote_endpoint(const implementation_type& impl, error_code& ec) const
    {
        endpoint_type endpoint;
        std::size_t length = endpoint.capacity();
        if (socket_ops::getpeername(impl.socket_, endpoint.data(), &length, false, ec))
            return {};
        endpoint.resize(length);
        return endpoint;
    }

    error_code connect(implementation_type& impl, const endpoint_type& endpoint,
                       error_code& ec)
    {
        engine_.flush();
        socket_ops::sync_connect(impl.socket_, endpoint.data(), endpoint.size(), ec);
        return ec;
    }

    template <class Handler, class IoExecutor>
    void async_connect(implementation_type& impl, const endpoint_type& endpoint,
                       Handler& handler, const IoExecutor& ex)
    {
        this->template start<connect_op<endpoint_type>>(
            impl, lane::write, "async_connect", handler, ex, ready, endpoint);
    }

    template <class Buffers>
    std::size_t send_to(implementation_type& impl, const Buffers& buffers,
                        const endpoint_type& destination, flags_type flags,
                        error_code& ec)
    {
        if constexpr (is_null_buffers<Buffers>)
            return send(impl, buffers, flags, ec);
        else
        {
            buffer_sequence_adapter<boost::asio::const_buffer, Buffers> bufs(buffers);
            return this->call_now(impl, flags, 0, ec,
                                  [&](std::size_t, socket_ops::state_type state, int f)
                                  {
                                      return socket_ops::sync_sendto(
                                          impl.socket_, state, bufs.buffers(),
                                          bufs.count(), f, destination.data(),
                                          destination.size(), ec);
                                  });
        }
    }

    template <class Buffers, class Handler, class IoExecutor>
    void async_send_to(implementation_type& impl, const Buffers& buffers,
                       const endpoint_type& destination, flags_type flags,
                       Handler& handler, const IoExecutor& ex)
    {
        if constexpr (is_null_buffers<Buffers>)
            async_send(impl, buffers, flags, handler, ex);
        else
        {
            using op =
                send_to_op<Buffers, places<boost::asio::const_buffer, Buffers, Handler>,
                           endpoint_type>;
            typename op::view const view(buffers);
            this->template start<op>(impl, send_to_lane, "async_send_to", handler, ex,
                                     ready, view, buffers, flags, destination);
        }
    }

    template <class Buffers>
    std::size_t receive_from(implementation_type& impl, const Buffers& buffers,
                             endpoint_type& sender, flags_type flags, error_code& ec)
    {
        if constexpr (is_null_buffers<Buffers>)
        {
            sender = endpoint_type();
            return receive(impl, buffers, flags, ec);
        }
        else
        {
            buffer_sequence_adapter<boost::asio::mutable_buffer, Buffers> bufs(buffers);
            std::size_t length = sender.capacity();
            std::size_t const n =
                this->call_now(impl, flags, 0, ec,
                               [&](std::size_t, socket_ops::state_type state, int f)
                               {
                                   return socket_ops::sync_recvfrom(
                                       impl.socket_, state, bufs.buffers(), bufs.count(),
                                       f, sender.data(), &length, ec);
                               });
            if (!ec)
                sender.resize(length);
            return n;
        }
    }

    template <class Buffers, class Handler, class IoExecutor>
    void async_receive_from(implementation_type& impl, const Buffers& buffers,
                            endpoint_type& sender, flags_type flags, Handler& handler,
                            const IoExecutor& ex)
    {
        if constexpr (is_null_buffers<Buffers>)
        {
            sender = endpoint_type();
            async_receive(impl, buffers, flags, handler, ex);
        }
        else
        {
            using op =
                receive_from_op<Buffers,
                                places<boost::asio::mutable_buffer, Buffers, Handler>,
                                endpoint_type>;
            typename op::view const view(buffers);
            this->template start<op>(impl, receive_lane(flags), "async_receive_from",
                                     handler, ex, ready, view, buffers, flags, sender);
        }
    }

    template <class Socket>
    error_code accept(implementation_type& impl, Socket& peer,
                      endpoint_type* peer_endpoint, error_code& ec)
    {
        if (peer.is_open())
        {
            ec = boost::asio::error::already_open;
            return ec;
        }
        this->flush_before(impl, poll_events(boost::asio::socket_base::wait_read));
        std::size_t length = peer_endpoint ? peer_endpoint->capacity() : 0;
        socket_holder accepted(socket_ops::sync_accept(
            impl.socket_, impl.state_, peer_endpoint ? peer_endpoint->data() : nullptr,
            peer_endpoint ? &length : nullptr, ec));
        if (accepted.get() != -1)
        {
            if (peer_endpoint)
                peer_endpoint->resize(length);
            peer.assign(impl.protocol_, accepted.get(), ec);
            if (!ec)
                accepted.release();
        }
        return ec;
    }

    template <class Socket, class Handler, class IoExecutor>
    void async_accept(implementation_type& impl, Socket& peer,
                      endpoint_type* peer_endpoint, Handler& handler,
                      const IoExecutor& ex)
    {
        this->template start<accept_op<Protocol, Socket&>>(
            impl, lane::read, "async_accept", handler, ex,
            peer.is_open() ? already_open : ready, reports_aborted(impl), impl.protocol_,
            peer_endpoint, peer);
    }

    template <class PeerExecutor, class Handler, class IoExecutor>
    void async_move_accept(implementation_type& impl, const PeerExecutor& peer_ex,
                           endpoint_type* peer_endpoint, Handler& handler,
                           const IoExecutor& ex)
    {
        using peer_type =
            typename Protocol::socket::template rebind_executor<PeerExecutor>::other;
        this->template start<accept_op<Protocol, peer_type>>(
            impl, lane::read, "async_accept", handler, ex, ready, reports_aborted(impl),
            impl.protocol_, peer_endpoint, peer_ex);
    }

private:
    template <class Stock>
    static typename Stock::implementation_type& hand_over_to(implementation_type& impl)
    {
        // The constructor that asked moves from it at once.
        thread_local typename Stock::implementation_type target;
        target.protocol_ = impl.protocol_;
        socket_service_base::hand_over_to(impl, target);
        impl.protocol_ = endpoint_type().protocol();
        return target;
    }

    static bool reports_aborted(const implementation_type& impl) noexcept
    {
        return (impl.state_ & socket_ops::enable_connection_aborted) != 0;
    }
};

template <class Protocol>
struct replacement<stock_socket_service<Protocol>>
{
    using type = socket_service<Protocol>;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
