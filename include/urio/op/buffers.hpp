// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// From a buffer sequence to what the kernel reads: one address and length, or an
// array of them that trails the operation in its block of memory.
#pragma once

#include <urio/seam/asio_detail.hpp>

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cstddef>
#include <limits.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// As many buffers of a sequence as Asio's own backends use in one call.
inline constexpr std::size_t max_iov = 64 < IOV_MAX ? 64 : IOV_MAX;

/// The kernel's limit for one transfer (MAX_RW_COUNT); a longer one comes back short.
inline constexpr std::size_t max_transfer = 0x7ffff000;

/// The memory of one transfer.
/**
 * Most are one buffer, which io_uring has cheaper operations for; a sequence that has
 * only one buffer with anything in it counts as one. `vector` is null then.
 */
struct transfer
{
    void* data = nullptr;
    std::size_t size = 0;
    ::iovec* vector = nullptr;
    unsigned count = 0;

    unsigned length() const noexcept
    {
        return static_cast<unsigned>(std::min(size, max_transfer));
    }
};

/// Looks at a buffer sequence. `Buffer` is boost::asio::const_buffer or
/// mutable_buffer.
template <class Buffer, class Buffers>
class buffer_view
{
    using adapter = buffer_sequence_adapter<Buffer, Buffers>;

public:
    explicit buffer_view(const Buffers& buffers) : buffers_(buffers)
    {
        if constexpr (adapter::is_single_buffer)
        {
            Buffer const b = adapter::first(buffers);
            note(b);
        }
        else
            each([this](Buffer b) { note(b); });
    }

    /// The number of bytes in the buffers that one call uses.
    std::size_t size() const noexcept { return size_; }

    /// How many array elements fill() needs; 0 if none.
    std::size_t vector_size() const noexcept { return used_ > 1 ? used_ : 0; }

    /// Describe the transfer, with an array of vector_size() elements.
    transfer fill(::iovec* vector) const
    {
        if (used_ <= 1)
            return {data_, size_, nullptr, 0};
        ::iovec* next = vector;
        if constexpr (!adapter::is_single_buffer)
            each(
                [&](Buffer b)
                {
                    if (b.size() != 0)
                        *next++ = {const_cast<void*>(static_cast<const void*>(b.data())),
                                   b.size()};
                });
        return {data_, size_, vector, static_cast<unsigned>(next - vector)};
    }

private:
    void note(const Buffer& b)
    {
        if (b.size() == 0)
            return;
        if (used_++ == 0)
            data_ = const_cast<void*>(static_cast<const void*>(b.data()));
        size_ += b.size();
    }

    template <class Function>
    void each(Function f) const
    {
        auto i = boost::asio::buffer_sequence_begin(buffers_);
        auto const end = boost::asio::buffer_sequence_end(buffers_);
        for (std::size_t n = 0; i != end && n != max_iov; ++i, ++n)
            f(Buffer(*i));
    }

    const Buffers& buffers_;
    void* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t used_ = 0;
};

/// A copy of the user's buffer sequence, held as long as the operation lasts, because
/// a sequence may own what it describes.
template <class Buffers, bool = is_prepared_buffers<Buffers>>
class kept_buffers
{
public:
    explicit kept_buffers(const Buffers& b) : buffers_(b) {}

private:
    Buffers buffers_;
};

template <class Buffers>
class kept_buffers<Buffers, true>
{
public:
    explicit kept_buffers(const Buffers&) noexcept {}
};

} // namespace detail
} // namespace urio::inline URIO_ABI
