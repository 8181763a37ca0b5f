// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Tells a child process that it is one, for the price of two loads: a child must
// not touch the queues that it shares with its parent. Below everything else.
#pragma once

#include <atomic>
#include <cstddef>
#include <new>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

namespace urio::process
{

inline std::atomic<unsigned> first_generation{1};
/// Zero in a child that has not asked for its number yet.
inline std::atomic<unsigned>* generation_of_memory = &first_generation;

/// Has forks noticed from now on. To be called before a generation is kept.
/**
 * The kernel empties the page in every process that gets a copy of the memory, whatever
 * call has made it (MADV_WIPEONFORK, Linux 4.14), and leaves it alone where the memory is
 * shared, as after vfork(2): who runs there is still in the parent's program. What runs
 * at fork(2) itself is for systems that do not know the advice, or only pretend to.
 */
inline void watch_forks() noexcept
{
    static int const registered = []
    {
        auto const size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        void* const page = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page != MAP_FAILED)
        {
#if defined(MADV_WIPEONFORK)
            (void)::madvise(page, size, MADV_WIPEONFORK);
#endif
            generation_of_memory = ::new (page)
                std::atomic<unsigned>(first_generation.load(std::memory_order_relaxed));
        }
        return ::pthread_atfork(
            nullptr, nullptr,
            [] { generation_of_memory->store(0, std::memory_order_relaxed); });
    }();
    (void)registered;
}

/// A number that this process has, and none of those that it has been forked from.
inline unsigned fork_generation() noexcept
{
    unsigned const known = generation_of_memory->load(std::memory_order_relaxed);
    if (known != 0) [[likely]]
        return known;
    static std::atomic<unsigned> last{1};
    unsigned none = 0;
    unsigned const next = last.fetch_add(1, std::memory_order_relaxed) + 1;
    return generation_of_memory->compare_exchange_strong(none, next,
                                                         std::memory_order_relaxed)
               ? next
               : none;
}

/// Whether the number is that of another process, for a little less.
inline bool is_forked_from(unsigned generation) noexcept
{
    return generation_of_memory->load(std::memory_order_relaxed) != generation;
}

} // namespace urio::process
