// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Reading and writing files.
#pragma once

#include <urio/detail/asio/handler_memory.hpp>
#include <urio/detail/op/buffers.hpp>
#include <urio/detail/op/opcodes.hpp>
#include <urio/detail/op/operation.hpp>
#include <urio/detail/system/readiness.hpp>

#include <boost/asio/error.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <tuple>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Where in a file an operation takes place.
struct file_position
{
    /// As a stream: at the object's position, which moves on by what is transferred.
    /// The operations of a stream run one after another, so that each begins where
    /// the one before it has ended, be it short or cancelled.
    bool stream = false;
    std::uint64_t offset = 0;
    /// The file is open with O_DIRECT.
    bool direct = false;
};

/// What an error of a transfer means. With O_DIRECT, EINVAL is about the alignment:
/// nothing else is left to be invalid.
inline boost::system::error_code transfer_error(boost::system::error_code ec,
                                                bool direct) noexcept
{
    if (direct && ec.value() == EINVAL &&
        ec.category() == boost::asio::error::get_system_category())
        return errc::misaligned;
    return ec;
}

class file_transfer_op : public buffers_op
{
public:
    /// The memory is part of a buffer that the kernel knows by this number; -1 for none.
    void name_buffer(int slot) noexcept { buffer_slot_ = slot; }

protected:
    struct block_header
    {
    };

    /// `wake_events`: what to wait for (of pipes and the like), or 0 for files that never
    /// have their users wait.
    file_transfer_op(const op_kind& k, func_type complete, file_position position,
                     std::uint8_t wake_events) noexcept;
    ~file_transfer_op() = default;

    std::size_t bytes() const noexcept
    {
        return result() > 0 ? static_cast<std::size_t>(result()) : 0;
    }

    /// Fixes the offset of this attempt.
    static void begin(io_operation& base);

    /// The offset of this attempt; all ones for the kernel's own position.
    std::uint64_t offset() noexcept
    {
        begin(*this);
        return offset_;
    }

    /// Whether a transfer without io_uring would wait for the other side.
    bool would_wait() const noexcept;

    static verdict completion(io_operation& base, int& result, std::uint32_t flags);

    /// What reads and writes have in common.
    static constexpr op_kind common_kind() noexcept
    {
        return {.completion = &completion,
                .begin = &begin,
                .non_blocking = true,
                .disk = true};
    }

    int buffer_slot_ = -1;
    std::uint64_t offset_;
    ::iovec first_;
};

class file_read_op_base : public file_transfer_op
{
protected:
    /// `waits` says whether reading may have to wait for data (pipes and the like).
    file_read_op_base(func_type complete, file_position position, bool waits,
                      const op_kind& k = kind_) noexcept
        : file_transfer_op(k, complete, position, waits ? readable_events : 0)
    {
    }
    ~file_read_op_base() = default;

    static void prepare(io_operation& base, io_uring_sqe& sqe);
    static int perform(io_operation& base);
    static int perform_cached(io_operation& base);

    static constexpr op_kind make_kind() noexcept
    {
        op_kind k = common_kind();
        k.opcode = opcodes::read;
        k.prepare = &prepare;
        k.perform = &perform;
        k.perform_without_wait = &perform_cached;
        return k;
    }

    static const op_kind kind_;

public:
    std::tuple<boost::system::error_code, std::size_t> results(bool) const
    {
        // An empty buffer is the only one.
        if (result() == 0 && (buffers_ != 1 || first_.iov_len != 0))
            return {boost::asio::error::eof, 0};
        return {transfer_error(error(), direct_), bytes()};
    }
};

class file_write_op_base : public file_transfer_op
{
protected:
    file_write_op_base(func_type complete, file_position position, bool waits,
                       const op_kind& k = kind_) noexcept
        : file_transfer_op(k, complete, position, waits ? writable_events : 0)
    {
    }
    ~file_write_op_base() = default;

    static void prepare(io_operation& base, io_uring_sqe& sqe);
    static int perform(io_operation& base);

    static constexpr op_kind make_kind() noexcept
    {
        op_kind k = common_kind();
        k.opcode = opcodes::write;
        k.prepare = &prepare;
        k.perform = &perform;
        return k;
    }

    static const op_kind kind_;

public:
    std::tuple<boost::system::error_code, std::size_t> results(bool) const
    {
        return {transfer_error(error(), direct_), bytes()};
    }
};

/// How many buffers an operation has room for. It has spent on an offset what Asio's
/// operation for descriptors has none of.
template <class Buffer, class Buffers, class Handler>
inline constexpr unsigned file_places =
    places_for<Buffer, Buffers>(0, has_default_allocator<Handler>);

/// async_read_some and async_read_some_at.
template <class Buffers, unsigned N>
class file_read_op : public stored_buffers<file_read_op_base, N>
{
public:
    using view = buffer_view<boost::asio::mutable_buffer, Buffers>;

    file_read_op(scheduler_operation::func_type complete, const view& v,
                 const Buffers& buffers, file_position position, bool waits)
        : stored_buffers<file_read_op_base, N>(v, false, complete, position, waits)
        , kept_(buffers)
    {
    }

protected:
    ~file_read_op() = default;

private:
    [[no_unique_address]] kept_buffers<Buffers> kept_;
};

/// async_write_some and async_write_some_at.
template <class Buffers, unsigned N>
class file_write_op : public stored_buffers<file_write_op_base, N>
{
public:
    using view = buffer_view<boost::asio::const_buffer, Buffers>;

    file_write_op(scheduler_operation::func_type complete, const view& v,
                  const Buffers& buffers, file_position position, bool waits)
        : stored_buffers<file_write_op_base, N>(v, false, complete, position, waits)
        , kept_(buffers)
    {
    }

protected:
    ~file_write_op() = default;

private:
    [[no_unique_address]] kept_buffers<Buffers> kept_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
