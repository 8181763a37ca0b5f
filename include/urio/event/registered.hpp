// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that read and write by way of registered buffers.
#pragma once

#include <urio/detail/op/opcodes.hpp>
#include <urio/event/transfer.hpp>

#include <boost/asio/registered_buffer.hpp>

#include <cstddef>
#include <cstdint>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// The transfer's entry, with the number of the buffer.
void prepare_fixed(io_uring_sqe& entry, std::uint8_t opcode, const event::handle& h,
                   const void* memory, std::size_t n, std::uint64_t offset,
                   int buffer) noexcept;

} // namespace detail

namespace event
{

/// read(2) or pread(2) into a buffer of a urio::buffer_registration (or part of one) of
/// the same context: `std::size_t`. One that is not registered there fails with EFAULT.
/// IORING_OP_READ_FIXED, Linux 5.1.
class read_fixed : public transfer<boost::asio::mutable_registered_buffer>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::read_fixed;

    read_fixed(const handle& h, const boost::asio::mutable_registered_buffer& b,
               std::uint64_t o = current_position) noexcept
        : transfer(h, boost::asio::mutable_registered_buffer(b), o)
    {
    }

    short readiness() const noexcept { return detail::readable; }

    void prepare(io_uring_sqe& entry) noexcept
    {
        detail::prepare_fixed(entry, opcode, target, buffer.data(), buffer.size(), offset,
                              buffer.id().native_handle());
    }

    int perform() noexcept
    {
        return detail::read_now(descriptor(), buffer.data(), buffer.size(), offset);
    }
};

/// write(2) or pwrite(2) of such a buffer: `std::size_t`. IORING_OP_WRITE_FIXED,
/// Linux 5.1.
class write_fixed : public transfer<boost::asio::const_registered_buffer>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::write_fixed;

    write_fixed(const handle& h, const boost::asio::const_registered_buffer& b,
                std::uint64_t o = current_position) noexcept
        : transfer(h, boost::asio::const_registered_buffer(b), o)
    {
    }

    short readiness() const noexcept { return detail::writable; }

    void prepare(io_uring_sqe& entry) noexcept
    {
        detail::prepare_fixed(entry, opcode, target, buffer.data(), buffer.size(), offset,
                              buffer.id().native_handle());
    }

    int perform() noexcept
    {
        return detail::write_now(descriptor(), buffer.data(), buffer.size(), offset);
    }
};

/// readv(2) or preadv(2) into parts of one registered buffer: `std::size_t`. The list is
/// the user's owner of mutable_registered_buffer, all of the same buffer. The constructor
/// throws std::bad_alloc. IORING_OP_READV_FIXED, Linux 6.15.
template <class Buffers>
class read_vectored_fixed : public vectored_transfer<Buffers>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::readv_fixed;

    read_vectored_fixed(const handle& h, Buffers b, std::uint64_t o = current_position)
        : vectored_transfer<Buffers>(h, std::move(b), o)
    {
    }

    short readiness() const noexcept { return detail::readable; }

    void prepare(io_uring_sqe& entry) noexcept
    {
        detail::prepare_fixed(entry, opcode, this->target, this->list(), this->count(),
                              this->offset,
                              std::begin(this->buffer)->id().native_handle());
    }

    int perform() noexcept
    {
        return detail::readv_now(this->descriptor(), this->list(), this->count(),
                                 this->offset);
    }
};

/// The same for writev(2) and pwritev(2). IORING_OP_WRITEV_FIXED, Linux 6.15.
template <class Buffers>
class write_vectored_fixed : public vectored_transfer<Buffers>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::writev_fixed;

    write_vectored_fixed(const handle& h, Buffers b, std::uint64_t o = current_position)
        : vectored_transfer<Buffers>(h, std::move(b), o)
    {
    }

    short readiness() const noexcept { return detail::writable; }

    void prepare(io_uring_sqe& entry) noexcept
    {
        detail::prepare_fixed(entry, opcode, this->target, this->list(), this->count(),
                              this->offset,
                              std::begin(this->buffer)->id().native_handle());
    }

    int perform() noexcept
    {
        return detail::writev_now(this->descriptor(), this->list(), this->count(),
                                  this->offset);
    }
};

} // namespace event
} // namespace urio::inline URIO_ABI
