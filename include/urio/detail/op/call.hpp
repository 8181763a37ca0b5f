// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An operation made of a system call: what it is given, how it is put to io_uring, how
// a thread carries it out where the kernel cannot, and what its result means.
#pragma once

#include <urio/detail/engine/io_object.hpp>
#include <urio/detail/op/operation.hpp>

#include <boost/system/error_code.hpp>

#include <cerrno>
#include <tuple>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// What a call's prepare() sets where this very call is not for io_uring: no kernel knows
/// it, so that a thread of the pool carries the call out.
inline constexpr unsigned char no_opcode = 0xff;

/// What a worker thread of the kernel answers when it was interrupted while it waited, to
/// open a named pipe, say (ERESTARTSYS).
inline constexpr int restart_system_call = 512;

/// The rules for calls: what has not begun is begun again.
constexpr verdict judge_call(int result) noexcept
{
    return result == -ECANCELED || result == -EINTR || result == -restart_system_call
               ? verdict::resubmit
               : verdict::complete;
}

/// A call that is not made at all.
struct refusal
{
    explicit refusal(boost::system::error_code e) noexcept : why(e) {}
    int perform(int) const noexcept { return -ECANCELED; }
    std::tuple<boost::system::error_code> results(int, boost::system::error_code,
                                                  bool) const noexcept
    {
        return {why};
    }

    boost::system::error_code why;
};

/// An operation of the kind `Call`, which has
/// - `void prepare(int descriptor, io_uring_sqe&)`, if io_uring has the operation;
/// - `int perform(int descriptor)`: the result of the system call, or a negative error;
/// - `results(int result, error_code, bool alive)`: the handler's arguments as a tuple.
///   If `alive` is false the handler will not be invoked, and what was acquired is to be
///   given up;
/// - `static verdict judge(int result)`, if the rules are others than judge_call()'s;
/// - `static constexpr bool by_number` or `waits_in_thread`, see io_operation::kind.
template <class Call>
class call_op : public io_operation
{
public:
    call_op(func_type complete, Call&& call)
        : io_operation(kind_, complete)
        , call_(std::move(call))
    {
    }

    auto results(bool alive) { return call_.results(result(), error(), alive); }

protected:
    ~call_op() = default;

private:
    static void prepare(io_operation& base, io_uring_sqe& sqe)
    {
        static_cast<call_op&>(base).call_.prepare(base.descriptor(), sqe);
    }

    static verdict judge(io_operation&, int result)
    {
        if constexpr (requires { Call::judge(result); })
            return Call::judge(result);
        else
            return judge_call(result);
    }

    static int perform(io_operation& base)
    {
        return static_cast<call_op&>(base).call_.perform(base.descriptor());
    }

    static constexpr auto prepare_or_null() noexcept
    {
        using function = void (*)(io_operation&, io_uring_sqe&);
        if constexpr (requires(Call c, io_uring_sqe & sqe) { c.prepare(0, sqe); })
            return function(&prepare);
        else
            return function(nullptr);
    }

    static const kind kind_;

    Call call_;
};

template <class Call>
const io_operation::kind call_op<Call>::kind_{.prepare = prepare_or_null(),
                                              .judge = &judge,
                                              .perform = &perform,
                                              .progress = nullptr,
                                              .pool = true,
                                              .by_number = requires {
                                                  requires Call::by_number;
                                              },
                                              .waits_in_thread = requires {
                                                  requires Call::waits_in_thread;
                                              }};

} // namespace detail
} // namespace urio::inline URIO_ABI
