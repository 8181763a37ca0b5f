// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The send operations of sockets.
#pragma once

#include <urio/op/message.hpp>

#include <tuple>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// async_send: send(2) or sendmsg(2).
template <class Buffers>
class send_op : public send_op_base
{
public:
    using view = buffer_view<boost::asio::const_buffer, Buffers>;
    static constexpr header_use header = header_use::if_vectored;

    send_op(func_type complete, void* trailing, int descriptor, const view& v,
            const Buffers& buffers, int flags)
        : send_op_base(complete, descriptor, lay_out(v, trailing, header), flags)
        , buffers_(buffers)
    {
    }

    std::tuple<boost::system::error_code, std::size_t> results(bool) const
    {
        return {error(), bytes()};
    }

private:
    [[no_unique_address]] kept_buffers<Buffers> buffers_;
};

/// async_send_to: sendmsg(2) with an address.
template <class Buffers, class Endpoint>
class send_to_op : public send_op_base
{
public:
    using view = buffer_view<boost::asio::const_buffer, Buffers>;
    static constexpr header_use header = header_use::always;

    send_to_op(func_type complete, void* trailing, int descriptor, const view& v,
               const Buffers& buffers, int flags, const Endpoint& destination)
        : send_op_base(complete, descriptor, lay_out(v, trailing, header), flags)
        , buffers_(buffers)
        , destination_(destination)
    {
        message_.header->msg_name = destination_.data();
        message_.header->msg_namelen = static_cast<::socklen_t>(destination_.size());
    }

    std::tuple<boost::system::error_code, std::size_t> results(bool) const
    {
        return {error(), bytes()};
    }

private:
    [[no_unique_address]] kept_buffers<Buffers> buffers_;
    Endpoint destination_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
