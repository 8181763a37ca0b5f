// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A loop of libuv.
#pragma once

#include "program.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <sys/socket.h>
#include <uv.h>

namespace bench
{

// Ends the program if a call to libuv has failed.
inline int must(int result)
{
    if (result >= 0)
        return result;
    std::fprintf(stderr, "libuv: %s\n", uv_strerror(result));
    std::exit(1);
}

inline void connect_pair(int (&fds)[2])
{
    must(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0 ? 0 : -errno);
}

class loop
{
public:
    loop() { must(uv_loop_init(&loop_)); }

    loop(const loop&) = delete;

    // Handles must be closed by now, or in the course of being closed.
    ~loop()
    {
        uv_run(&loop_, UV_RUN_DEFAULT);
        must(uv_loop_close(&loop_));
    }

    uv_loop_t* get() { return &loop_; }

    void run() { uv_run(&loop_, UV_RUN_DEFAULT); }

private:
    uv_loop_t loop_;
};

template <class Handle>
void close(Handle& h, uv_close_cb done = nullptr)
{
    uv_close(reinterpret_cast<uv_handle_t*>(&h), done);
}

} // namespace bench
