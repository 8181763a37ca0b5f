// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How submission entries are filled. By their fields, not by liburing's functions: those
// of an old liburing are fewer than the operations of a new kernel.
#pragma once

#include "../detail/system/liburing.hpp"
#include "../detail/system/system.hpp"

#include <urio/event/handle.hpp>

#include <cstdint>
#include <string>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace event
{

inline std::uint64_t address(const void* p) noexcept
{
    return reinterpret_cast<std::uintptr_t>(p);
}

inline void fill(io_uring_sqe& entry, std::uint8_t opcode, int descriptor,
                 const void* memory = nullptr, std::uint32_t length = 0,
                 std::uint64_t offset = 0) noexcept
{
    entry.opcode = opcode;
    entry.fd = descriptor;
    entry.off = offset;
    entry.addr = address(memory);
    entry.len = length;
}

inline void fill(io_uring_sqe& entry, std::uint8_t opcode, const handle& h,
                 const void* memory = nullptr, std::uint32_t length = 0,
                 std::uint64_t offset = 0) noexcept
{
    fill(entry, opcode, h.number(), memory, length, offset);
    if (h.is_slot())
        entry.flags |= IOSQE_FIXED_FILE;
}

/// As the system sees it: one that has a null character in it is the name of nothing.
inline const char* c_string(const std::string& s) noexcept
{
    return s.find('\0') == std::string::npos ? s.c_str() : "";
}

/// What makes a file puts it into a slot: `file_index` is one more than its number.
inline void into_slot(io_uring_sqe& entry, const handle& into) noexcept
{
    entry.file_index = static_cast<std::uint32_t>(into.number() + 1);
}

/// The result of a call that has made a file, where there are no slots: as the kernel's.
inline int put_into(const handle& into, int descriptor) noexcept
{
    if (!into.place() || descriptor < 0)
        return descriptor;
    if (into.is_slot())
    {
        // The kernel has slots, but not the operation that would fill them.
        ::close(descriptor);
        return -EOPNOTSUPP;
    }
    into.place()->put(descriptor);
    return 0;
}

inline unique_descriptor made_file(const handle& into, int res) noexcept
{
    return into.place() ? unique_descriptor() : unique_descriptor(res);
}

} // namespace event
} // namespace urio::inline URIO_ABI
