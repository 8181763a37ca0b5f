// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Transfers that own their buffer. They have two parts: the transfer, which the engine
// knows and the kernel works for, and its front, which has the user's handler. When the
// user gives up, the front completes at once; the transfer stays until the kernel is
// done.
#pragma once

#include <urio/detail/op/file_transfer.hpp>

#include <boost/asio/recycling_allocator.hpp>
#include <boost/system/error_code.hpp>

#include <concepts>
#include <memory>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// An owner of contiguous bytes that may be moved into an operation: std::vector,
/// std::string, std::array and what else boost::asio::buffer() takes. Buffer sequences
/// and views (std::span, std::string_view) own nothing.
template <class T>
concept owned_buffer =
    std::is_same_v<T, std::remove_cvref_t<T>> && !std::is_array_v<T> &&
    std::is_nothrow_move_constructible_v<T> && std::movable<T> &&
    std::default_initializable<T> && std::ranges::contiguous_range<T> &&
    !std::ranges::borrowed_range<T> &&
    std::is_trivially_copyable_v<std::ranges::range_value_t<T>> &&
    !boost::asio::is_const_buffer_sequence<T>::value && requires(T& t) {
        { boost::asio::buffer(t) } -> std::convertible_to<boost::asio::mutable_buffer>;
    };

template <class Buffer>
using owned_signature = void(boost::system::error_code, std::size_t, Buffer);

/// What the user waits for. As constructed, it is an operation that was abandoned.
template <class Buffer>
class owned_front : public scheduler_operation
{
public:
    std::tuple<boost::system::error_code, std::size_t, Buffer> results(bool)
    {
        return {error_, bytes_, std::move(buffer_)};
    }

    void set(std::tuple<boost::system::error_code, std::size_t> r,
             Buffer&& buffer) noexcept
    {
        std::tie(error_, bytes_) = r;
        buffer_ = std::move(buffer);
    }

protected:
    explicit owned_front(func_type complete) : scheduler_operation(complete) {}
    ~owned_front() = default;

private:
    boost::system::error_code error_ = boost::asio::error::operation_aborted;
    std::size_t bytes_ = 0;
    Buffer buffer_{};
};

/// A file_read_op_base or file_write_op_base whose memory is its own: it may be
/// abandoned.
template <class Base>
class owned_memory_op : public Base
{
protected:
    owned_memory_op(scheduler_operation::func_type complete, file_position position,
                    bool waits) noexcept
        : Base(complete, position, waits, kind_)
    {
    }

    ~owned_memory_op() = default;

    // What the user waits for.
    scheduler_operation* front_ = nullptr;

private:
    static scheduler_operation* detach(io_operation& base) noexcept
    {
        return std::exchange(static_cast<owned_memory_op&>(base).front_, nullptr);
    }

    static constexpr op_kind make_kind() noexcept
    {
        op_kind k = Base::make_kind();
        k.detach = &detach;
        return k;
    }

    static const op_kind kind_;
};

template <>
const op_kind owned_memory_op<file_read_op_base>::kind_;
template <>
const op_kind owned_memory_op<file_write_op_base>::kind_;

/// The same, with the buffer. Its memory is not from the handler's allocator, which it
/// may outlive.
template <class Base, class Buffer>
class owned_transfer_op final : public owned_memory_op<Base>
{
    using allocator = boost::asio::recycling_allocator<owned_transfer_op>;

    struct deleter
    {
        void operator()(owned_transfer_op* op) const noexcept
        {
            op->~owned_transfer_op();
            allocator().deallocate(op, 1);
        }
    };

public:
    using buffer_type = Buffer;
    using front = owned_front<Buffer>;
    using pointer = std::unique_ptr<owned_transfer_op, deleter>;

    static pointer make(Buffer&& buffer, file_position position, bool waits)
    {
        void* const memory = allocator().allocate(1);
        return pointer(::new (memory)
                           owned_transfer_op(std::move(buffer), position, waits));
    }

    bool empty() const noexcept { return this->first_.iov_len == 0; }

    /// The front is completed with this operation, or by what abandons it.
    void attach(front& f) noexcept { this->front_ = std::addressof(f); }

    void give_results(front& f) noexcept
    {
        f.set(this->results(true), std::move(buffer_));
    }

private:
    owned_transfer_op(Buffer&& buffer, file_position position, bool waits) noexcept
        : owned_memory_op<Base>(&owned_transfer_op::complete, position, waits)
        , buffer_(std::move(buffer))
    {
        // Not before the buffer has its place: a string's bytes may be within it.
        boost::asio::mutable_buffer const b = boost::asio::buffer(buffer_);
        this->first_ = {b.data(), std::min(b.size(), max_transfer)};
    }

    ~owned_transfer_op() = default;

    static void complete(void* owner, scheduler_operation* base,
                         const boost::system::error_code&, std::size_t)
    {
        pointer self(static_cast<owned_transfer_op*>(base));
        auto* const f = static_cast<front*>(self->front_);
        if (!f)
            return;
        self->give_results(*f);
        // The handler's next operation gets the memory.
        self.reset();
        f->complete(owner, {}, 0);
    }

    Buffer buffer_;
};

template <class Buffer>
using owned_read_op = owned_transfer_op<file_read_op_base, Buffer>;

template <class Buffer>
using owned_write_op = owned_transfer_op<file_write_op_base, Buffer>;

} // namespace detail
} // namespace urio::inline URIO_ABI
