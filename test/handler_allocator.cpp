// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A handler's allocator is used as Asio uses it: bound to the operation's type, and asked
// for one. (handler_places.cpp is about those that have but one place.)

#include "file.hpp"
#include "pair.hpp"
#include "places.hpp"
#include "test.hpp"

#include <urio/fs.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <typeindex>
#include <typeinfo>
#include <utility>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using net::ip::tcp;
using net::ip::udp;

const std::string text = "0123456789";

// An allocator that tells what it was asked for.

struct asked
{
    unsigned taken = 0, given_back = 0;
    std::vector<std::type_index> seen;

    unsigned live() const { return taken - given_back; }
};

template <class T>
struct telling_allocator
{
    using value_type = T;

    explicit telling_allocator(asked& a) : a(&a) {}
    template <class U>
    telling_allocator(const telling_allocator<U>& other) : a(other.a)
    {
    }

    T* allocate(std::size_t n)
    {
        BOOST_CHECK_EQUAL(n, 1u);
        // Of the operation's own type, which is no smaller than the base of all.
        BOOST_CHECK_GE(sizeof(T), sizeof(urio::detail::scheduler_operation));
        ++a->taken;
        a->seen.push_back(typeid(T));
        return std::allocator<T>().allocate(n);
    }

    void deallocate(T* p, std::size_t n)
    {
        BOOST_CHECK_EQUAL(n, 1u);
        BOOST_CHECK(a->seen.back() == typeid(T));
        ++a->given_back;
        std::allocator<T>().deallocate(p, n);
    }

    template <class U>
    bool operator==(const telling_allocator<U>& other) const
    {
        return a == other.a;
    }

    asked* a;
};

/// Starts what `start` starts with a handler that it is given, and sees it through.
void one_object(mode_context& c, const char* what, const auto& start)
{
    BOOST_TEST_CONTEXT(what)
    {
        asked a;
        unsigned calls = 0;
        start(net::bind_allocator(telling_allocator<char>(a),
                                  [&](error_code ec, auto&&...)
                                  {
                                      BOOST_CHECK(!ec);
                                      BOOST_CHECK_EQUAL(a.live(), 0u);
                                      ++calls;
                                  }));
        BOOST_CHECK_EQUAL(a.taken, 1u);
        run(c);
        BOOST_CHECK_EQUAL(calls, 1u);
        BOOST_CHECK_EQUAL(a.taken, 1u);
        BOOST_CHECK_EQUAL(a.live(), 0u);
    }
}

/// Has the place of its operation, alone.
struct owner_of_place
{
    using allocator_type = place_allocator<char, 1024>;

    allocator_type get_allocator() const noexcept { return allocator_type(*memory); }
    void operator()(error_code ec, std::size_t) { *result = ec; }

    std::unique_ptr<place<1024>> memory;
    error_code* result;
};

} // namespace

BOOST_DATA_TEST_CASE(one_object_of_the_type_of_a_files_operation, every_mode, m)
{
    mode_context c(m);
    temporary_file f(text);
    net::random_access_file random(c, f.path(), net::file_base::read_write);
    net::stream_file stream(c, f.path(), net::file_base::read_only);
    char memory[10];
    std::vector<net::mutable_buffer> in;
    for (char& x : memory)
        in.push_back(net::buffer(&x, 1));
    std::vector<net::const_buffer> const out(in.begin(), in.end());
    one_object(c, "file, read", [&](auto h)
               { random.async_read_some_at(0, net::buffer(memory), std::move(h)); });
    one_object(c, "file, read many",
               [&](auto h) { random.async_read_some_at(0, in, std::move(h)); });
    BOOST_CHECK_EQUAL(std::string(memory, 10), text);
    one_object(c, "file, write many",
               [&](auto h) { random.async_write_some_at(0, out, std::move(h)); });
    one_object(c, "stream file, read many",
               [&](auto h) { stream.async_read_some(in, std::move(h)); });
    one_object(c, "file, read into what the operation owns", [&](auto h)
               { random.async_read_some_at(0, std::string(10, ' '), std::move(h)); });
    one_object(c, "size", [&](auto h) { random.async_size(std::move(h)); });
    one_object(c, "synchronise", [&](auto h) { random.async_sync_all(std::move(h)); });
    one_object(c, "status",
               [&](auto h) { net::fs::async_stat(c, f.path(), std::move(h)); });
    one_object(c, "close", [&](auto h) { stream.async_close(std::move(h)); });
    one_object(c, "open", [&](auto h)
               { stream.async_open(f.path(), net::file_base::read_only, std::move(h)); });
}

BOOST_DATA_TEST_CASE(one_object_of_the_type_of_a_sockets_operation, every_mode, m)
{
    mode_context c(m);
    tcp_pair t(c);
    char memory[10];
    std::vector<net::mutable_buffer> in;
    for (char& x : memory)
        in.push_back(net::buffer(&x, 1));
    std::vector<net::const_buffer> const out(in.begin(), in.end());
    one_object(c, "send",
               [&](auto h) { t.first.async_send(net::buffer(text), std::move(h)); });
    one_object(c, "receive many",
               [&](auto h) { t.second.async_receive(in, std::move(h)); });
    BOOST_CHECK_EQUAL(std::string(memory, 10), text);
    one_object(c, "send many", [&](auto h) { t.first.async_send(out, std::move(h)); });
    one_object(c, "peek", [&](auto h)
               { t.second.async_receive(in, tcp::socket::message_peek, std::move(h)); });
    one_object(c, "wait", [&](auto h)
               { t.second.async_wait(tcp::socket::wait_write, std::move(h)); });

    tcp::acceptor acceptor(c, loopback());
    tcp::socket client(c), other(c);
    one_object(c, "connect", [&](auto h)
               { client.async_connect(acceptor.local_endpoint(), std::move(h)); });
    one_object(c, "accept", [&](auto h) { acceptor.async_accept(other, std::move(h)); });
    tcp::socket another(c);
    another.connect(acceptor.local_endpoint());
    one_object(c, "accept and move",
               [&](auto h) { acceptor.async_accept(std::move(h)); });

    udp::socket u(c, udp::endpoint(net::ip::address_v4::loopback(), 0));
    udp::endpoint sender;
    one_object(c, "send to",
               [&](auto h) { u.async_send_to(out, u.local_endpoint(), std::move(h)); });
    one_object(c, "receive from",
               [&](auto h) { u.async_receive_from(in, sender, std::move(h)); });
    BOOST_CHECK(sender == u.local_endpoint());
}

// The place is part of what the handler owns alone.
BOOST_DATA_TEST_CASE(an_allocator_whose_memory_is_the_handlers, every_mode, m)
{
    mode_context c(m);
    tcp_pair t(c);
    char byte;
    error_code result;
    t.first.async_receive(net::buffer(&byte, 1),
                          owner_of_place{std::make_unique<place<1024>>(), &result});
    t.second.send(net::buffer("x", 1));
    run(c);
    BOOST_CHECK(!result);
    // And where the handler is destroyed without having been called.
    std::vector<net::mutable_buffer> const many(20, net::buffer(&byte, 1));
    t.first.async_receive(many, owner_of_place{std::make_unique<place<1024>>(), &result});
}
