// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// From buffer sequences to what the kernel reads.

#include <urio/detail/op/message.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/registered_buffer.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <deque>
#include <list>
#include <memory>
#include <span>
#include <vector>

namespace
{

using namespace urio::detail;
namespace asio = boost::asio;

template <class Buffers>
using view_of = buffer_view<asio::const_buffer, Buffers>;

} // namespace

BOOST_AUTO_TEST_CASE(a_single_buffer)
{
    char data[10] = {};
    auto const b = asio::buffer(data);
    view_of<std::remove_const_t<decltype(b)>> view(b);
    BOOST_CHECK_EQUAL(view.size(), 10u);
    BOOST_REQUIRE_EQUAL(view.count(), 1u);
    ::iovec one;
    transfer const t = view.fill(&one);
    BOOST_CHECK(t.single());
    BOOST_CHECK(t.data() == data);
    BOOST_CHECK_EQUAL(t.length(), 10u);
}

BOOST_AUTO_TEST_CASE(a_sequence_with_one_filled_buffer_counts_as_one)
{
    char data[10] = {};
    std::vector<asio::const_buffer> const b{{}, asio::buffer(data, 4), {}};
    view_of<std::vector<asio::const_buffer>> view(b);
    BOOST_REQUIRE_EQUAL(view.count(), 1u);
    ::iovec one;
    transfer const t = view.fill(&one);
    BOOST_CHECK(t.single());
    BOOST_CHECK(t.data() == data);
    BOOST_CHECK_EQUAL(t.size(), 4u);
}

BOOST_AUTO_TEST_CASE(an_empty_sequence_is_an_empty_buffer)
{
    std::vector<asio::const_buffer> const none;
    view_of<std::vector<asio::const_buffer>> view(none);
    BOOST_CHECK_EQUAL(view.size(), 0u);
    BOOST_REQUIRE_EQUAL(view.count(), 1u);
    ::iovec one;
    BOOST_CHECK_EQUAL(view.fill(&one).size(), 0u);
}

BOOST_AUTO_TEST_CASE(many_buffers_become_an_array_without_the_empty_ones)
{
    char data[30];
    std::list<asio::const_buffer> const b{asio::buffer(data, 10),
                                          {},
                                          asio::buffer(data + 10, 5),
                                          asio::buffer(data + 20, 1)};
    view_of<std::list<asio::const_buffer>> view(b);
    BOOST_REQUIRE_EQUAL(view.count(), 3u);
    BOOST_CHECK_EQUAL(view.size(), 16u);
    ::iovec array[3];
    transfer const t = view.fill(array);
    BOOST_CHECK(t.vector == array);
    BOOST_CHECK_EQUAL(t.count, 3u);
    BOOST_CHECK_EQUAL(t.size(), 16u);
    BOOST_CHECK(array[1].iov_base == data + 10);
    BOOST_CHECK_EQUAL(array[2].iov_len, 1u);
}

BOOST_AUTO_TEST_CASE(no_more_buffers_are_used_than_asio_uses)
{
    char data[1];
    std::deque<asio::const_buffer> const b(5000, asio::buffer(data));
    view_of<std::deque<asio::const_buffer>> view(b);
    BOOST_CHECK_EQUAL(view.count(), 64u);
    BOOST_CHECK_EQUAL(view.size(), 64u);
}

BOOST_AUTO_TEST_CASE(a_transfer_is_limited_to_what_one_call_can_do)
{
    // An entry's length has 32 bits: 4 GiB + 1 must not become 1.
    char data;
    for (std::size_t const size : {std::size_t{0x7ffff001}, std::size_t{0x100000001}})
    {
        asio::const_buffer const b(&data, size);
        ::iovec one;
        BOOST_CHECK_EQUAL(view_of<asio::const_buffer>(b).fill(&one).length(),
                          0x7ffff000u);
    }
}

BOOST_AUTO_TEST_CASE(a_message_of_two_buffers)
{
    char data[8] = {};
    std::array<asio::const_buffer, 2> const two{asio::buffer(data, 3),
                                                asio::buffer(data + 3, 5)};
    ::iovec array[2];
    ::msghdr const m =
        message_of(view_of<std::array<asio::const_buffer, 2>>(two).fill(array));
    BOOST_CHECK_EQUAL(m.msg_iovlen, 2u);
    BOOST_CHECK_EQUAL(m.msg_iov[1].iov_len, 5u);
    BOOST_CHECK(!m.msg_name);
    BOOST_CHECK(!m.msg_control);
}

// Asio's own operations take 24 bytes beside their copy of a sequence, of which urio's
// spend 8.
BOOST_AUTO_TEST_CASE(places_for_buffers)
{
    using asio::const_buffer;
    auto const places = []<class Buffers>(const Buffers*, bool generous = false)
    { return places_for<const_buffer, Buffers>(16, generous); };
    using two = std::array<const_buffer, 2>;
    using many = std::array<const_buffer, 40>;
    using list = std::list<const_buffer>;
    using vector = std::vector<const_buffer>;
    BOOST_CHECK_EQUAL(places(static_cast<const_buffer*>(nullptr)), 1u);
    BOOST_CHECK_EQUAL(places(static_cast<two*>(nullptr)), 2u);
    BOOST_CHECK_EQUAL(places(static_cast<two*>(nullptr), true), 2u);
    BOOST_CHECK_EQUAL(places(static_cast<std::span<const_buffer>*>(nullptr)), 2u);
    BOOST_CHECK_EQUAL(places(static_cast<vector*>(nullptr)), 2u);
    BOOST_CHECK_EQUAL(places(static_cast<many*>(nullptr)), 16u);
    // Which has to be kept.
    BOOST_CHECK_EQUAL(places(static_cast<list*>(nullptr)), 1u);
    BOOST_CHECK_EQUAL(places(static_cast<list*>(nullptr), true), 8u);
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
