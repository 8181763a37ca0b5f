// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The receive operations of sockets.
#pragma once

#include <urio/op/message.hpp>

#include <boost/asio/error.hpp>

#include <cerrno>
#include <tuple>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// async_receive: recv(2) or recvmsg(2).
template <class Buffers>
class receive_op : public receive_op_base
{
public:
    using view = buffer_view<boost::asio::mutable_buffer, Buffers>;
    static constexpr header_use header = header_use::if_vectored;

    receive_op(func_type complete, void* trailing, int descriptor, const view& v,
               const Buffers& buffers, int flags, bool stream)
        : receive_op_base(complete, descriptor, lay_out(v, trailing, header), flags)
        , buffers_(buffers)
        , stream_(stream && v.size() != 0)
    {
    }

    std::tuple<boost::system::error_code, std::size_t> results(bool) const
    {
        // Only a stream ends, and only if there was room for more of it.
        if (stream_ && result_ == 0)
            return {boost::asio::error::eof, 0};
        return {error(), bytes()};
    }

private:
    [[no_unique_address]] kept_buffers<Buffers> buffers_;
    bool stream_;
};

/// async_receive with the message's flags: recvmsg(2).
template <class Buffers>
class receive_with_flags_op : public receive_op_base
{
public:
    using view = buffer_view<boost::asio::mutable_buffer, Buffers>;
    static constexpr header_use header = header_use::always;

    receive_with_flags_op(func_type complete, void* trailing, int descriptor,
                          const view& v, const Buffers& buffers, int flags,
                          int& out_flags)
        : receive_op_base(complete, descriptor, lay_out(v, trailing, header), flags)
        , buffers_(buffers)
        , out_flags_(out_flags)
    {
    }

    std::tuple<boost::system::error_code, std::size_t> results(bool alive) const
    {
        // Asio does not touch them where there is no socket to ask.
        if (alive && result_ != -EBADF)
            out_flags_ = result_ >= 0 ? message_.header->msg_flags : 0;
        return {error(), bytes()};
    }

private:
    [[no_unique_address]] kept_buffers<Buffers> buffers_;
    int& out_flags_;
};

/// async_receive_from: recvmsg(2) with the sender's address.
template <class Buffers, class Endpoint>
class receive_from_op : public receive_op_base
{
public:
    using view = buffer_view<boost::asio::mutable_buffer, Buffers>;
    static constexpr header_use header = header_use::always;

    receive_from_op(func_type complete, void* trailing, int descriptor, const view& v,
                    const Buffers& buffers, int flags, Endpoint& sender)
        : receive_op_base(complete, descriptor, lay_out(v, trailing, header), flags)
        , buffers_(buffers)
        , sender_(sender)
    {
        message_.header->msg_name = address_.data();
        message_.header->msg_namelen = static_cast<::socklen_t>(address_.capacity());
    }

    std::tuple<boost::system::error_code, std::size_t> results(bool alive)
    {
        if (alive && result_ >= 0)
        {
            address_.resize(message_.header->msg_namelen);
            sender_ = address_;
        }
        return {error(), bytes()};
    }

private:
    [[no_unique_address]] kept_buffers<Buffers> buffers_;
    Endpoint address_;
    Endpoint& sender_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
