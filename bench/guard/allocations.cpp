// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "allocations.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <malloc.h>

// glibc's own, which it exports for this purpose.
extern "C"
{
    void* __libc_malloc(std::size_t) noexcept;
    void* __libc_calloc(std::size_t, std::size_t) noexcept;
    void* __libc_realloc(void*, std::size_t) noexcept;
    void* __libc_memalign(std::size_t, std::size_t) noexcept;
    void __libc_free(void*) noexcept;
}

namespace
{

// Without constructors: they are used before those of other files run.
constinit std::atomic<std::uint64_t> calls{0};
constinit std::atomic<std::int64_t> live{0};

void* taken(void* p) noexcept
{
    calls.fetch_add(1, std::memory_order_relaxed);
    live.fetch_add(static_cast<std::int64_t>(::malloc_usable_size(p)),
                   std::memory_order_relaxed);
    return p;
}

void given_back(void* p) noexcept
{
    live.fetch_sub(static_cast<std::int64_t>(::malloc_usable_size(p)),
                   std::memory_order_relaxed);
}

} // namespace

namespace bench
{

std::uint64_t allocations() noexcept
{
    return calls.load(std::memory_order_relaxed);
}

std::int64_t live_bytes() noexcept
{
    return live.load(std::memory_order_relaxed);
}

} // namespace bench

extern "C"
{

    void* malloc(std::size_t size) noexcept
    {
        return taken(__libc_malloc(size));
    }

    void* calloc(std::size_t n, std::size_t size) noexcept
    {
        return taken(__libc_calloc(n, size));
    }

    void* realloc(void* p, std::size_t size) noexcept
    {
        std::size_t const before = ::malloc_usable_size(p);
        void* const q = __libc_realloc(p, size);
        // Where it fails what was there stays. Of size 0 it is free().
        if (q || size == 0)
            live.fetch_sub(static_cast<std::int64_t>(before), std::memory_order_relaxed);
        return taken(q);
    }

    void* memalign(std::size_t alignment, std::size_t size) noexcept
    {
        return taken(__libc_memalign(alignment, size));
    }

    void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept
    {
        return taken(__libc_memalign(alignment, size));
    }

    int posix_memalign(void** p, std::size_t alignment, std::size_t size) noexcept
    {
        if (alignment % sizeof(void*) != 0 || (alignment & (alignment - 1)) != 0 ||
            alignment == 0)
            return EINVAL;
        void* const q = taken(__libc_memalign(alignment, size));
        if (!q)
            return ENOMEM;
        *p = q;
        return 0;
    }

    void free(void* p) noexcept
    {
        given_back(p);
        __libc_free(p);
    }

} // extern "C"
