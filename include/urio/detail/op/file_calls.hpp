// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What is asked of an open file other than its contents.
#pragma once

#include <urio/detail/op/call.hpp>
#include <urio/detail/op/opcodes.hpp>
#include <urio/file/file_status.hpp>

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <tuple>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// A call that has nothing to say but whether it succeeded.
struct plain_call
{
    static std::tuple<boost::system::error_code>
    results(int, boost::system::error_code ec, bool) noexcept
    {
        return {ec};
    }
};

struct sync_call : plain_call
{
    static constexpr std::uint8_t opcode = opcodes::fsync;
    explicit sync_call(bool d) noexcept : data_only(d) {}
    void prepare(int descriptor, io_uring_sqe& sqe) const noexcept;
    int perform(int descriptor) const noexcept;

    bool data_only;
};

struct resize_call : plain_call
{
    static constexpr std::uint8_t opcode = opcodes::ftruncate;
    explicit resize_call(std::uint64_t n) noexcept : size(n) {}
    void prepare(int descriptor, io_uring_sqe& sqe) const noexcept;
    bool fits_entry() const noexcept;
    int perform(int descriptor) const noexcept;

    std::uint64_t size;
};

struct allocate_call : plain_call
{
    static constexpr std::uint8_t opcode = opcodes::fallocate;
    allocate_call(int m, std::uint64_t o, std::uint64_t n) noexcept
        : mode(m)
        , offset(o)
        , length(n)
    {
    }
    void prepare(int descriptor, io_uring_sqe& sqe) const noexcept;
    bool fits_entry() const noexcept;
    int perform(int descriptor) const noexcept;

    int mode;
    std::uint64_t offset;
    std::uint64_t length;
};

struct advise_call : plain_call
{
    static constexpr std::uint8_t opcode = opcodes::fadvise;
    advise_call(int a, std::uint64_t o, std::uint64_t n) noexcept
        : advice(a)
        , offset(o)
        , length(n)
    {
    }
    void prepare(int descriptor, io_uring_sqe& sqe) const noexcept;
    bool fits_entry() const noexcept;
    int perform(int descriptor) const noexcept;

    int advice;
    std::uint64_t offset;
    std::uint64_t length;
};

/// What asks for a status, in whichever way it is told of what.
struct status_call
{
    static constexpr std::uint8_t opcode = opcodes::statx;
    std::tuple<boost::system::error_code, file_status>
    results(int, boost::system::error_code ec, bool) const noexcept
    {
        return {ec, ec ? file_status() : file_status(status)};
    }

    struct ::statx status = {};
};

struct stat_call : status_call
{
    static constexpr bool by_number = true;
    void prepare(int descriptor, io_uring_sqe& sqe) noexcept;
    int perform(int descriptor) noexcept;
};

struct size_call : stat_call
{
    std::tuple<boost::system::error_code, std::uint64_t>
    results(int, boost::system::error_code ec, bool) const noexcept
    {
        return {ec, ec ? 0 : status.stx_size};
    }
};

/// The descriptor's number is free when it is over, whatever the result.
struct close_call
{
    static constexpr std::uint8_t opcode = opcodes::close;
    explicit close_call(int d) noexcept : descriptor(d) {}
    void prepare(int, io_uring_sqe& sqe) const noexcept;
    int perform(int) const noexcept;
    /// After EINTR it is closed: once more might close another file.
    static constexpr verdict judge(int result) noexcept
    {
        return result == -ECANCELED ? verdict::resubmit : verdict::complete;
    }
    std::tuple<boost::system::error_code>
    results(int result, boost::system::error_code ec, bool) const noexcept;

    int descriptor;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
