// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Allocators with a single place, as large as an operation of Asio's own needs: programs
// have such, measured for Asio's; libtorrent is one.
#pragma once

#include "test.hpp"

#include <boost/asio/detail/descriptor_read_op.hpp>
#include <boost/asio/detail/descriptor_write_op.hpp>
#include <boost/asio/detail/reactive_socket_recv_op.hpp>
#include <boost/asio/detail/reactive_socket_send_op.hpp>
#include <boost/asio/detail/reactive_socket_sendto_op.hpp>
#include <boost/asio/detail/reactive_wait_op.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace test
{

template <std::size_t Size>
struct place
{
    alignas(std::max_align_t) std::byte bytes[Size];
    bool used = false;
    unsigned taken = 0;
};

template <class T, std::size_t Size>
struct place_allocator
{
    using value_type = T;
    template <class U>
    struct rebind
    {
        using other = place_allocator<U, Size>;
    };

    explicit place_allocator(place<Size>& p) : p(&p) {}
    template <class U>
    place_allocator(const place_allocator<U, Size>& other) : p(other.p)
    {
    }

    T* allocate(std::size_t n)
    {
        static_assert(sizeof(T) <= Size, "no room for the operation");
        BOOST_REQUIRE_EQUAL(n, 1u);
        BOOST_REQUIRE(!std::exchange(p->used, true));
        ++p->taken;
        return reinterpret_cast<T*>(p->bytes);
    }

    void deallocate(T* object, std::size_t n)
    {
        BOOST_REQUIRE_EQUAL(n, 1u);
        BOOST_REQUIRE(static_cast<void*>(object) == p->bytes);
        BOOST_REQUIRE(std::exchange(p->used, false));
        std::fill(std::begin(p->bytes), std::end(p->bytes), std::byte{0xdd});
    }

    template <class U>
    bool operator==(const place_allocator<U, Size>& other) const
    {
        return p == other.p;
    }

    place<Size>* p;
};

struct outcome
{
    error_code error;
    std::size_t bytes = 0;
    unsigned calls = 0;
};

template <std::size_t Size>
struct placed
{
    using allocator_type = place_allocator<char, Size>;

    allocator_type get_allocator() const noexcept { return allocator_type(*p); }

    void operator()(error_code ec, std::size_t n = 0)
    {
        BOOST_CHECK(!p->used); // for the next operation
        *o = {ec, n, o->calls + 1};
    }

    outcome* o;
    place<Size>* p;
};

// As large as all of these.
using any_placed = placed<1>;

/// A place in which Asio's own operation fits, and a handler that has it.
template <class AsioOperation>
struct asio_sized
{
    static constexpr std::size_t size = sizeof(AsioOperation);

    placed<size> handler() { return {&seen, &memory}; }

    void check(std::size_t bytes) const
    {
        BOOST_CHECK(!seen.error);
        BOOST_CHECK_EQUAL(seen.bytes, bytes);
        BOOST_CHECK_EQUAL(seen.calls, 1u);
        BOOST_CHECK_EQUAL(memory.taken, 1u);
    }

    place<size> memory;
    outcome seen;
};

namespace ad = boost::asio::detail;
using any_executor = boost::asio::any_io_executor;
template <class Buffers>
using asio_receive =
    asio_sized<ad::reactive_socket_recv_op<Buffers, any_placed, any_executor>>;
template <class Buffers>
using asio_send =
    asio_sized<ad::reactive_socket_send_op<Buffers, any_placed, any_executor>>;
template <class Buffers>
using asio_send_to =
    asio_sized<ad::reactive_socket_sendto_op<Buffers, urio::ip::udp::endpoint, any_placed,
                                             any_executor>>;
template <class Buffers>
using asio_read = asio_sized<ad::descriptor_read_op<Buffers, any_placed, any_executor>>;
template <class Buffers>
using asio_write = asio_sized<ad::descriptor_write_op<Buffers, any_placed, any_executor>>;
using asio_wait = asio_sized<ad::reactive_wait_op<any_placed, any_executor>>;

} // namespace test
