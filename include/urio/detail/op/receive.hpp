// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The receive operations of sockets.
#pragma once

#include <urio/detail/op/message.hpp>

#include <boost/asio/error.hpp>

#include <cerrno>
#include <tuple>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// async_receive: recv(2) and the like.
template <class Buffers, unsigned N>
class receive_op : public stored_buffers<receive_op_base, N>
{
    using base = stored_buffers<receive_op_base, N>;

public:
    using view = buffer_view<boost::asio::mutable_buffer, Buffers>;

    receive_op(scheduler_operation::func_type complete, const view& v,
               const Buffers& buffers, int flags, bool stream)
        : base(v, base::needs_header(flags), complete, flags)
        , kept_(buffers)
    {
        this->stream_ = stream && v.size() != 0;
    }

    std::tuple<boost::system::error_code, std::size_t> results(bool) const
    {
        // Only a stream ends, and only if there was room for more of it.
        if (this->stream_ && this->result() == 0)
            return {boost::asio::error::eof, 0};
        return {this->error(), this->bytes()};
    }

protected:
    ~receive_op() = default;

private:
    [[no_unique_address]] kept_buffers<Buffers> kept_;
};

/// async_receive with the message's flags: recvmsg(2).
template <class Buffers, unsigned N>
class receive_with_flags_op : public stored_buffers<receive_message_op_base, N>
{
public:
    using view = buffer_view<boost::asio::mutable_buffer, Buffers>;

    receive_with_flags_op(scheduler_operation::func_type complete, const view& v,
                          const Buffers& buffers, int flags, int& out_flags)
        : stored_buffers<receive_message_op_base, N>(v, false, complete, flags)
        , kept_(buffers)
        , out_flags_(out_flags)
    {
        this->describe();
    }

    std::tuple<boost::system::error_code, std::size_t> results(bool alive) const
    {
        // Asio does not touch them where there is no socket to ask.
        if (alive && this->result() != -EBADF)
            out_flags_ = this->result() >= 0 ? this->header_.msg_flags : 0;
        return {this->error(), this->bytes()};
    }

protected:
    ~receive_with_flags_op() = default;

private:
    [[no_unique_address]] kept_buffers<Buffers> kept_;
    int& out_flags_;
};

/// async_receive_from: recvmsg(2) with the sender's address.
template <class Buffers, unsigned N, class Endpoint>
class receive_from_op : public stored_buffers<receive_message_op_base, N>
{
public:
    using view = buffer_view<boost::asio::mutable_buffer, Buffers>;

    receive_from_op(scheduler_operation::func_type complete, const view& v,
                    const Buffers& buffers, int flags, Endpoint& sender)
        : stored_buffers<receive_message_op_base, N>(v, false, complete, flags)
        , kept_(buffers)
        , sender_(sender)
    {
        this->describe(address_.data(), address_.capacity());
    }

    std::tuple<boost::system::error_code, std::size_t> results(bool alive)
    {
        if (alive && this->result() >= 0)
        {
            address_.resize(this->header_.msg_namelen);
            sender_ = address_;
        }
        return {this->error(), this->bytes()};
    }

protected:
    ~receive_from_op() = default;

private:
    [[no_unique_address]] kept_buffers<Buffers> kept_;
    Endpoint address_;
    Endpoint& sender_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
