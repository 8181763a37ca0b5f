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
#include <iterator>

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
class read_fixed : public read<boost::asio::mutable_registered_buffer>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::read_fixed;

    using read::read;

    void prepare(io_uring_sqe& entry) noexcept
    {
        detail::prepare_fixed(entry, opcode, target, buffer.data(), buffer.size(), offset,
                              buffer.id().native_handle());
    }
};

/// write(2) or pwrite(2) of such a buffer: `std::size_t`. IORING_OP_WRITE_FIXED,
/// Linux 5.1.
class write_fixed : public write<boost::asio::const_registered_buffer>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::write_fixed;

    using write::write;

    void prepare(io_uring_sqe& entry) noexcept
    {
        detail::prepare_fixed(entry, opcode, target, buffer.data(), buffer.size(), offset,
                              buffer.id().native_handle());
    }
};

/// readv(2) or preadv(2) into parts of one registered buffer: `std::size_t`. The list is
/// the user's owner of mutable_registered_buffer, all of the same buffer. The constructor
/// throws std::bad_alloc. IORING_OP_READV_FIXED, Linux 6.15.
template <class Buffers>
class read_vectored_fixed : public read_vectored<Buffers>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::readv_fixed;

    using read_vectored<Buffers>::read_vectored;

    void prepare(io_uring_sqe& entry) noexcept
    {
        detail::prepare_fixed(entry, opcode, this->target, this->list(), this->count(),
                              this->offset,
                              std::begin(this->buffer)->id().native_handle());
    }
};

template <class Buffers>
read_vectored_fixed(const handle&, Buffers, std::uint64_t = current_position)
    -> read_vectored_fixed<Buffers>;

/// The same for writev(2) and pwritev(2). IORING_OP_WRITEV_FIXED, Linux 6.15.
template <class Buffers>
class write_vectored_fixed : public write_vectored<Buffers>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::writev_fixed;

    using write_vectored<Buffers>::write_vectored;

    void prepare(io_uring_sqe& entry) noexcept
    {
        detail::prepare_fixed(entry, opcode, this->target, this->list(), this->count(),
                              this->offset,
                              std::begin(this->buffer)->id().native_handle());
    }
};

template <class Buffers>
write_vectored_fixed(const handle&, Buffers, std::uint64_t = current_position)
    -> write_vectored_fixed<Buffers>;

} // namespace event
} // namespace urio::inline URIO_ABI
