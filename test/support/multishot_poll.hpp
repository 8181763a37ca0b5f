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

namespace test
{

class multishot_poll : public urio::detail::io_operation
{
public:
    /// What became of it, which outlives it.
    struct report
    {
        int told = 0;      ///< completions that others were to follow
        int delivered = 0; ///< of those, what has reached the loop
        int ends = 0;      ///< completions that were the last
        int destroyed = 0; ///< deliveries that the loop did not come to
    };

    multishot_poll(func_type complete, report& r)
        : io_operation(the_kind, complete)
        , report_(r)
    {
    }

    std::tuple<error_code> results(bool) const { return {error()}; }

private:
    struct news : urio::detail::scheduler_operation
    {
        explicit news(report& r) : scheduler_operation(&complete), about(r) {}

        static void complete(void* owner, scheduler_operation* base, const error_code&,
                             std::size_t)
        {
            auto* const self = static_cast<news*>(base);
            ++(owner ? self->about.delivered : self->about.destroyed);
            delete self;
        }

        report& about;
    };

    static void prepare(io_operation& op, ::io_uring_sqe& sqe)
    {
        ::io_uring_prep_poll_multishot(&sqe, op.descriptor(), POLLIN);
    }

    static urio::detail::verdict completion(io_operation& op, int& result,
                                            std::uint32_t flags)
    {
        report& r = static_cast<multishot_poll&>(op).report_;
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
        return new news(static_cast<multishot_poll&>(op).report_);
    }

    static constexpr urio::detail::op_kind the_kind{.opcode = IORING_OP_POLL_ADD,
                                                    .prepare = &prepare,
                                                    .completion = &completion,
                                                    .delivery = &delivery};
    report& report_;
};

/// Starts one; its end reports to the handler.
template <class Handler>
void start_multishot(boost::asio::io_context& c, urio::detail::io_object& object,
                     multishot_poll::report& r, Handler handler)
{
    urio::detail::initiate<multishot_poll>(
        urio::detail::use_engine(c), &object, urio::detail::lane::unordered, handler,
        c.get_executor(), [](multishot_poll&) { return urio::detail::initiation::start; },
        r);
}

} // namespace test
