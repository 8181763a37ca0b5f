// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// From buffer sequences to what the kernel reads.

#include <urio/op/message.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/registered_buffer.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <deque>
#include <list>
#include <vector>

namespace
{

using namespace urio::detail;
namespace asio = boost::asio;

template <class Buffers>
using view_of = buffer_view<asio::const_buffer, Buffers>;

} // namespace

BOOST_AUTO_TEST_CASE(one_buffer_needs_no_array)
{
    char data[10] = {};
    auto const b = asio::buffer(data);
    view_of<std::remove_const_t<decltype(b)>> view(b);
    BOOST_CHECK_EQUAL(view.size(), 10u);
    BOOST_CHECK_EQUAL(view.vector_size(), 0u);
    transfer const t = view.fill(nullptr);
    BOOST_CHECK(t.data == data);
    BOOST_CHECK_EQUAL(t.length(), 10u);
    BOOST_CHECK(!t.vector);
}

BOOST_AUTO_TEST_CASE(a_sequence_with_one_filled_buffer_counts_as_one)
{
    char data[10] = {};
    std::vector<asio::const_buffer> const b{{}, asio::buffer(data, 4), {}};
    view_of<std::vector<asio::const_buffer>> view(b);
    BOOST_CHECK_EQUAL(view.vector_size(), 0u);
    transfer const t = view.fill(nullptr);
    BOOST_CHECK(t.data == data);
    BOOST_CHECK_EQUAL(t.size, 4u);
}

BOOST_AUTO_TEST_CASE(an_empty_sequence_is_nothing)
{
    std::vector<asio::const_buffer> const none;
    view_of<std::vector<asio::const_buffer>> view(none);
    BOOST_CHECK_EQUAL(view.size(), 0u);
    BOOST_CHECK_EQUAL(view.vector_size(), 0u);
    BOOST_CHECK_EQUAL(view.fill(nullptr).size, 0u);
}

BOOST_AUTO_TEST_CASE(many_buffers_become_an_array_without_the_empty_ones)
{
    char data[30];
    std::list<asio::const_buffer> const b{asio::buffer(data, 10),
                                          {},
                                          asio::buffer(data + 10, 5),
                                          asio::buffer(data + 20, 1)};
    view_of<std::list<asio::const_buffer>> view(b);
    BOOST_REQUIRE_EQUAL(view.vector_size(), 3u);
    BOOST_CHECK_EQUAL(view.size(), 16u);
    ::iovec array[3];
    transfer const t = view.fill(array);
    BOOST_CHECK(t.vector == array);
    BOOST_CHECK_EQUAL(t.count, 3u);
    BOOST_CHECK(array[1].iov_base == data + 10);
    BOOST_CHECK_EQUAL(array[2].iov_len, 1u);
}

BOOST_AUTO_TEST_CASE(no_more_buffers_are_used_than_asio_uses)
{
    char data[1];
    std::deque<asio::const_buffer> const b(5000, asio::buffer(data));
    view_of<std::deque<asio::const_buffer>> view(b);
    BOOST_CHECK_EQUAL(view.vector_size(), 64u);
    BOOST_CHECK_EQUAL(view.size(), 64u);
}

BOOST_AUTO_TEST_CASE(a_transfer_is_limited_to_what_one_call_can_do)
{
    // An entry's length has 32 bits: 4 GiB + 1 must not become 1.
    char data;
    for (std::size_t const size : {std::size_t{0x7ffff001}, std::size_t{0x100000001}})
    {
        asio::const_buffer const b(&data, size);
        BOOST_CHECK_EQUAL(view_of<asio::const_buffer>(b).fill(nullptr).length(),
                          0x7ffff000u);
    }
}

BOOST_AUTO_TEST_CASE(a_message_has_a_header_only_where_it_needs_one)
{
    char data[8] = {};
    auto const one = asio::const_buffer(data, 8);
    view_of<asio::const_buffer> const plain(one);
    BOOST_CHECK_EQUAL(message_bytes(plain, header_use::if_vectored), 0u);
    BOOST_CHECK(!lay_out(plain, nullptr, header_use::if_vectored).header);

    alignas(16) std::array<std::byte, 512> memory;
    BOOST_REQUIRE(message_bytes(plain, header_use::always) <= memory.size());
    message const m = lay_out(plain, memory.data(), header_use::always);
    BOOST_REQUIRE(m.header);
    BOOST_CHECK_EQUAL(m.header->msg_iovlen, 1u);
    BOOST_CHECK(m.header->msg_iov[0].iov_base == data);
    BOOST_CHECK(!m.header->msg_name);

    std::array<asio::const_buffer, 2> const two{asio::buffer(data, 3),
                                                asio::buffer(data + 3, 5)};
    view_of<std::array<asio::const_buffer, 2>> const vectored(two);
    BOOST_REQUIRE(message_bytes(vectored, header_use::if_vectored) <= memory.size());
    message const v = lay_out(vectored, memory.data(), header_use::if_vectored);
    BOOST_REQUIRE(v.header);
    BOOST_CHECK_EQUAL(v.header->msg_iovlen, 2u);
    BOOST_CHECK_EQUAL(v.header->msg_iov[1].iov_len, 5u);
}

BOOST_AUTO_TEST_CASE(a_kept_sequence_lives_as_long_as_the_operation)
{
    auto const data = std::make_shared<int>(1);
    struct owning
    {
        std::shared_ptr<int> owner;
    };
    owning const sequence{data};
    {
        kept_buffers<owning> const kept(sequence);
        BOOST_CHECK_EQUAL(data.use_count(), 3);
    }
    BOOST_CHECK_EQUAL(data.use_count(), 2);
}
