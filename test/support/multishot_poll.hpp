// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An operation of several completions: a multishot poll, each event of which is
// delivered.
#pragma once

#include "detail/system/liburing.hpp"
#include "test.hpp"

#include <urio/detail/initiate/async_op.hpp>

#include <tuple>
#include <utility>

namespace test
{

/// What became of an operation that delivers, which outlives it.
struct delivery_report
{
    int told = 0;      ///< completions that others were to follow
    int delivered = 0; ///< deliveries that have reached the loop
    int ends = 0;      ///< completions that were the last
    int destroyed = 0; ///< deliveries that the loop did not come to
};

/// What is posted for a delivery.
class delivered_news : public urio::detail::scheduler_operation
{
public:
    explicit delivered_news(delivery_report& r)
        : scheduler_operation(&complete)
        , about_(r)
    {
    }

private:
    static void complete(void* owner, scheduler_operation* base, const error_code&,
                         std::size_t)
    {
        auto* const self = static_cast<delivered_news*>(base);
        ++(owner ? self->about_.delivered : self->about_.destroyed);
        delete self;
    }

    delivery_report& about_;
};

class multishot_poll : public urio::detail::io_operation
{
public:
    multishot_poll(func_type complete, delivery_report& r)
        : io_operation(the_kind, complete)
        , report_(r)
    {
    }

    std::tuple<error_code> results(bool) const { return {error()}; }

private:
    static void prepare(io_operation& op, ::io_uring_sqe& sqe)
    {
        ::io_uring_prep_poll_multishot(&sqe, op.descriptor(), POLLIN);
    }

    static urio::detail::verdict completion(io_operation& op, int& result,
                                            std::uint32_t flags)
    {
        delivery_report& r = static_cast<multishot_poll&>(op).report_;
        if (!(flags & IORING_CQE_F_MORE))
        {
            ++r.ends;
            return urio::detail::judge(result);
        }
        BOOST_CHECK_GE(result, 0);
        ++r.told;
        return urio::detail::verdict::deliver;
    }

    static urio::detail::scheduler_operation* delivery(io_operation& op) noexcept
    {
        return new delivered_news(static_cast<multishot_poll&>(op).report_);
    }

    static constexpr urio::detail::op_kind the_kind{.opcode = IORING_OP_POLL_ADD,
                                                    .prepare = &prepare,
                                                    .completion = &completion,
                                                    .delivery = &delivery};
    delivery_report& report_;
};

/// Starts an operation, whose end reports to the handler.
template <class Op, class Handler, class... Args>
void start_operation(boost::asio::io_context& c, urio::detail::io_object& object,
                     urio::detail::lane where, Handler handler, Args&&... args)
{
    urio::detail::initiate<Op>(
        urio::detail::use_engine(c), &object, where, handler, c.get_executor(),
        [](Op&) { return urio::detail::initiation::start; }, std::forward<Args>(args)...);
}

template <class Handler>
void start_multishot(boost::asio::io_context& c, urio::detail::io_object& object,
                     delivery_report& r, Handler handler)
{
    start_operation<multishot_poll>(c, object, urio::detail::lane::unordered,
                                    std::move(handler), r);
}

} // namespace test
