// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The send operations of sockets.
#pragma once

#include <urio/detail/op/message.hpp>
#include <urio/detail/op/opcodes.hpp>

#include <tuple>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// async_send: send(2) or sendmsg(2).
template <class Buffers, unsigned N>
class send_op : public stored_buffers<send_op_base, N>
{
public:
    using view = buffer_view<boost::asio::const_buffer, Buffers>;

    send_op(scheduler_operation::func_type complete, const view& v,
            const Buffers& buffers, int flags)
        : stored_buffers<send_op_base, N>(v, false, complete, flags)
        , kept_(buffers)
    {
    }

    std::tuple<boost::system::error_code, std::size_t> results(bool) const
    {
        return {this->error(), this->bytes()};
    }

protected:
    ~send_op() = default;

private:
    [[no_unique_address]] kept_buffers<Buffers> kept_;
};

/// async_send_to: sendmsg(2) with an address.
template <class Buffers, unsigned N, class Endpoint>
class send_to_op : public stored_buffers<send_op_base, N>
{
public:
    using view = buffer_view<boost::asio::const_buffer, Buffers>;

    send_to_op(scheduler_operation::func_type complete, const view& v,
               const Buffers& buffers, int flags, const Endpoint& destination)
        : stored_buffers<send_op_base, N>(v, false, kind_, complete, flags)
        , kept_(buffers)
        , destination_(destination)
    {
    }

    std::tuple<boost::system::error_code, std::size_t> results(bool) const
    {
        return {this->error(), this->bytes()};
    }

protected:
    ~send_to_op() = default;

private:
    static void prepare(io_operation& base, io_uring_sqe& sqe)
    {
        auto& op = static_cast<send_to_op&>(base);
        op.prepare_to(sqe, op.destination_.data(), op.destination_.size());
    }

    static int perform(io_operation& base)
    {
        auto& op = static_cast<send_to_op&>(base);
        return op.perform_to(op.destination_.data(), op.destination_.size());
    }

    static const op_kind kind_;

    [[no_unique_address]] kept_buffers<Buffers> kept_;
    Endpoint destination_;
};

template <class Buffers, unsigned N, class Endpoint>
const op_kind send_to_op<Buffers, N, Endpoint>::kind_{.opcode = opcodes::sendmsg,
                                                      .prepare = &prepare,
                                                      .perform = &perform,
                                                      .eager = true,
                                                      .header = true};

} // namespace detail
} // namespace urio::inline URIO_ABI
