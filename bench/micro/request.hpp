// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How a thread is asked for something, and waits until it is: without spinning, which
// would be measured, too.
#pragma once

#include <semaphore.h>

namespace bench
{

class request
{
public:
    request() { ::sem_init(&semaphore_, 0, 0); }
    request(const request&) = delete;
    ~request() { ::sem_destroy(&semaphore_); }

    void give() { ::sem_post(&semaphore_); }

    void wait()
    {
        while (::sem_wait(&semaphore_) != 0)
        {
        }
    }

private:
    ::sem_t semaphore_;
};

} // namespace bench
