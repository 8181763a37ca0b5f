// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The decisions about results, without a ring.

#include <urio/detail/op/verdict.hpp>

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <initializer_list>

namespace
{

using namespace urio::detail;

void check(decision d, verdict next, int result)
{
    BOOST_CHECK(d.next == next);
    BOOST_CHECK_EQUAL(d.result, result);
}

} // namespace

BOOST_AUTO_TEST_CASE(success_and_real_errors_are_final)
{
    for (int const result : {0, 1, 4096, -EPIPE, -ECONNRESET, -ENOBUFS, -EIO})
    {
        check(decide(judge(result), result, false), verdict::complete, result);
        check(decide(judge(result), result, true), verdict::complete, result);
    }
}

BOOST_AUTO_TEST_CASE(cancellation_that_nobody_asked_for_is_undone)
{
    check(decide(judge(-ECANCELED), -ECANCELED, false), verdict::resubmit, -ECANCELED);
    check(decide(judge(-EINTR), -EINTR, false), verdict::resubmit, -EINTR);
}

BOOST_AUTO_TEST_CASE(cancellation_that_was_asked_for_ends_one_way)
{
    for (int const result : {-ECANCELED, -EINTR, -EAGAIN})
        check(decide(judge(result), result, true), verdict::complete, -ECANCELED);
}

BOOST_AUTO_TEST_CASE(non_blocking_descriptors_are_waited_for)
{
    check(decide(judge(-EAGAIN), -EAGAIN, false), verdict::await_readiness, -EAGAIN);
}

BOOST_AUTO_TEST_CASE(accept_skips_connections_that_are_gone)
{
    for (int const gone : {-ECONNABORTED, -EPROTO})
    {
        BOOST_CHECK(judge_accept(gone, false) == verdict::resubmit);
        BOOST_CHECK(judge_accept(gone, true) == verdict::complete);
        check(decide(judge_accept(gone, false), gone, true), verdict::complete,
              -ECANCELED);
    }
    BOOST_CHECK(judge_accept(7, false) == verdict::complete);
    BOOST_CHECK(judge_accept(-EMFILE, false) == verdict::complete);
    BOOST_CHECK(judge_accept(-EAGAIN, false) == verdict::await_readiness);
}

BOOST_AUTO_TEST_CASE(connect_goes_on_in_the_background)
{
    BOOST_CHECK(judge_connect(-EINPROGRESS, false) == verdict::await_readiness);
    // On the second attempt the first is found; on the first it is somebody else's.
    BOOST_CHECK(judge_connect(-EALREADY, true) == verdict::await_readiness);
    BOOST_CHECK(judge_connect(-EALREADY, false) == verdict::complete);
    BOOST_CHECK(judge_connect(-ECONNREFUSED, true) == verdict::complete);
    // No local port is left: waiting would not help.
    BOOST_CHECK(judge_connect(-EAGAIN, false) == verdict::complete);
    BOOST_CHECK(judge_connect(-ECANCELED, false) == verdict::resubmit);
}
