// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// From a buffer sequence to what the kernel reads: a list of addresses and lengths, most
// of one element, in the operation itself. A list that is longer than there is room has
// memory of its own, which is not the handler's allocator's: that one may have a single
// place, and gets the operation's type to measure.
#pragma once

#include <urio/detail/asio/asio_detail.hpp>
#include <urio/detail/op/operation.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/recycling_allocator.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits.h>
#include <memory>
#include <sys/socket.h>
#include <sys/uio.h>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// As many buffers of a sequence as Asio's own backends use in one call.
inline constexpr std::size_t max_iov = 64 < IOV_MAX ? 64 : IOV_MAX;

/// The kernel's limit for one transfer (MAX_RW_COUNT); a longer one comes back short.
inline constexpr std::size_t max_transfer = 0x7ffff000;

/// The memory of one transfer: at least one buffer, and all of one that is not alone have
/// something in them. For single buffers io_uring has cheaper operations.
struct transfer
{
    ::iovec* vector = nullptr;
    unsigned count = 0;

    bool single() const noexcept { return count == 1; }

    // If it is single.
    void* data() const noexcept { return vector->iov_base; }
    unsigned length() const noexcept { return static_cast<unsigned>(vector->iov_len); }

    std::size_t size() const noexcept
    {
        std::size_t n = 0;
        for (unsigned i = 0; i != count; ++i)
            n += vector[i].iov_len;
        return n;
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

    /// How many elements a list of it has.
    std::size_t count() const noexcept { return used_ > 1 ? used_ : 1; }

    /// Gives each element of the list to `put`, in order.
    template <class Function>
    void list(Function put) const
    {
        if (used_ <= 1)
            return put(::iovec{data_, std::min(size_, max_transfer)});
        if constexpr (!adapter::is_single_buffer)
            each(
                [&](const Buffer& b)
                {
                    if (b.size() != 0)
                        put(::iovec{const_cast<void*>(static_cast<const void*>(b.data())),
                                    b.size()});
                });
    }

    /// The list, in an array of count() elements.
    transfer fill(::iovec* vector) const
    {
        ::iovec* next = vector;
        list([&](const ::iovec& v) { *next++ = v; });
        return {vector, static_cast<unsigned>(next - vector)};
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

/// Whether a sequence only describes memory, so that an operation that has noted the
/// addresses need not keep it.
template <class Buffers>
inline constexpr bool owns_nothing =
    is_prepared_buffers<Buffers> || std::is_trivially_destructible_v<Buffers>;
template <class Allocator>
inline constexpr bool owns_nothing<std::vector<boost::asio::const_buffer, Allocator>> =
    true;
template <class Allocator>
inline constexpr bool owns_nothing<std::vector<boost::asio::mutable_buffer, Allocator>> =
    true;

/// A copy of the user's buffer sequence, held as long as the operation lasts, because
/// a sequence may own what it describes.
template <class Buffers, bool = owns_nothing<Buffers>>
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

/// How many buffers have a place in an operation that may spend `spare` bytes on them,
/// beside the first one and what Asio's operation takes for its copy of the sequence. If
/// the size does not matter, because the memory is Asio's own, `generous`.
template <class Buffer, class Buffers>
constexpr unsigned places_for(std::size_t spare, bool generous) noexcept
{
    if constexpr (buffer_sequence_adapter<Buffer, Buffers>::is_single_buffer)
        return 1;
    else
    {
        std::size_t places =
            (spare + (owns_nothing<Buffers> ? sizeof(Buffers) : 0)) / sizeof(::iovec);
        places = std::clamp<std::size_t>(places, generous ? 8 : 1, 16);
        if constexpr (requires { std::tuple_size<Buffers>::value; })
            places = std::min(places,
                              std::max<std::size_t>(std::tuple_size<Buffers>::value, 1));
        return static_cast<unsigned>(places);
    }
}

/// The base of operations with buffers. What is derived from it has the first buffer, or
/// where the list is if that has a block of its own, and stored_buffers<> the others.
class buffers_op : public io_operation
{
protected:
    static constexpr unsigned in_block = 63;

    using io_operation::io_operation;
    ~buffers_op() = default;

    transfer buffers_at(::iovec& first) noexcept
    {
        if (buffers_ == in_block) [[unlikely]]
            return {static_cast<::iovec*>(first.iov_base),
                    static_cast<unsigned>(first.iov_len)};
        return {&first, buffers_};
    }

    // These share a byte with nothing that changes.

    /// How many are in the operation, or in_block.
    std::uint8_t buffers_ : 6 = 1;
    /// What is transferred is a part of a stream.
    bool stream_ : 1 = false;
    /// The file is open with O_DIRECT.
    bool direct_ : 1 = false;
};

/// A list of buffers with a block of its own, behind `Header` and in Asio's recycled
/// memory.
template <class Header>
struct buffer_block
{
    static constexpr std::size_t header_units =
        std::is_empty_v<Header>
            ? 0
            : (sizeof(Header) + sizeof(::iovec) - 1) / sizeof(::iovec);
    using allocator = boost::asio::recycling_allocator<::iovec>;

    static ::iovec* make(std::size_t n)
    {
        return allocator().allocate(header_units + n) + header_units;
    }

    static void free(::iovec* list, std::size_t n) noexcept
    {
        allocator().deallocate(list - header_units, header_units + n);
    }

    static Header* header_of(::iovec* list) noexcept
    {
        return reinterpret_cast<Header*>(list - header_units);
    }
};

/// `Base`, a buffers_op whose last member is `first_`, with room for N buffers. The
/// others are right behind the first one.
template <class Base, unsigned N>
class stored_buffers : public Base
{
    using block = buffer_block<typename Base::block_header>;

protected:
    template <class View, class... Args>
    explicit stored_buffers(const View& view, bool needs_block, Args&&... args)
        : Base(std::forward<Args>(args)...)
    {
        std::size_t const n = view.count();
        if (n > N || (needs_block && n > 1)) [[unlikely]]
        {
            ::iovec* const list = block::make(n);
            view.fill(list);
            this->first_ = {list, n};
            this->buffers_ = Base::in_block;
            return;
        }
        this->buffers_ = static_cast<std::uint8_t>(n);
        if constexpr (N == 1)
            view.list([this](const ::iovec& v) { this->first_ = v; });
        else
        {
            static_assert(N < Base::in_block);
            unsigned i = 0;
            view.list([&](const ::iovec& v)
                      { (i == 0 ? this->first_ : others_.list[i - 1]) = v, ++i; });
        }
    }

    ~stored_buffers()
    {
        if (this->buffers_ == Base::in_block) [[unlikely]]
            block::free(static_cast<::iovec*>(this->first_.iov_base),
                        this->first_.iov_len);
    }

private:
    template <unsigned Count>
    struct array
    {
        ::iovec list[Count];
    };
    struct nothing
    {
    };

    [[no_unique_address]] std::conditional_t<N == 1, nothing, array<N == 1 ? 1 : N - 1>>
        others_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
