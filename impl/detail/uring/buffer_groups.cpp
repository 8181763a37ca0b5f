// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "buffer_groups.hpp"

#include <algorithm>
#include <cerrno>
#include <new>

namespace urio::inline URIO_ABI
{
namespace detail
{

int buffer_groups::add(ring& r, void* entries, unsigned n) noexcept
{
    std::lock_guard<process::process_mutex> l(mutex_);
    auto const free = std::find(used_.begin(), used_.end(), false);
    auto const index = static_cast<int>(free - used_.begin());
    if (first + index > 0xffff)
        return -1;
    try
    {
        if (free == used_.end())
            used_.push_back(false);
    }
    catch (const std::bad_alloc&)
    {
        return -1;
    }
    ::io_uring_buf_reg what{};
    what.ring_addr = reinterpret_cast<std::uintptr_t>(entries);
    what.ring_entries = n;
    what.bgid = static_cast<std::uint16_t>(first + index);
    if (r.change(IORING_REGISTER_PBUF_RING, &what, 1) < 0)
        return -1;
    used_[static_cast<std::size_t>(index)] = true;
    return first + index;
}

bool buffer_groups::remove(ring& r, int group) noexcept
{
    std::lock_guard<process::process_mutex> l(mutex_);
    auto const index = static_cast<std::size_t>(group - first);
    if (index >= used_.size() || !used_[index])
        return true;
    ::io_uring_buf_reg what{};
    what.bgid = static_cast<std::uint16_t>(group);
    if (r.change(IORING_UNREGISTER_PBUF_RING, &what, 1) < 0)
        return false;
    used_[index] = false;
    return true;
}

void buffer_groups::restart() noexcept
{
    used_.clear();
}

} // namespace detail
} // namespace urio::inline URIO_ABI
