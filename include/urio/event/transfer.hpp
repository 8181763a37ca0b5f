// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that read and write files, pipes and whatever else has a descriptor.
#pragma once

#include <urio/detail/op/opcodes.hpp>
#include <urio/event/handle.hpp>

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

// poll(2)'s bits, for headers that do without it.
inline constexpr short readable = 1;
inline constexpr short writable = 4;

/// As struct iovec.
struct memory_range
{
    void* data;
    std::size_t size;
};

/// What an event keeps of a buffer that is given to it: itself, or one of Asio's two
/// types.
template <class B>
using kept_buffer =
    std::conditional_t<std::is_base_of_v<boost::asio::mutable_buffer, B>,
                       boost::asio::mutable_buffer,
                       std::conditional_t<std::is_base_of_v<boost::asio::const_buffer, B>,
                                          boost::asio::const_buffer, B>>;

template <class B>
boost::asio::mutable_buffer memory_to_fill(B& b) noexcept
{
    if constexpr (std::is_convertible_v<const B&, boost::asio::mutable_buffer>)
        return b;
    else if constexpr (requires { b.buffer(); })
        return b.buffer(); // registered
    else
        return boost::asio::buffer(b);
}

template <class B>
boost::asio::const_buffer memory_of(const B& b) noexcept
{
    if constexpr (std::is_convertible_v<const B&, boost::asio::const_buffer>)
        return b;
    else if constexpr (requires { b.buffer(); })
        return b.buffer(); // registered
    else
        return boost::asio::buffer(b);
}

/// A regular file, a directory or a block device: always ready, and slow all the same.
bool is_file(int descriptor) noexcept;
/// Calls accept4(2), connect(2), read(2) or write(2) with the descriptor in non-blocking
/// mode. One at a time in the process: nobody else finds it in the wrong mode.
int without_waiting(int descriptor, int (*call)(int descriptor, void*),
                    void* data) noexcept;
void prepare_transfer(io_uring_sqe& entry, std::uint8_t opcode, const event::handle& h,
                      const void* memory, std::size_t n, std::uint64_t offset) noexcept;
int read_now(int descriptor, void* memory, std::size_t n, std::uint64_t offset) noexcept;
int write_now(int descriptor, const void* memory, std::size_t n,
              std::uint64_t offset) noexcept;
int readv_now(int descriptor, const memory_range* list, std::size_t n,
              std::uint64_t offset) noexcept;
int writev_now(int descriptor, const memory_range* list, std::size_t n,
               std::uint64_t offset) noexcept;

} // namespace detail

namespace event
{

/// For reads and writes: where the descriptor stands (lseek(2)), which moves; and for
/// what has no positions, such as pipes and sockets. Linux 5.6.
inline constexpr std::uint64_t current_position = ~std::uint64_t{0};

/// What reads and writes have in common. `Buffer` is an owner of bytes (std::vector,
/// std::string, std::array), which comes back with the event; or boost::asio's
/// mutable_buffer or const_buffer, for memory that the user keeps until the event has
/// ended. More than 2 GiB less a page is transferred in part.
template <class Buffer>
class transfer
{
public:
    int descriptor() const noexcept { return target.descriptor(); }
    bool may_wait() const noexcept { return detail::is_file(descriptor()); }
    std::size_t result(int res, unsigned) const noexcept
    {
        return static_cast<std::size_t>(res);
    }
    bool is_short(int res) const noexcept
    {
        return static_cast<std::size_t>(res) < detail::memory_of(buffer).size();
    }

    handle target;
    Buffer buffer;
    std::uint64_t offset;

protected:
    transfer(const handle& h, Buffer&& b, std::uint64_t o) noexcept
        : target(h)
        , buffer(std::move(b))
        , offset(o)
    {
    }
};

/// read(2), or pread(2) with an offset: `std::size_t`, 0 at the end. IORING_OP_READ,
/// Linux 5.6.
template <class Buffer>
class read : public transfer<Buffer>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::read;

    read(const handle& h, Buffer b, std::uint64_t offset = current_position) noexcept
        : transfer<Buffer>(h, std::move(b), offset)
    {
    }

    short readiness() const noexcept { return detail::readable; }

    void prepare(io_uring_sqe& entry) noexcept
    {
        auto const b = detail::memory_to_fill(this->buffer);
        detail::prepare_transfer(entry, opcode, this->target, b.data(), b.size(),
                                 this->offset);
    }

    int perform() noexcept
    {
        auto const b = detail::memory_to_fill(this->buffer);
        return detail::read_now(this->descriptor(), b.data(), b.size(), this->offset);
    }
};

template <class B>
read(const handle&, B, std::uint64_t = current_position) -> read<detail::kept_buffer<B>>;

/// write(2), or pwrite(2) with an offset: `std::size_t`. IORING_OP_WRITE, Linux 5.6. What
/// is cancelled may have been written.
template <class Buffer>
class write : public transfer<Buffer>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::write;

    write(const handle& h, Buffer b, std::uint64_t offset = current_position) noexcept
        : transfer<Buffer>(h, std::move(b), offset)
    {
    }

    short readiness() const noexcept { return detail::writable; }

    void prepare(io_uring_sqe& entry) noexcept
    {
        auto const b = detail::memory_of(this->buffer);
        detail::prepare_transfer(entry, opcode, this->target, b.data(), b.size(),
                                 this->offset);
    }

    int perform() noexcept
    {
        auto const b = detail::memory_of(this->buffer);
        return detail::write_now(this->descriptor(), b.data(), b.size(), this->offset);
    }
};

template <class B>
write(const handle&, B, std::uint64_t = current_position)
    -> write<detail::kept_buffer<B>>;

/// Several buffers at once: owners of bytes, or boost::asio's buffers; at most 1024
/// (IOV_MAX).
template <class Buffers>
class vectored_transfer : public transfer<Buffers>
{
public:
    bool is_short(int res) const noexcept
    {
        std::size_t n = 0;
        for (auto const& b : this->buffer)
            n += detail::memory_of(b).size();
        return static_cast<std::size_t>(res) < n;
    }

protected:
    vectored_transfer(const handle& h, Buffers&& b, std::uint64_t offset)
        : transfer<Buffers>(h, std::move(b), offset)
        , list_(static_cast<std::size_t>(std::size(this->buffer)))
    {
    }

    // When the buffers have their place. As many as there were at the beginning.
    detail::memory_range* list() noexcept
    {
        auto* next = list_.data();
        for (auto& b : this->buffer)
        {
            if (next == list_.data() + list_.size())
                break;
            auto const memory = detail::memory_of(b);
            *next++ = {const_cast<void*>(memory.data()), memory.size()};
        }
        return list_.data();
    }
    std::size_t count() const noexcept { return list_.size(); }

private:
    std::vector<detail::memory_range> list_;
};

/// readv(2), or preadv(2): `std::size_t`. IORING_OP_READV, Linux 5.1. The constructor
/// throws std::bad_alloc.
template <class Buffers>
class read_vectored : public vectored_transfer<Buffers>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::readv;

    read_vectored(const handle& h, Buffers b, std::uint64_t offset = current_position)
        : vectored_transfer<Buffers>(h, std::move(b), offset)
    {
    }

    short readiness() const noexcept { return detail::readable; }

    void prepare(io_uring_sqe& entry) noexcept
    {
        detail::prepare_transfer(entry, opcode, this->target, this->list(), this->count(),
                                 this->offset);
    }

    int perform() noexcept
    {
        return detail::readv_now(this->descriptor(), this->list(), this->count(),
                                 this->offset);
    }
};

/// writev(2), or pwritev(2): `std::size_t`. IORING_OP_WRITEV, Linux 5.1. The constructor
/// throws std::bad_alloc.
template <class Buffers>
class write_vectored : public vectored_transfer<Buffers>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::writev;

    write_vectored(const handle& h, Buffers b, std::uint64_t offset = current_position)
        : vectored_transfer<Buffers>(h, std::move(b), offset)
    {
    }

    short readiness() const noexcept { return detail::writable; }

    void prepare(io_uring_sqe& entry) noexcept
    {
        detail::prepare_transfer(entry, opcode, this->target, this->list(), this->count(),
                                 this->offset);
    }

    int perform() noexcept
    {
        return detail::writev_now(this->descriptor(), this->list(), this->count(),
                                  this->offset);
    }
};

} // namespace event
} // namespace urio::inline URIO_ABI
