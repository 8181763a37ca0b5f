// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Asio's parallel groups over urio's operations: the ones that are cancelled say so, and
// no data is lost.

#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <boost/asio/experimental/parallel_group.hpp>

#include <array>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
namespace experimental = net::experimental;
using tcp = net::ip::tcp;

// Starts receives on the sockets of the pairs, as a range.
auto receives(std::vector<tcp_pair>& pairs, std::vector<std::array<char, 4>>& data)
{
    using op =
        decltype(pairs[0].first.async_receive(net::buffer(data[0]), net::deferred));
    std::vector<op> ops;
    for (std::size_t i = 0; i != pairs.size(); ++i)
        ops.push_back(pairs[i].first.async_receive(net::buffer(data[i]), net::deferred));
    return ops;
}

} // namespace

BOOST_DATA_TEST_CASE(a_group_that_waits_for_one, every_mode, m)
{
    mode_context c(m);
    temporary_file file("content");
    net::random_access_file f(c, file.path(), net::file_base::read_only);
    tcp_pair p(c), q(c);
    tcp::acceptor acceptor(c, loopback());
    char a[4] = {}, b[4] = {}, d[4] = {};
    int done = 0;
    for (int round = 0; round != 50; ++round)
    {
        // The one that completes is now a socket's, now a file's.
        auto const check = [&](std::size_t winner)
        {
            return [&, winner](std::array<std::size_t, 4> order, error_code e0,
                               std::size_t n0, error_code e1, std::size_t n1,
                               error_code e2, tcp::socket, error_code e3, std::size_t n3)
            {
                ++done;
                BOOST_CHECK_EQUAL(order[0], winner);
                error_code const results[]{e0, e1, e2, e3};
                std::size_t const sizes[]{n0, n1, 0, n3};
                for (std::size_t i = 0; i != 4; ++i)
                {
                    if (i == winner)
                    {
                        BOOST_CHECK(!results[i]);
                        BOOST_CHECK_EQUAL(sizes[i], 4u);
                    }
                    else
                        BOOST_CHECK(results[i] == net::error::operation_aborted);
                }
            };
        };
        if (round % 2 == 0)
            experimental::make_parallel_group(
                p.first.async_receive(net::buffer(a), net::deferred),
                q.first.async_receive(net::buffer(b), net::deferred),
                acceptor.async_accept(net::deferred),
                q.second.async_receive(net::buffer(d), net::deferred))
                .async_wait(experimental::wait_for_one(), check(1));
        else
            experimental::make_parallel_group(
                p.first.async_receive(net::buffer(a), net::deferred),
                q.first.async_receive(net::buffer(b), net::deferred),
                acceptor.async_accept(net::deferred),
                f.async_read_some_at(3, net::buffer(d), net::deferred))
                .async_wait(experimental::wait_for_one(), check(3));
        if (round % 2 == 0)
            q.second.send(net::buffer("data", 4));
        run(c);
        BOOST_CHECK_EQUAL(std::string(round % 2 == 0 ? b : d, 4),
                          round % 2 == 0 ? "data" : "tent");
    }
    BOOST_CHECK_EQUAL(done, 50);
    // What is sent now is for those that come, not for those that were cancelled.
    p.second.send(net::buffer("late", 4));
    BOOST_CHECK_EQUAL(p.first.receive(net::buffer(a)), 4u);
    BOOST_CHECK_EQUAL(std::string(a, 4), "late");
}

// Two that can both complete: whichever loses says whether it has the data.
BOOST_DATA_TEST_CASE(a_group_loses_no_data, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c), q(c);
    constexpr int n = 500;
    int got_p = 0, got_q = 0;
    for (int i = 0; i != n; ++i)
    {
        char a = 0, b = 0;
        char const out = static_cast<char>(i);
        p.second.async_send(net::buffer(&out, 1), net::detached);
        q.second.async_send(net::buffer(&out, 1), net::detached);
        experimental::make_parallel_group(
            p.first.async_receive(net::buffer(&a, 1), net::deferred),
            q.first.async_receive(net::buffer(&b, 1), net::deferred))
            .async_wait(experimental::wait_for_one(),
                        [&](std::array<std::size_t, 2>, error_code e0, std::size_t n0,
                            error_code e1, std::size_t n1)
                        {
                            BOOST_CHECK(!e0 || !e1);
                            BOOST_CHECK_EQUAL(n0, e0 ? 0u : 1u);
                            BOOST_CHECK_EQUAL(n1, e1 ? 0u : 1u);
                            if (!e0)
                                BOOST_CHECK_EQUAL(a, static_cast<char>(got_p++));
                            if (!e1)
                                BOOST_CHECK_EQUAL(b, static_cast<char>(got_q++));
                        });
        run(c);
    }
    p.second.close();
    q.second.close();
    // What nobody has had is there still.
    std::string rest_p(n, '\0'), rest_q(n, '\0');
    error_code ec;
    got_p += static_cast<int>(net::read(p.first, net::buffer(rest_p), ec));
    got_q += static_cast<int>(net::read(q.first, net::buffer(rest_q), ec));
    BOOST_CHECK_EQUAL(got_p, n);
    BOOST_CHECK_EQUAL(got_q, n);
}

BOOST_DATA_TEST_CASE(a_group_that_waits_for_all, every_mode, m)
{
    mode_context c(m);
    temporary_file file("content");
    net::random_access_file f(c, file.path(), net::file_base::read_only);
    tcp_pair p(c);
    net::steady_timer timer(c, 1ms);
    char a[4] = {}, b[7] = {};
    bool done = false;
    experimental::make_parallel_group(
        p.first.async_receive(net::buffer(a), net::deferred),
        f.async_read_some_at(0, net::buffer(b), net::deferred),
        timer.async_wait(net::deferred),
        p.second.async_send(net::buffer("data", 4), net::deferred),
        f.async_read_some_at(100, net::buffer(b), net::deferred))
        .async_wait(experimental::wait_for_all(),
                    once(
                        [&](std::array<std::size_t, 5>, error_code e0, std::size_t n0,
                            error_code e1, std::size_t n1, error_code e2, error_code e3,
                            std::size_t n3, error_code e4, std::size_t)
                        {
                            BOOST_CHECK(!e0 && !e1 && !e2 && !e3);
                            BOOST_CHECK_EQUAL(n0, 4u);
                            BOOST_CHECK_EQUAL(n1, 7u);
                            BOOST_CHECK_EQUAL(n3, 4u);
                            BOOST_CHECK(e4 == net::error::eof);
                            done = true;
                        }));
    run(c);
    BOOST_CHECK(done);
    BOOST_CHECK_EQUAL(std::string(a, 4), "data");
    BOOST_CHECK_EQUAL(std::string(b, 7), "content");
}

BOOST_DATA_TEST_CASE(a_group_that_waits_for_one_error, every_mode, m)
{
    mode_context c(m);
    temporary_file file("content");
    net::random_access_file f(c, file.path(), net::file_base::read_only);
    tcp_pair p(c);
    char a[4], b[4];
    auto const start = [&](std::uint64_t offset, auto condition, auto check)
    {
        experimental::make_parallel_group(
            p.first.async_receive(net::buffer(a), net::deferred),
            f.async_read_some_at(offset, net::buffer(b), net::deferred))
            .async_wait(condition,
                        once(
                            [check](std::array<std::size_t, 2> order, error_code e0,
                                    std::size_t, error_code e1, std::size_t)
                            {
                                BOOST_CHECK_EQUAL(order[0], 1u);
                                check(e0, e1);
                            }));
    };
    start(100, experimental::wait_for_one_error(),
          [](error_code e0, error_code e1)
          {
              BOOST_CHECK(e0 == net::error::operation_aborted);
              BOOST_CHECK(e1 == net::error::eof);
          });
    run(c);
    start(0, experimental::wait_for_one_success(),
          [](error_code e0, error_code e1)
          {
              BOOST_CHECK(e0 == net::error::operation_aborted);
              BOOST_CHECK(!e1);
          });
    run(c);
    // A success is no reason to end it, nor is an error in the other case.
    start(0, experimental::wait_for_one_error(),
          [](error_code e0, error_code e1) { BOOST_CHECK(!e0 && !e1); });
    c.restart();
    c.run_one();
    p.second.send(net::buffer("data", 4));
    run(c);
    start(100, experimental::wait_for_one_success(), [](error_code e0, error_code e1)
          { BOOST_CHECK(!e0 && e1 == net::error::eof); });
    c.restart();
    c.run_one();
    p.second.send(net::buffer("data", 4));
    run(c);
}

BOOST_DATA_TEST_CASE(groups_of_ranges, every_mode, m)
{
    descriptor_check const descriptors;
    mode_context c(m);
    std::size_t const n = 20;
    std::vector<tcp_pair> pairs;
    for (std::size_t i = 0; i != n; ++i)
        pairs.emplace_back(c);
    std::vector<std::array<char, 4>> data(n);

    experimental::make_parallel_group(receives(pairs, data))
        .async_wait(experimental::wait_for_one(),
                    once(
                        [&](std::vector<std::size_t> order, std::vector<error_code> ec,
                            std::vector<std::size_t> sizes)
                        {
                            BOOST_CHECK_EQUAL(order.size(), n);
                            BOOST_CHECK_EQUAL(order[0], 7u);
                            for (std::size_t i = 0; i != n; ++i)
                            {
                                BOOST_CHECK(ec[i] ==
                                            (i == 7 ? error_code()
                                                    : net::error::operation_aborted));
                                BOOST_CHECK_EQUAL(sizes[i], i == 7 ? 4u : 0u);
                            }
                        }));
    pairs[7].second.send(net::buffer("data", 4));
    run(c);

    experimental::make_parallel_group(receives(pairs, data))
        .async_wait(experimental::wait_for_all(),
                    once(
                        [&](std::vector<std::size_t>, std::vector<error_code> ec,
                            std::vector<std::size_t> sizes)
                        {
                            BOOST_CHECK(ec == std::vector<error_code>(n));
                            BOOST_CHECK(sizes == std::vector<std::size_t>(n, 4));
                        }));
    for (tcp_pair& p : pairs)
        p.second.send(net::buffer("here", 4));
    run(c);
    for (auto const& d : data)
        BOOST_CHECK_EQUAL(std::string(d.data(), 4), "here");

    // A group is cancelled as one operation is.
    net::cancellation_signal signal;
    experimental::make_parallel_group(receives(pairs, data))
        .async_wait(experimental::wait_for_all(),
                    net::bind_cancellation_slot(
                        signal.slot(),
                        once(
                            [&](std::vector<std::size_t>, std::vector<error_code> ec,
                                std::vector<std::size_t>)
                            {
                                BOOST_CHECK(ec == std::vector<error_code>(
                                                      n, net::error::operation_aborted));
                            })));
    net::post(c, [&] { signal.emit(net::cancellation_type::terminal); });
    run(c);
}
