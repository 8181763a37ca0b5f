// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Reading and writing files.
#pragma once

#include <urio/op/buffers.hpp>
#include <urio/op/operation.hpp>

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

class file_transfer_op : public io_operation
{
public:
    /// The memory is part of a buffer that the kernel knows by this number; -1 for none.
    void name_buffer(int slot) noexcept { buffer_slot_ = slot; }

protected:
    /// Whose the memory is.
    enum class ownership
    {
        users,
        owned, ///< the operation's: it may be abandoned
    };

    file_transfer_op(const kind& k, func_type complete, int descriptor,
                     const transfer& memory, file_position position) noexcept
        : io_operation(k, complete, descriptor)
        , memory_(memory)
        , position_(position)
    {
    }

    ~file_transfer_op() = default;

    std::size_t bytes() const noexcept
    {
        return result_ > 0 ? static_cast<std::size_t>(result_) : 0;
    }

    /// Fixes the offset of this attempt.
    static void begin(io_operation& base);

    /// The offset of this attempt; all ones for the kernel's own position.
    std::uint64_t offset() noexcept
    {
        begin(*this);
        return at_;
    }

    /// The buffers as a list, whatever they are.
    transfer vector() noexcept
    {
        if (memory_.vector)
            return memory_;
        one_ = {memory_.data, memory_.length()};
        return {memory_.data, memory_.size, &one_, 1};
    }

    /// Whether a transfer without io_uring would wait for the other side.
    bool would_wait() const noexcept;

    static verdict judge_result(io_operation& base, int result);
    static scheduler_operation* abandon(io_operation& base) noexcept;

    transfer memory_;
    ::iovec one_{};
    file_position position_;
    std::uint64_t at_ = 0;
    int buffer_slot_ = -1;
    // What the user waits for, if the memory is the operation's own.
    scheduler_operation* front_ = nullptr;
};

class file_read_op_base : public file_transfer_op
{
protected:
    /// `waits` says whether reading may have to wait for data (pipes and the like).
    file_read_op_base(func_type complete, int descriptor, const transfer& memory,
                      file_position position, bool waits,
                      ownership o = ownership::users) noexcept;
    ~file_read_op_base() = default;

public:
    std::tuple<boost::system::error_code, std::size_t> results(bool) const
    {
        if (result_ == 0 && memory_.size != 0)
            return {boost::asio::error::eof, 0};
        return {transfer_error(error(), position_.direct), bytes()};
    }

private:
    static void prepare(io_operation& base, io_uring_sqe& sqe);
    static int perform(io_operation& base);
    static int perform_cached(io_operation& base);
    static const kind kind_;
    static const kind owned_kind_;
};

class file_write_op_base : public file_transfer_op
{
protected:
    file_write_op_base(func_type complete, int descriptor, const transfer& memory,
                       file_position position, bool waits,
                       ownership o = ownership::users) noexcept;
    ~file_write_op_base() = default;

public:
    std::tuple<boost::system::error_code, std::size_t> results(bool) const
    {
        return {transfer_error(error(), position_.direct), bytes()};
    }

private:
    static void prepare(io_operation& base, io_uring_sqe& sqe);
    static int perform(io_operation& base);
    static const kind kind_;
    static const kind owned_kind_;
};

/// async_read_some and async_read_some_at.
template <class Buffers>
class file_read_op : public file_read_op_base
{
public:
    using view = buffer_view<boost::asio::mutable_buffer, Buffers>;

    file_read_op(func_type complete, void* trailing, int descriptor, const view& v,
                 const Buffers& buffers, file_position position, bool waits)
        : file_read_op_base(complete, descriptor, v.fill(static_cast<::iovec*>(trailing)),
                            position, waits)
        , buffers_(buffers)
    {
    }

private:
    [[no_unique_address]] kept_buffers<Buffers> buffers_;
};

/// async_write_some and async_write_some_at.
template <class Buffers>
class file_write_op : public file_write_op_base
{
public:
    using view = buffer_view<boost::asio::const_buffer, Buffers>;

    file_write_op(func_type complete, void* trailing, int descriptor, const view& v,
                  const Buffers& buffers, file_position position, bool waits)
        : file_write_op_base(complete, descriptor,
                             v.fill(static_cast<::iovec*>(trailing)), position, waits)
        , buffers_(buffers)
    {
    }

private:
    [[no_unique_address]] kept_buffers<Buffers> buffers_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
