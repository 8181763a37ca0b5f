// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Accepting, connecting and waiting.
#pragma once

#include <urio/detail/op/operation.hpp>

#include <boost/asio/error.hpp>

#include <cstddef>
#include <sys/socket.h>
#include <tuple>
#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// accept(2).
class accept_op_base : public io_operation
{
protected:
    accept_op_base(func_type complete, bool report_aborted) noexcept;
    ~accept_op_base() = default;

    ::sockaddr* address_ = nullptr;
    ::socklen_t capacity_ = 0;
    ::socklen_t length_ = 0;

private:
    static void prepare(io_operation& base, io_uring_sqe& sqe);
    static verdict completion(io_operation& base, int& result, std::uint32_t flags);
    static int perform(io_operation& base);
    static const op_kind kind_;

    bool report_aborted_;
};

/// async_accept. `Peer` is a reference to the user's socket, or a socket to be moved
/// to the handler.
template <class Protocol, class Peer>
class accept_op : public accept_op_base
{
    using endpoint_type = typename Protocol::endpoint;

public:
    template <class PeerArg>
    accept_op(func_type complete, bool report_aborted, const Protocol& protocol,
              endpoint_type* peer_endpoint, PeerArg&& peer)
        : accept_op_base(complete, report_aborted)
        , peer_(std::forward<PeerArg>(peer))
        , protocol_(protocol)
        , peer_endpoint_(peer_endpoint)
    {
        if (peer_endpoint)
        {
            address_ = static_cast<::sockaddr*>(static_cast<void*>(endpoint_.data()));
            capacity_ = static_cast<::socklen_t>(endpoint_.capacity());
        }
    }

    auto results(bool alive)
    {
        boost::system::error_code ec = error();
        if (result() >= 0)
        {
            // Whatever happens next, the descriptor that has arrived has an owner.
            socket_holder accepted(result());
            if (alive)
            {
                if (peer_endpoint_)
                {
                    endpoint_.resize(length_);
                    *peer_endpoint_ = endpoint_;
                }
                peer_.assign(protocol_, accepted.get(), ec);
                if (!ec)
                    accepted.release();
            }
        }
        if constexpr (std::is_reference_v<Peer>)
            return std::tuple<boost::system::error_code>(ec);
        else
            return std::tuple<boost::system::error_code, Peer>(ec, std::move(peer_));
    }

private:
    Peer peer_;
    Protocol protocol_;
    endpoint_type endpoint_;
    endpoint_type* peer_endpoint_;
};

/// connect(2).
class connect_op_base : public io_operation
{
protected:
    explicit connect_op_base(func_type complete) noexcept;
    ~connect_op_base() = default;

    const ::sockaddr* address_ = nullptr;
    ::socklen_t length_ = 0;

private:
    static void prepare(io_operation& base, io_uring_sqe& sqe);
    static verdict completion(io_operation& base, int& result, std::uint32_t flags);
    static int perform(io_operation& base);
    static const op_kind kind_;
};

/// async_connect.
template <class Endpoint>
class connect_op : public connect_op_base
{
public:
    connect_op(func_type complete, const Endpoint& endpoint)
        : connect_op_base(complete)
        , endpoint_(endpoint)
    {
        address_ =
            static_cast<const ::sockaddr*>(static_cast<const void*>(endpoint_.data()));
        length_ = static_cast<::socklen_t>(endpoint_.size());
    }

    std::tuple<boost::system::error_code> results(bool) const
    {
        // connect(2) says "try again" where it has run out of local ports. (For unix
        // sockets it means what it says.)
        if (result() == -EAGAIN && address_->sa_family != AF_UNIX)
            return {boost::asio::error::no_buffer_space};
        return {error()};
    }

private:
    Endpoint endpoint_;
};

/// async_wait: poll(2).
class wait_op : public io_operation
{
public:
    wait_op(func_type complete, short events) noexcept;

    std::tuple<boost::system::error_code> results(bool) const { return {error()}; }

protected:
    ~wait_op() = default;

private:
    static void prepare(io_operation& base, io_uring_sqe& sqe);
    static int perform(io_operation& base);
    static const op_kind kind_;
};

/// A readiness wait in the form of a transfer of null_buffers: no bytes.
class null_buffers_op : public wait_op
{
public:
    using wait_op::wait_op;

    std::tuple<boost::system::error_code, std::size_t> results(bool) const
    {
        return {error(), 0};
    }

protected:
    ~null_buffers_op() = default;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
