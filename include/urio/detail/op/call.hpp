// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An operation made of a system call: what it is given, how it is put to io_uring, how
// a thread carries it out where the kernel cannot, and what its result means.
#pragma once

#include <urio/detail/op/operation.hpp>

#include <boost/system/error_code.hpp>

#include <cerrno>
#include <tuple>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

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
/// - `static constexpr std::uint8_t opcode` and `void prepare(int descriptor,
///   io_uring_sqe&)`, if io_uring has the operation;
/// - `bool fits_entry() const`, if not all of them can be said in an entry;
/// - `int perform(int descriptor)`: the result of the system call, or a negative error;
/// - `results(int result, error_code, bool alive)`: the handler's arguments as a tuple.
///   If `alive` is false the handler will not be invoked, and what was acquired is to be
///   given up;
/// - `static verdict judge(int result)`, if the rules are others than judge_call()'s;
/// - `static constexpr bool by_number` or `waits_in_thread`, see op_kind.
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

    static verdict completion(io_operation&, int& result, std::uint32_t)
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

    static bool fits_entry(const io_operation& base) noexcept
    {
        return static_cast<const call_op&>(base).call_.fits_entry();
    }

    static constexpr op_kind make_kind() noexcept
    {
        static_assert(
            requires { Call::opcode; } ==
                requires(Call c, io_uring_sqe& sqe) { c.prepare(0, sqe); },
            "what can be said in an entry has an opcode");
        op_kind k{.completion = &completion, .perform = &perform, .pool = true};
        if constexpr (requires { Call::opcode; })
        {
            k.opcode = Call::opcode;
            k.prepare = &prepare;
        }
        if constexpr (requires(const Call& c) { c.fits_entry(); })
            k.fits_entry = &fits_entry;
        k.by_number = requires { requires Call::by_number; };
        k.waits_in_thread = requires { requires Call::waits_in_thread; };
        return k;
    }

    static const op_kind kind_;

    Call call_;
};

template <class Call>
const op_kind call_op<Call>::kind_ = make_kind();

} // namespace detail
} // namespace urio::inline URIO_ABI
