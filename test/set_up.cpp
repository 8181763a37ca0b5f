// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The set-up of a ring: what is missing, and what is only short.

#include "child.hpp"
#include "descriptors.hpp"
#include "detail/uring/availability.hpp"
#include "faults.hpp"
#include "once.hpp"
#include "test.hpp"
#include "work.hpp"

#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

// What a lack of memory is called: a process that RLIMIT_MEMLOCK holds for is told of
// that, see limits.cpp.
error_code no_memory()
{
    if (urio::detail::is_memory_limit(ENOMEM))
        return urio::errc::memory_limit;
    return error_code(ENOMEM, boost::system::system_category());
}

// Without it, the reactor would take over, in this process once and for all.
urio::uring_options ring_only()
{
    urio::uring_options options;
    options.backend = urio::backend_choice::uring;
    return options;
}

} // namespace

BOOST_AUTO_TEST_CASE(older_kernels_get_fewer_flags)
{
    // A kernel answers EINVAL to flags that it does not know. Each of these knows less.
    for (unsigned const known :
         {IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_COOP_TASKRUN |
              IORING_SETUP_TASKRUN_FLAG,
          IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL, IORING_SETUP_CQSIZE})
        for (auto mode : {urio::thread_mode::shared, urio::thread_mode::exclusive})
        {
            faults* self = nullptr;
            faults f(
                {}, [&](unsigned entries, ::io_uring* r, ::io_uring_params* p)
                { return p->flags & ~known ? -EINVAL : self->setup(entries, r, p); });
            self = &f;
            urio::uring_options options;
            options.threads = mode;
            urio::io_context c(options);
            BOOST_CHECK_EQUAL(urio::backend_of(c).setup_flags & ~known & 0xffff, 0u);
            work(c);
        }
}

BOOST_AUTO_TEST_CASE(set_up_errors_name_their_cause)
{
    struct
    {
        int error;
        error_code expected;
    } const cases[] = {
        {ENOSYS, urio::errc::kernel_too_old},
        {EINVAL, urio::errc::kernel_too_old}, // before Linux 5.5
        {EPERM, urio::errc::blocked_by_policy},
        {EACCES, urio::errc::blocked_by_policy},
        {ENOMEM, no_memory()},
        {EMFILE, error_code(EMFILE, boost::system::system_category())},
    };
    for (auto const& k : cases)
    {
        descriptor_check check;
        faults f({}, [&](auto...) { return -k.error; });
        urio::io_context c(ring_only());
        BOOST_CHECK_EXCEPTION(tcp::socket{c}, boost::system::system_error,
                              [&](auto& e) { return e.code() == k.expected; });
        BOOST_CHECK_EXCEPTION(net::stream_file{c}, boost::system::system_error,
                              [&](auto& e) { return e.code() == k.expected; });
        auto const info = urio::backend_of(c);
        BOOST_CHECK(info.kind == urio::backend::none);
        BOOST_CHECK_EQUAL(info.error, k.expected);
        BOOST_CHECK(!info.reason.empty());
        // Asio's own objects still work.
        net::steady_timer t(c, 1ms);
        t.async_wait(once([](error_code ec) { BOOST_CHECK(!ec); }));
        run(c);
    }
}

// Unlike what makes the reactor take over, these may pass.
BOOST_AUTO_TEST_CASE(a_lack_of_resources_is_an_error_by_default)
{
    for (int const error : {ENOMEM, EMFILE, ENFILE, EAGAIN})
    {
        if (error == ENOMEM && no_memory() == urio::errc::memory_limit)
            continue;
        faults f({}, [&](auto...) { return -error; });
        urio::io_context c;
        BOOST_CHECK_EXCEPTION(tcp::socket{c}, boost::system::system_error,
                              [&](auto& e) { return e.code().value() == error; });
        BOOST_CHECK(urio::backend_of(c).kind == urio::backend::none);
    }
    urio::io_context c;
    tcp::socket s(c);
    BOOST_CHECK(urio::backend_of(c).kind == urio::backend::uring);
}

BOOST_AUTO_TEST_CASE(what_is_no_lack_leads_to_the_reactor)
{
    for (int const error : {ENOSYS, EPERM, EACCES, EINVAL})
        in_child(
            [&](expectations& expect)
            {
                faults f({}, [&](auto...) { return -error; });
                urio::io_context c;
                tcp::socket s(c);
                expect(urio::backend_of(c).kind == urio::backend::epoll,
                       std::to_string(error));
            });
}

BOOST_AUTO_TEST_CASE(a_lack_of_memory_is_not_remembered)
{
    urio::io_context c(ring_only());
    {
        faults f({}, [&](auto...) { return -ENOMEM; });
        BOOST_CHECK_THROW(tcp::socket{c}, boost::system::system_error);
        BOOST_CHECK(!urio::features().available);
    }
    work(c);
    BOOST_CHECK(urio::features().available);
}

BOOST_AUTO_TEST_CASE(a_kernel_without_the_features)
{
    faults* self = nullptr;
    faults f({},
             [&](unsigned entries, ::io_uring* r, ::io_uring_params* p)
             {
                 int const result = self->setup(entries, r, p);
                 r->features &=
                     ~static_cast<unsigned>(IORING_FEAT_EXT_ARG | IORING_FEAT_NODROP);
                 return result;
             });
    self = &f;
    descriptor_check check;
    urio::io_context c(ring_only());
    BOOST_CHECK_EXCEPTION(tcp::socket{c}, boost::system::system_error,
                          [](auto& e)
                          {
                              std::string const what = e.what();
                              return e.code() == urio::errc::kernel_too_old &&
                                     what.find("IORING_FEAT_EXT_ARG") != what.npos &&
                                     what.find("IORING_FEAT_NODROP") != what.npos;
                          });
}

BOOST_AUTO_TEST_CASE(options_out_of_range)
{
    for (auto const& [entries, cq] :
         {std::pair{32769u, 0u}, {64u, 32u}, {64u, 65537u}, {0u, 255u}})
    {
        urio::uring_options options;
        options.entries = entries;
        options.cq_entries = cq;
        urio::io_context c(options);
        BOOST_CHECK_THROW(tcp::socket{c}, std::invalid_argument);
    }
    urio::uring_options smallest;
    smallest.entries = 1;
    urio::io_context c(smallest);
    work(c);
}

// The limit of the kernel's threads is that of the thread: a small ring, such as the one
// that features() asks, must not leave later ones with few.
BOOST_AUTO_TEST_CASE(workers_after_a_small_ring)
{
    std::thread(
        []
        {
            urio::features();
            urio::uring_options small;
            small.entries = 1;
            urio::io_context c(small);
            work(c);

            ::io_uring ring;
            BOOST_REQUIRE_EQUAL(::io_uring_queue_init(64, &ring, 0), 0);
            unsigned limits[2] = {0, 0};
            if (::io_uring_register_iowq_max_workers(&ring, limits) == 0)
                BOOST_CHECK_EQUAL(limits[0], 4 * std::thread::hardware_concurrency());
            ::io_uring_queue_exit(&ring);
        })
        .join();
}
