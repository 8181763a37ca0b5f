// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An allocator that counts, and makes what is freed unusable at once.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace test
{

/// Counts the blocks of all the allocators that refer to it.
struct heap
{
    std::size_t taken = 0, freed = 0;

    std::size_t live() const { return taken - freed; }
};

/// Has malloc(3) underneath, so that a test that counts operator new sees none of it.
template <class T>
struct counting_allocator
{
    using value_type = T;
    heap* h;

    explicit counting_allocator(heap& x) : h(&x) {}
    template <class U>
    counting_allocator(const counting_allocator<U>& other) : h(other.h)
    {
    }
    T* allocate(std::size_t n)
    {
        ++h->taken;
        return static_cast<T*>(std::malloc(n * sizeof(T)));
    }
    void deallocate(T* p, std::size_t n)
    {
        ++h->freed;
        std::memset(static_cast<void*>(p), 0xdd, n * sizeof(T));
        std::free(p);
    }
    friend bool operator==(const counting_allocator& a, const counting_allocator& b)
    {
        return a.h == b.h;
    }
};

} // namespace test
