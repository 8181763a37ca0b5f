// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A connection whose data comes by a multishot operation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <sys/socket.h>

namespace bench
{

// What a completion points to: each connection has some.
enum class operation : std::uint8_t
{
    accept,
    receive,
    hang_up,
    cancel,
    send,
};

struct connection;

struct in_flight
{
    operation is;
    connection* of;
};

enum class receiving : std::uint8_t
{
    no,
    yes,
    ends, // is being cancelled
};

// A buffer and what is in it.
struct chunk
{
    char* data = nullptr;
    std::size_t size = 0;
    chunk* next = nullptr;
};

struct connection
{
    connection(std::size_t n, int fd) : number(n), descriptor(fd) {}

    std::size_t number;
    int descriptor;
    in_flight receive{operation::receive, this};
    in_flight hang_up{operation::hang_up, this};
    in_flight cancel{operation::cancel, this};
    in_flight send{operation::send, this};
    receiving state = receiving::no;
    bool is_sending = false;
    bool is_cancelling = false;
    bool is_watched = false;  // for the peer's hanging up
    bool has_hung_up = false; // the peer, of which one that is watched is told
    bool at_end = false;      // no more is to be received
    bool has_changed = false; // in this turn

    // What is to be sent.
    chunk* first = nullptr;
    chunk* last = nullptr;
    std::size_t begin = 0;          // of what is not sent yet in the first
    chunk own;                      // when the kernel has no buffer
    std::unique_ptr<char[]> memory; // of it
    std::array<::iovec, 16> parts;
    ::msghdr message{};
};

} // namespace bench
