// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the two ends of the soak test's connections share: counts, and handlers that are
// counted.
#pragma once

#include <urio.hpp>

#include <atomic>
#include <cstddef>
#include <random>
#include <string>
#include <utility>

namespace test::soak
{

namespace net = urio;
using tcp = net::ip::tcp;
using boost::system::error_code;

struct counts
{
    std::atomic<bool> stop{false};
    std::atomic<int> clients{0}, sessions{0}; // alive
    std::atomic<std::size_t> started{0}, completed{0}, dropped{0};
    std::atomic<std::size_t> wrong{0}; // bytes, and results
    std::atomic<std::size_t> connections{0}, bytes{0}, cancels{0}, cancelled{0},
        closes{0}, half_closes{0};

    /// Boost.Test's macros are for one thread: what others find is counted.
    void expect(bool holds)
    {
        if (!holds)
            ++wrong;
    }
};

/// A handler that says whether it was invoked once, and not destroyed before.
template <class Function>
class counted
{
public:
    counted(counts& c, Function f) : counts_(&c), function_(std::move(f))
    {
        ++counts_->started;
    }

    counted(counted&& other) noexcept
        : counts_(std::exchange(other.counts_, nullptr))
        , function_(std::move(other.function_))
    {
    }

    counted& operator=(counted&&) = delete;

    ~counted()
    {
        if (counts_)
            ++counts_->dropped;
    }

    template <class... Args>
    void operator()(Args&&... args)
    {
        // Twice would be a null pointer.
        ++std::exchange(counts_, nullptr)->completed;
        function_(std::forward<Args>(args)...);
    }

private:
    counts* counts_;
    Function function_;
};

/// Random numbers below n.
class dice
{
public:
    explicit dice(unsigned seed) : random_(seed + 1) {}

    unsigned below(unsigned n) { return static_cast<unsigned>(random_() >> 4) % n; }

private:
    std::minstd_rand random_;
};

/// The byte at a position of the stream of a connection.
inline char byte_at(unsigned seed, std::size_t position)
{
    return static_cast<char>(seed + position * 131 + position / 251);
}

/// The first byte says whether the server may close the connection when it likes.
inline bool server_may_close(unsigned char first_byte)
{
    return first_byte % 4 == 0;
}

} // namespace test::soak
