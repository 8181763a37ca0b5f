// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Checksums of many files at once, whose results come in order.
#pragma once

#include "common.hpp"
#include "sha256.hpp"

#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <string>

namespace file_tools
{

class ordered_hashes
{
public:
    struct result
    {
        std::exception_ptr error;
        hashed value;
    };
    using handler = std::function<void(const result&)>;

    ordered_hashes(net::any_io_executor ex, hash_pool& pool, unsigned jobs,
                   unsigned depth);

    /// Waits for room, no more. The handlers are called in the order of these calls. One
    /// call at a time. "-" is the standard input.
    net::awaitable<void> add(std::string path, handler h);

    /// Waits until one fewer is at work. False if none is.
    net::awaitable<bool> wait_for_one();

    /// Calls the handler after those of all that were added before.
    void add_result(handler h);

private:
    struct entry
    {
        handler when_done;
        result outcome;
        bool done = false;
    };

    net::awaitable<void> compute(std::shared_ptr<entry> e, std::string path);
    net::awaitable<bool> may_try_again(std::uint64_t since);
    void deliver();

    net::any_io_executor executor_;
    hash_pool& pool_;
    unsigned const jobs_, depth_;
    unsigned in_flight_ = 0;
    // Of those, how many wait for descriptors that others have; and how often one has
    // begun to, or has ended.
    unsigned waiting_ = 0;
    std::uint64_t changes_ = 0;
    std::deque<std::shared_ptr<entry>> entries_;
    net::steady_timer room_;
};

} // namespace file_tools
