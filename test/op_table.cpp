// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The table of operations in flight, and the lists of an object.

#include "detail/engine/op_table.hpp"
#include "detail/uring/token.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <memory>
#include <set>
#include <vector>

namespace
{

using namespace urio::detail;

constexpr op_kind test_kind{};

struct test_op : io_operation
{
    test_op() : io_operation(test_kind, nullptr) {}
};

} // namespace

BOOST_AUTO_TEST_CASE(a_name_finds_its_operation_and_no_other)
{
    op_table table;
    test_op a, b;
    auto const name_a = table.insert(a);
    auto const name_b = table.insert(b);
    BOOST_CHECK(name_a != name_b);
    BOOST_CHECK(table.find(name_a) == &a);
    BOOST_CHECK(table.find(name_b) == &b);
    BOOST_CHECK_EQUAL(table.size(), 2u);

    table.erase(name_a);
    BOOST_CHECK(table.find(name_a) == nullptr);
    BOOST_CHECK(table.find(name_b) == &b);
    BOOST_CHECK_EQUAL(table.size(), 1u);
}

// Invariant 5: a name is never used again, though the place is.
BOOST_AUTO_TEST_CASE(names_are_unique_over_time)
{
    op_table table;
    std::set<std::uint64_t> seen;
    test_op op;
    for (int i = 0; i != 10000; ++i)
    {
        auto const name = table.insert(op);
        BOOST_REQUIRE(seen.insert(name).second);
        for (std::uint64_t old : {*seen.begin(), *seen.rbegin()})
            BOOST_REQUIRE((table.find(old) == &op) == (old == name));
        table.erase(name);
    }
}

BOOST_AUTO_TEST_CASE(unknown_names_find_nothing)
{
    op_table table;
    BOOST_CHECK(table.find(0) == nullptr);
    BOOST_CHECK(table.find(123456789) == nullptr);
    test_op op;
    auto const name = table.insert(op);
    BOOST_CHECK(table.find(name + (std::uint64_t{1} << op_name::index_bits)) == nullptr);
    BOOST_CHECK(table.find(name + 1) == nullptr);
}

BOOST_AUTO_TEST_CASE(the_user_data_keeps_tag_and_name_apart)
{
    std::uint64_t const name = op_name::mask;
    for (tag t : {tag::operation, tag::cancellation, tag::wakeup, tag::wakeup_poll,
                  tag::watch, tag::cancel_all})
    {
        BOOST_CHECK(token::kind(token::make(t, name)) == t);
        BOOST_CHECK_EQUAL(token::name(token::make(t, name)), name);
        BOOST_CHECK_EQUAL(token::name(token::make(t)), 0u);
    }
}

BOOST_AUTO_TEST_CASE(for_each_visits_what_is_there)
{
    op_table table;
    std::array<test_op, 5> ops;
    std::vector<std::uint64_t> names;
    for (test_op& op : ops)
        names.push_back(table.insert(op));
    table.erase(names[1]);
    table.erase(names[3]);
    std::set<io_operation*> seen;
    table.for_each([&](io_operation& op) { seen.insert(&op); });
    BOOST_CHECK((seen == std::set<io_operation*>{&ops[0], &ops[2], &ops[4]}));
}

BOOST_AUTO_TEST_CASE(a_list_keeps_its_order_when_any_element_leaves)
{
    for (int leaving = 0; leaving != 3; ++leaving)
    {
        std::array<test_op, 3> ops;
        op_list list;
        for (test_op& op : ops)
            list.push_back(op);
        list.erase(ops[static_cast<std::size_t>(leaving)]);
        std::vector<io_operation*> left, expected;
        for (io_operation* op = list.first(); op; op = op->next_in_lane_)
            left.push_back(op);
        for (int i = 0; i != 3; ++i)
            if (i != leaving)
                expected.push_back(&ops[static_cast<std::size_t>(i)]);
        BOOST_CHECK(left == expected);
    }
}

BOOST_AUTO_TEST_CASE(an_object_is_idle_when_all_its_lanes_are)
{
    io_object object(nullptr, 3, {});
    BOOST_CHECK(object.idle());
    for (lane l : {lane::read, lane::write, lane::unordered})
    {
        test_op op;
        object.operations(l).push_back(op);
        BOOST_CHECK(!object.idle());
        object.operations(l).erase(op);
        BOOST_CHECK(object.idle());
    }
}
