// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The load's side of a connection, the content that goes over it, and the wait for many.
#pragma once

#include "load.hpp"

#include <cstddef>
#include <string>
#include <sys/epoll.h>
#include <utility>
#include <vector>

namespace bench
{

[[noreturn]] void fail(const char* what);

// Owns a descriptor.
class descriptor
{
public:
    explicit descriptor(int number) : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    ~descriptor();

    int get() const { return number_; }

private:
    int number_;
};

// Connected to the server, in non-blocking mode. If it must not wait, it may not be
// connected yet.
descriptor connect_to(const server_process& server, const load_options& options,
                      bool wait = true);

// What goes over connections: any place of a stream has its own neighbourhood, so that
// bytes that are lost, doubled or swapped are found.
class content
{
public:
    // `most` bytes are there at any place.
    explicit content(std::size_t most);

    std::size_t most() const { return most_; }

    // The content at a place of a stream.
    const char* at(std::uint64_t place) const { return bytes_.data() + place % period; }

    // Throws std::runtime_error unless the bytes are those of this place.
    void check(const char* bytes, std::size_t n, std::uint64_t place) const;

private:
    static constexpr std::size_t period = 8191; // a prime, for messages are powers of two

    std::size_t most_;
    std::string bytes_;
};

// Edge-triggered.
class poller
{
public:
    poller();

    void add(int descriptor, std::uint32_t index);

    // Calls f(index, events) for each that is ready, within so many milliseconds.
    // Returns how many that were.
    template <class F>
    int wait(int milliseconds, F f)
    {
        int const n = ::epoll_wait(epoll_.get(), events_.data(),
                                   static_cast<int>(events_.size()), milliseconds);
        for (int i = 0; i < n; ++i)
            f(events_[static_cast<unsigned>(i)].data.u32,
              events_[static_cast<unsigned>(i)].events);
        return n;
    }

private:
    descriptor epoll_;
    std::vector<::epoll_event> events_;
};

} // namespace bench
