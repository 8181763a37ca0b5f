// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A copy that the kernel makes, in steps: each runs on a thread of the pool, from the
// opening of the files to their times, so that a small file takes one step.
#pragma once

#include <urio/fs/copy.hpp>

#include <cstdint>
#include <sys/stat.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

class copy_job
{
public:
    copy_job(fs::location from, fs::location to, const fs::copy_options& options);

    enum status
    {
        done,
        more,
        by_hand, ///< the kernel cannot copy these two: from `offset()` on it is for the
                 ///< caller, and for finish()
    };

    /// The next step: a status, or a negative error. Throws std::bad_alloc, as finish()
    /// does: paths are copied.
    int step();

    /// What remains when all has been copied, up to `offset()`: size, times. 0 or a
    /// negative error.
    int finish();

    std::uint64_t offset() const noexcept { return offset_; }
    /// Whether several reads of it may be under way. (It ends where they find the end all
    /// the same.)
    bool has_size() const noexcept { return both_regular_ && status_.st_size != 0; }
    /// A file that the kernel makes up as it is read, perhaps; not a pipe or a device.
    bool is_unsized() const noexcept
    {
        return S_ISREG(status_.st_mode) && status_.st_size == 0;
    }
    /// It may, at least: there are fewer blocks than bytes.
    bool has_holes() const noexcept
    {
        return both_regular_ && status_.st_blocks * 512 < status_.st_size;
    }
    int source() const noexcept { return in_.get(); }
    int target() const noexcept { return out_.get(); }
    const fs::location& from() const noexcept { return from_; }
    const fs::location& to() const noexcept { return to_; }

    /// How far copying by hand has come.
    void advance(std::uint64_t offset) noexcept { offset_ = offset; }

private:
    int open();
    int hand_over() const noexcept;
    int open_target();
    int check_target();
    const fs::location& writes_to() const noexcept
    {
        return replaces_ ? temporary_ : to_;
    }
    int copy();
    bool clone() const noexcept;
    bool is_source(const struct ::stat& s) const noexcept;
    int finish_hole();
    int extend() const noexcept;

    fs::location const from_, to_;
    // Takes the name of `to_` in the end.
    fs::location const temporary_;
    bool replaces_;
    bool const overwrite_, times_;
    std::uint64_t const chunk_;
    std::uint64_t offset_;
    bool opened_ = false;
    bool both_regular_ = false;
    bool began_ = false;
    struct ::stat status_ = {};
    unique_descriptor in_, out_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
