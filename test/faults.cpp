// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The ring under pressure and with failing system calls: nothing is lost, and no
// such failure reaches the user unless nothing can be done about it.

#include "faults.hpp"

#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <array>
#include <optional>
#include <thread>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

// Some work of every kind, checked: echoes over a connection, reads of a file, a timer.
template <class Context>
void work(Context& c, int rounds = 20)
{
    temporary_file f(pattern(4096));
    net::random_access_file file(c, f.path(), net::file_base::read_only);
    tcp_pair p(c);
    auto const session = [&]() -> net::awaitable<void>
    {
        for (int i = 0; i != rounds; ++i)
        {
            std::string out = pattern(1000, static_cast<unsigned>(i)), in(1000, '\0');
            co_await net::async_write(p.first, net::buffer(out), net::use_awaitable);
            co_await net::async_read(p.second, net::buffer(in), net::use_awaitable);
            BOOST_CHECK(in == out);
            std::size_t const n = co_await file.async_read_some_at(100, net::buffer(in),
                                                                   net::use_awaitable);
            BOOST_CHECK_EQUAL(n, 1000u);
            BOOST_CHECK(in == pattern(4096).substr(100, 1000));
        }
    };
    bool done = false;
    net::co_spawn(c, session(),
                  [&](std::exception_ptr e)
                  {
                      BOOST_CHECK(!e);
                      done = true;
                  });
    net::steady_timer t(c, 1ms);
    t.async_wait(once([](error_code ec) { BOOST_CHECK(!ec); }));
    run(c);
    BOOST_CHECK(done);
}

// Without it, the reactor would take over, in this process once and for all.
urio::uring_options ring_only()
{
    urio::uring_options options;
    options.backend = urio::backend_choice::uring;
    return options;
}

} // namespace

// Every error that io_uring_enter(2) documents as temporary, on the first call, the
// second, and so on, until the work is done before the error is due.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_temporary_error_at_the_nth_enter, Mode, modes)
{
    for (int const error : {EAGAIN, EBUSY, EINTR, EBADR})
    {
        bool reached = true;
        for (int n = 1; reached; n += n < 20 ? 1 : 7)
        {
            descriptor_check check;
            reached = false;
            int calls = 0;
            faults* self = nullptr;
            faults f(
                [&](unsigned fd, unsigned submit, unsigned complete, unsigned flags,
                    void* arg, std::size_t size)
                {
                    if (++calls == n)
                    {
                        reached = true;
                        return -error;
                    }
                    return self->enter(fd, submit, complete, flags, arg, size);
                });
            self = &f;
            context<Mode> c;
            work(c, 3);
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(frequent_errors_of_all_kinds, Mode, modes)
{
    int calls = 0;
    faults* self = nullptr;
    faults f(
        [&](unsigned fd, unsigned submit, unsigned complete, unsigned flags, void* arg,
            std::size_t size)
        {
            constexpr int errors[] = {EAGAIN, EBUSY, EINTR, EBADR};
            if (++calls % 3 == 0)
                return -errors[calls / 3 % 4];
            return self->enter(fd, submit, complete, flags, arg, size);
        });
    self = &f;
    context<Mode> c;
    work(c, 100);
}

// The kernel takes fewer entries than it is offered.
BOOST_AUTO_TEST_CASE_TEMPLATE(partial_submission, Mode, modes)
{
    faults* self = nullptr;
    faults f(
        [&](unsigned fd, unsigned submit, unsigned complete, unsigned flags, void* arg,
            std::size_t size)
        { return self->enter(fd, submit > 1 ? 1 : submit, complete, flags, arg, size); });
    self = &f;
    context<Mode> c;
    work(c);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_permanent_error_leaves_run_as_an_exception, Mode, modes)
{
    context<Mode> c;
    tcp_pair p(c);
    char b[4];
    bool received = false;
    p.first.async_receive(net::buffer(b), [&](error_code ec, std::size_t n)
                          { received = !ec && n == 2; });
    {
        faults f([](auto...) { return -EFAULT; });
        BOOST_CHECK_EXCEPTION(
            c.run(), boost::system::system_error,
            [](auto& e)
            { return e.code() == error_code(EFAULT, boost::system::system_category()); });
    }
    // The context goes on where it was.
    p.second.send(net::buffer("ok", 2));
    run(c);
    BOOST_CHECK(received);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ten_thousand_operations_in_one_handler, Mode, modes)
{
    descriptor_check check;
    context<Mode> c;
    constexpr std::size_t n = 10000;
    temporary_file f(pattern(n));
    net::random_access_file file(c, f.path(), net::file_base::read_only);
    std::string got(n, '\0');
    std::size_t handlers = 0;
    net::post(c,
              [&]
              {
                  for (std::size_t i = 0; i != n; ++i)
                      file.async_read_some_at(i, net::buffer(&got[i], 1),
                                              [&](error_code ec, std::size_t r)
                                              {
                                                  BOOST_REQUIRE(!ec);
                                                  BOOST_REQUIRE_EQUAL(r, 1u);
                                                  ++handlers;
                                              });
                  auto const s = urio::statistics_of(c);
                  BOOST_CHECK_EQUAL(s.in_flight, n);
                  BOOST_CHECK_GT(s.backlogged, n / 2);
              });
    run(c);
    BOOST_CHECK_EQUAL(handlers, n);
    BOOST_CHECK(got == pattern(n));
    BOOST_CHECK_EQUAL(urio::statistics_of(c).in_flight, 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancelling_ten_thousand_at_once, Mode, modes)
{
    descriptor_check check;
    context<Mode> c;
    constexpr int n = 10000;
    raw_pair p(c);
    char b;
    int aborted = 0;
    net::post(c,
              [&]
              {
                  for (int i = 0; i != n / 2; ++i)
                  {
                      p.socket.async_receive(
                          net::buffer(&b, 1), [&](error_code ec, std::size_t)
                          { aborted += ec == net::error::operation_aborted; });
                      p.socket.async_wait(
                          tcp::socket::wait_read, [&](error_code ec)
                          { aborted += ec == net::error::operation_aborted; });
                  }
              });
    net::steady_timer t(c, 20ms);
    t.async_wait([&](error_code) { p.socket.cancel(); });
    run(c);
    BOOST_CHECK_EQUAL(aborted, n);
}

BOOST_AUTO_TEST_CASE(more_completions_than_the_queue_holds)
{
    for (auto mode : {urio::thread_mode::shared, urio::thread_mode::exclusive})
    {
        descriptor_check check;
        urio::uring_options options;
        options.entries = 8;
        options.cq_entries = 8;
        options.threads = mode;
        urio::io_context c(options);
        std::vector<std::unique_ptr<raw_pair>> pairs;
        int received = 0;
        char b;
        for (int i = 0; i != 200; ++i)
        {
            pairs.push_back(std::make_unique<raw_pair>(c));
            pairs.back()->socket.async_receive(
                net::buffer(&b, 1), [&](error_code ec, std::size_t) { received += !ec; });
        }
        // All of them wait in the kernel.
        net::steady_timer t(c, 5ms);
        t.async_wait(
            [&](error_code)
            {
                for (auto& p : pairs)
                    p->send("x");
            });
        run(c);
        BOOST_CHECK_EQUAL(received, 200);
        BOOST_CHECK_GT(urio::statistics_of(c).overflows, 0u);
        pairs.clear();
    }
}

// EBADR: the kernel had no memory to keep a completion. The operation it belonged to is
// found, and says so; the others are not harmed.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_lost_completion, Mode, modes)
{
    ::io_uring* ring = nullptr;
    bool lost = false;
    faults* self = nullptr;
    faults f(
        [&](unsigned fd, unsigned submit, unsigned complete, unsigned flags, void* arg,
            std::size_t size)
        {
            if (std::exchange(lost, false))
                return -EBADR;
            return self->enter(fd, submit, complete, flags, arg, size);
        },
        [&](unsigned entries, ::io_uring* r, ::io_uring_params* p)
        {
            ring = r;
            return self->setup(entries, r, p);
        });
    self = &f;

    context<Mode> c;
    raw_pair victim(c), bystander(c);
    net::post(c, [] {});
    run(c);
    char a, b;
    std::optional<error_code> result;
    bool received = false;
    bystander.socket.async_receive(net::buffer(&b, 1),
                                   [&](error_code ec, std::size_t) { received = !ec; });
    victim.socket.async_receive(net::buffer(&a, 1),
                                [&](error_code ec, std::size_t)
                                {
                                    result = ec;
                                    bystander.send("y");
                                });
    net::steady_timer t(c, 5ms);
    t.async_wait(
        [&](error_code)
        {
            victim.send("x");
            // Let the completion come, and make it disappear.
            unsigned* const head = ring->cq.khead;
            for (int i = 0;
                 i != 1000 && *head == ::io_uring_smp_load_acquire(ring->cq.ktail); ++i)
                self->enter(static_cast<unsigned>(ring->ring_fd), 0, 0,
                            IORING_ENTER_GETEVENTS, nullptr, 8);
            BOOST_REQUIRE_EQUAL(::io_uring_smp_load_acquire(ring->cq.ktail) - *head, 1u);
            ::io_uring_smp_store_release(head, *head + 1);
            lost = true;
        });
    run(c);
    BOOST_REQUIRE(result);
    BOOST_CHECK_EQUAL(*result, error_code(urio::errc::completion_lost));
    BOOST_CHECK(received);
}

// The thread that would wake the loop cannot submit: the eventfd does it.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_wake_when_nothing_can_be_submitted, Mode, modes)
{
    context<Mode> c;
    work(c, 1);
    auto guard = net::make_work_guard(c);
    std::atomic<bool> failing{false};
    std::thread::id const loop = std::this_thread::get_id();
    faults* self = nullptr;
    faults f(
        [&](unsigned fd, unsigned submit, unsigned complete, unsigned flags, void* arg,
            std::size_t size)
        {
            if (std::this_thread::get_id() != loop)
                return failing = true, -EAGAIN;
            return self->enter(fd, submit, complete, flags, arg, size);
        });
    self = &f;
    std::atomic<bool> running{false};
    net::post(c, [&] { running = true; });
    std::thread other(
        [&]
        {
            while (!running)
                std::this_thread::yield();
            for (int i = 0; i != 100; ++i)
            {
                std::atomic<bool> done{false};
                net::post(c, [&] { done = true; });
                while (!done)
                    std::this_thread::yield();
            }
            guard.reset();
        });
    run(c);
    other.join();
    if (Mode::options().threads == urio::thread_mode::shared)
        BOOST_CHECK(failing);
}

// Set-up: what is missing, and what is only short.

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
            faults f({},
                     [&](unsigned entries, ::io_uring* r, ::io_uring_params* p) {
                         return p->flags & ~known ? -EINVAL : self->setup(entries, r, p);
                     });
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
        {EPERM, urio::errc::blocked_by_policy},
        {EACCES, urio::errc::blocked_by_policy},
        {ENOMEM, error_code(ENOMEM, boost::system::system_category())},
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

BOOST_AUTO_TEST_CASE(a_lack_of_memory_is_not_remembered)
{
    urio::io_context c;
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
         {std::pair{0u, 0u}, {32769u, 0u}, {64u, 32u}, {64u, 65537u}})
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

// The polls that end a wait find the queue full, too, and no wait begins without them.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_queue_that_is_exactly_full, Mode, modes)
{
    urio::uring_options options = Mode::options();
    options.entries = 4;
    net::io_context c(options);
    boost::asio::posix::stream_descriptor stock(c);
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    stock.assign(ends[0]);
    char byte = 0, data[4];
    int done = 0;
    std::vector<tcp_pair> pairs;
    for (int i = 0; i != 4; ++i)
        pairs.emplace_back(c);
    for (int i = 0; i != 4; ++i)
        pairs[static_cast<std::size_t>(i)].first.async_receive(net::buffer(&data[i], 1),
                                                               [](auto&&...) {});
    stock.async_read_some(net::buffer(&byte, 1),
                          [&](error_code ec, std::size_t) { done += !ec; });
    std::thread other(
        [&]
        {
            net::post(c,
                      [&]
                      {
                          ++done;
                          BOOST_CHECK_EQUAL(::write(ends[1], "x", 1), 1);
                      });
        });
    auto const limit = std::chrono::steady_clock::now() + 20s;
    while (done != 2 && std::chrono::steady_clock::now() < limit)
        c.run_one_for(5s);
    other.join();
    BOOST_CHECK_EQUAL(done, 2);
    ::close(ends[1]);
    for (tcp_pair& p : pairs)
        p.first.close();
    run(c);
}
