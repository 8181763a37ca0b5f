// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/pipe.hpp>

#include "entry.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace event
{
namespace
{

::off_t* if_given(std::uint64_t& offset) noexcept
{
    return offset == current_position ? nullptr : reinterpret_cast<::off_t*>(&offset);
}

// SPLICE_F_FD_IN_FIXED, which few headers have.
constexpr unsigned in_is_slot = 1u << 31;

void fill_pipes(io_uring_sqe& entry, std::uint8_t opcode, const handle& in,
                const handle& out, std::uint32_t size, unsigned flags) noexcept
{
    fill(entry, opcode, out, nullptr, size);
    entry.splice_fd_in = in.number();
    entry.splice_flags = flags | (in.is_slot() ? in_is_slot : 0);
}

} // namespace

void splice::prepare(io_uring_sqe& entry) noexcept
{
    fill_pipes(entry, opcode, in, out, size, flags);
    entry.off = offset_out;
    entry.splice_off_in = offset_in;
}

int splice::perform() noexcept
{
    // splice(2) moves the offsets that it is given.
    std::uint64_t from = offset_in, to = offset_out;
    return detail::or_error(::splice(in.descriptor(), if_given(from), out.descriptor(),
                                     if_given(to), size, flags));
}

void tee::prepare(io_uring_sqe& entry) noexcept
{
    fill_pipes(entry, opcode, in, out, size, flags);
}

int tee::perform() noexcept
{
    return detail::or_error(::tee(in.descriptor(), out.descriptor(), size, flags));
}

void pipe::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, 0, ends_);
    entry.rw_flags = flags | O_CLOEXEC; // `pipe_flags` to newer headers
}

int pipe::perform() noexcept
{
    return detail::or_error(::pipe2(ends_, flags | O_CLOEXEC));
}

pipe_ends pipe::result(int, unsigned) noexcept
{
    return {unique_descriptor(ends_[0]), unique_descriptor(ends_[1])};
}

} // namespace event
} // namespace urio::inline URIO_ABI
