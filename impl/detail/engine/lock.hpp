// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The engine's lock. It is taken several times for every operation, so in a
// process with one thread it costs a load and a branch.
#pragma once

#include <urio/detail/process/process_mutex.hpp>

#include <sys/single_threaded.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Holds a mutex, unless the process has only one thread: then there is nobody to be
/// kept out, and no critical section of the engine starts a thread.
class engine_lock
{
public:
    explicit engine_lock(process::process_mutex& m) : mutex_(m) { lock(); }

    engine_lock(const engine_lock&) = delete;
    engine_lock& operator=(const engine_lock&) = delete;

    ~engine_lock()
    {
        if (locked_)
            mutex_.unlock();
    }

    void lock()
    {
        if (!__libc_single_threaded)
        {
            mutex_.lock();
            locked_ = true;
        }
    }

    void unlock()
    {
        if (locked_)
        {
            mutex_.unlock();
            locked_ = false;
        }
    }

private:
    process::process_mutex& mutex_;
    bool locked_ = false;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
