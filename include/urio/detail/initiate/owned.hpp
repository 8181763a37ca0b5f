// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The start of transfers that own their buffers.
#pragma once

#include <urio/detail/initiate/async_op.hpp>
#include <urio/detail/op/owned_transfer.hpp>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Start a transfer that owns its buffer, as initiate() does. `prepare` is called with
/// the transfer and its front, and says how to go on.
template <class Op, class Handler, class IoExecutor, class Prepare>
void initiate_owned(engine& e, io_object* object, lane l, Handler& handler,
                    const IoExecutor& ex, Prepare prepare, typename Op::pointer op)
{
    using front_type = async_op<typename Op::front, Handler, IoExecutor>;

    bool const continuation = is_continuation(handler);
    auto slot = boost::asio::get_associated_cancellation_slot(handler);

    typename front_type::block b(handler);
    front_type::construct(b, ex);

    if (prepare(*op, *b.op) == initiation::immediate)
    {
        op->give_results(*b.op);
        op.reset();
        return complete_at_once<front_type, Handler>(e, b, ex, continuation);
    }
    op->set_result(-ECANCELED);
    op->attach(*b.op);

    bool pending;
    {
        name_reservation reserved(e);
        if (slot.is_connected())
            slot.template emplace<op_cancellation>(e, reserved.make(*op));
        pending = e.start(*object, *op, l);
        reserved.keep();
    }
    if (pending)
    {
        (void)op.release();
        return b.release();
    }
    op->give_results(*b.op);
    op.reset();
    complete_at_once<front_type, Handler>(e, b, ex, continuation);
}

} // namespace detail
} // namespace urio::inline URIO_ABI
