// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that others take the place of, and what they leave to the kernel.

#include "descriptors.hpp"
#include "submitted.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
namespace event = urio::event;

/// Reads into memory on the heap, which is all that the kernel needs of it.
struct boxed_read
{
    static constexpr std::uint8_t opcode = IORING_OP_READ;

    struct report
    {
        int boxes = 0, cancelled = 0;
    };

    struct box
    {
        explicit box(report& r) : told(&r) { ++told->boxes; }
        ~box() { --told->boxes; }
        report* told;
        std::uint64_t value = 0;
    };

    boxed_read(int d, report& r) : fd(d), place(std::make_unique<box>(r)) {}

    void prepare(io_uring_sqe& entry) noexcept
    {
        ::io_uring_prep_read(&entry, fd, &place->value, sizeof(place->value), 0);
    }
    std::uint64_t result(int, unsigned) noexcept { return place->value; }
    int perform() noexcept
    {
        // Not one of io_uring's: without waiting, though the descriptor may.
        ::pollfd p{fd, POLLIN, 0};
        if (::poll(&p, 1, 0) != 1)
            return -EAGAIN;
        ::ssize_t const n = ::read(fd, &place->value, sizeof(place->value));
        return n < 0 ? -errno : static_cast<int>(n);
    }
    int descriptor() const noexcept { return fd; }
    short readiness() const noexcept { return POLLIN; }
    net::cancellation cancel() && noexcept
    {
        ++place->told->cancelled;
        return std::move(place);
    }

    int fd;
    std::unique_ptr<box> place;
};

} // namespace

BOOST_AUTO_TEST_CASE(owners_of_anything)
{
    int freed = 0;
    {
        net::cancellation nothing;
        BOOST_CHECK(!nothing.owns_anything());
        net::cancellation raw(&freed, 5, [](void* p, std::size_t n)
                              { *static_cast<int*>(p) += static_cast<int>(n); });
        nothing = std::move(raw);
        BOOST_CHECK(nothing.owns_anything());
        BOOST_CHECK(!raw.owns_anything());
        BOOST_CHECK_EQUAL(freed, 0);
    }
    BOOST_CHECK_EQUAL(freed, 5);
    auto const shared = std::make_shared<int>(1);
    {
        net::cancellation const one(std::make_unique<std::shared_ptr<int>>(shared));
        net::cancellation const array(std::make_unique<std::shared_ptr<int>[]>(3));
        net::cancellation const value = net::cancellation::owning(shared);
        BOOST_CHECK_EQUAL(shared.use_count(), 3);
    }
    BOOST_CHECK_EQUAL(shared.use_count(), 1);
}

BOOST_DATA_TEST_CASE(as_async_submit, every_mode, m)
{
    mode_context c(m);
    counter const k;
    boxed_read::report told;
    net::submission<boxed_read> s(c);
    for (int i = 0; i != 2; ++i)
    {
        s.async_submit(boxed_read(k.fd, told),
                       once(
                           [&](error_code ec, std::uint64_t value, boxed_read e)
                           {
                               BOOST_CHECK(!ec);
                               BOOST_CHECK_EQUAL(value, 4u);
                               BOOST_CHECK_EQUAL(e.fd, k.fd);
                           }));
        // One at a time.
        s.async_submit(boxed_read(k.fd, told),
                       once(
                           [](error_code ec, std::uint64_t, boxed_read e)
                           {
                               BOOST_CHECK(ec == net::error::already_started);
                               BOOST_CHECK(e.place);
                           }));
        settle(c);
        k.add(4);
        run(c);
    }
    BOOST_CHECK_EQUAL(told.boxes, 0);
    BOOST_CHECK_EQUAL(told.cancelled, 0);
}

BOOST_DATA_TEST_CASE(one_takes_the_place_of_another, every_mode, m)
{
    for (bool const seen : {false, true})
    {
        mode_context c(m);
        counter const first, second;
        boxed_read::report told;
        net::submission<boxed_read> s(c);
        int done = 0;
        s.async_submit(boxed_read(first.fd, told),
                       once(
                           [&](error_code ec, std::uint64_t value, boxed_read e)
                           {
                               ++done;
                               BOOST_CHECK(!ec);
                               BOOST_CHECK_EQUAL(value, 3u);
                               BOOST_CHECK_EQUAL(e.fd, second.fd);
                           }));
        if (seen)
        {
            c.restart();
            c.poll();
        }
        BOOST_CHECK(!s.replace(boxed_read(first.fd, told)));
        BOOST_CHECK(!s.replace(boxed_read(second.fd, told)));
        c.restart();
        c.poll();
        BOOST_CHECK_EQUAL(done, 0);
        second.add(3);
        run(c);
        BOOST_CHECK_EQUAL(done, 1);
        BOOST_CHECK_EQUAL(told.boxes, 0);
        // Nothing is left that would read from the first.
        first.add(1);
        c.restart();
        c.poll();
        std::uint64_t value = 0;
        BOOST_CHECK_EQUAL(::read(first.fd, &value, sizeof(value)), 8);
        // Nothing is in flight: it comes back.
        auto const back = s.replace(boxed_read(first.fd, told));
        BOOST_REQUIRE(back);
        BOOST_CHECK_EQUAL(back->fd, first.fd);
    }
}

// What the kernel has is asked once what has to be kept, and that is kept until it is
// done.
BOOST_AUTO_TEST_CASE(what_is_left_to_the_kernel)
{
    URIO_ON_URING_ONLY();
    net::io_context c;
    counter const first, second;
    boxed_read::report told;
    net::submission<boxed_read> s(c);
    s.async_submit(boxed_read(first.fd, told),
                   once([](error_code ec, auto, auto) { BOOST_CHECK(!ec); }));
    c.poll();
    BOOST_CHECK(!s.replace(boxed_read(second.fd, told)));
    BOOST_CHECK_EQUAL(told.cancelled, 1);
    BOOST_CHECK_EQUAL(told.boxes, 2);
    second.add(1);
    run(c);
    BOOST_CHECK_EQUAL(told.boxes, 0);
    BOOST_CHECK_EQUAL(told.cancelled, 1);
}

// A result that came for an event that was given up is given up with it.
BOOST_DATA_TEST_CASE(a_result_for_nobody, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    for (int turns = 0; turns != 3; ++turns)
    {
        net::submission<event::openat> s(c);
        s.async_submit(event::openat("/dev/null"),
                       once(
                           [](error_code ec, net::unique_descriptor d, event::openat)
                           {
                               BOOST_CHECK(!ec);
                               BOOST_CHECK(d.get() >= 0);
                           }));
        c.restart();
        for (int i = 0; i != turns; ++i)
            c.poll_one();
        for (int i = 0; i != 5; ++i)
            (void)s.replace(event::openat("/dev/zero"));
        run(c);
    }
}

BOOST_DATA_TEST_CASE(cancelled_and_gone, every_mode, m)
{
    mode_context c(m);
    counter const k;
    boxed_read::report told;
    int done = 0;
    auto const handler = [&]
    {
        return once(
            [&](error_code ec, std::uint64_t, boxed_read)
            {
                BOOST_CHECK(aborted(ec));
                ++done;
            });
    };
    {
        net::submission<boxed_read> s(c);
        s.async_submit(boxed_read(k.fd, told), handler());
        s.cancel();
        run(c);
        BOOST_CHECK_EQUAL(done, 1);
        net::cancellation_signal signal;
        s.async_submit(boxed_read(k.fd, told),
                       net::bind_cancellation_slot(signal.slot(), handler()));
        (void)s.replace(boxed_read(k.fd, told));
        signal.emit(net::cancellation_type::total);
        run(c);
        BOOST_CHECK_EQUAL(done, 2);
        s.async_submit(boxed_read(k.fd, told), handler());
    }
    run(c);
    BOOST_CHECK_EQUAL(done, 3);
    BOOST_CHECK_EQUAL(told.boxes, 0);
}

BOOST_DATA_TEST_CASE(the_end_of_the_context, every_mode, m)
{
    descriptor_check check;
    boxed_read::report told;
    std::atomic<int> handlers{0};
    {
        counter const k;
        mode_context c(m);
        net::submission<boxed_read> s(c);
        s.async_submit(boxed_read(k.fd, told), never(handlers));
        c.poll_one();
        (void)s.replace(boxed_read(k.fd, told));
    }
    BOOST_CHECK_EQUAL(handlers, 0);
    BOOST_CHECK_EQUAL(told.boxes, 0);
}

namespace
{

/// In a thread of the kernel's, where a cancellation may come too late.
struct threaded_read : boxed_read
{
    using boxed_read::boxed_read;

    void prepare(io_uring_sqe& entry) noexcept
    {
        boxed_read::prepare(entry);
        entry.flags |= IOSQE_ASYNC;
    }
};

} // namespace

// What is cancelled, and not replaced, is handed back whole.
BOOST_DATA_TEST_CASE(cancelled_in_a_thread, every_mode, m)
{
    mode_context c(m);
    counter const k;
    boxed_read::report told;
    net::submission<threaded_read> s(c);
    bool done = false;
    s.async_submit(threaded_read(k.fd, told), once(
                                                  [&](error_code, std::uint64_t, auto e)
                                                  {
                                                      done = true;
                                                      BOOST_CHECK(e.place);
                                                  }));
    settle(c);
    s.cancel();
    settle(c);
    if (!done)
        k.add(1);
    run(c);
    BOOST_CHECK(done);
    BOOST_CHECK_EQUAL(told.cancelled, 0);
    BOOST_CHECK_EQUAL(told.boxes, 0);
}
