// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What is asked of the file system by path.
#pragma once

#include <urio/detail/op/file_calls.hpp>
#include <urio/detail/op/opcodes.hpp>
#include <urio/file/open_options.hpp>
#include <urio/fs/location.hpp>

#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// `struct open_how` of openat2(2), which older headers lack.
struct open_how
{
    std::uint64_t flags = 0;
    std::uint64_t mode = 0;
    std::uint64_t resolve = 0;
};

struct open_call
{
    static constexpr std::uint8_t opcode = opcodes::openat2;
    static constexpr bool waits_in_thread = true;

    open_call(fs::location w, const open_options& options);
    void prepare(int, io_uring_sqe& sqe) const noexcept;
    int perform(int) const noexcept;
    /// The same, but it waits for the other end of a named pipe.
    int perform_and_wait() const noexcept;
    std::tuple<boost::system::error_code, unique_descriptor>
    results(int result, boost::system::error_code ec, bool) const noexcept
    {
        return {ec, unique_descriptor(ec ? -1 : result)};
    }

    fs::location where;
    open_how how;
};

/// Of what a path leads to.
struct path_stat_call : status_call
{
    path_stat_call(fs::location w, bool follow) noexcept
        : where(std::move(w))
        , follow_links(follow)
    {
    }
    void prepare(int, io_uring_sqe& sqe) noexcept;
    int perform(int) noexcept;
    int flags() const noexcept;

    fs::location where;
    bool follow_links;
};

struct rename_call : plain_call
{
    static constexpr std::uint8_t opcode = opcodes::renameat;
    rename_call(fs::location f, fs::location t, unsigned how) noexcept
        : where(std::move(f))
        , to(std::move(t))
        , flags(how)
    {
    }
    void prepare(int, io_uring_sqe& sqe) const noexcept;
    int perform(int) const noexcept;

    fs::location where, to;
    unsigned flags;
};

struct unlink_call : plain_call
{
    static constexpr std::uint8_t opcode = opcodes::unlinkat;
    unlink_call(fs::location w, int f) noexcept : where(std::move(w)), flags(f) {}
    void prepare(int, io_uring_sqe& sqe) const noexcept;
    int perform(int) const noexcept;

    fs::location where;
    int flags;
};

struct mkdir_call : plain_call
{
    static constexpr std::uint8_t opcode = opcodes::mkdirat;
    mkdir_call(fs::location w, unsigned m) noexcept : where(std::move(w)), mode(m) {}
    void prepare(int, io_uring_sqe& sqe) const noexcept;
    int perform(int) const noexcept;

    fs::location where;
    unsigned mode;
};

struct link_call : plain_call
{
    static constexpr std::uint8_t opcode = opcodes::linkat;
    link_call(fs::location f, fs::location t, int how) noexcept
        : where(std::move(f))
        , to(std::move(t))
        , flags(how)
    {
    }
    void prepare(int, io_uring_sqe& sqe) const noexcept;
    int perform(int) const noexcept;

    fs::location where, to;
    int flags;
};

struct read_symlink_call
{
    explicit read_symlink_call(fs::location w) noexcept : where(std::move(w)) {}
    int perform(int) noexcept;
    std::tuple<boost::system::error_code, std::string>
    results(int, boost::system::error_code ec, bool) noexcept
    {
        return {ec, std::move(target)};
    }

    fs::location where;
    std::string target;
};

struct symlink_call : plain_call
{
    static constexpr std::uint8_t opcode = opcodes::symlinkat;
    symlink_call(std::string t, fs::location w) noexcept
        : target(std::move(t))
        , where(std::move(w))
    {
    }
    void prepare(int, io_uring_sqe& sqe) const noexcept;
    int perform(int) const noexcept;

    std::string target;
    fs::location where;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
