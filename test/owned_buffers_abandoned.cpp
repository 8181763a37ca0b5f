// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Operations that own their buffer and are given up: the handler does not wait for the
// kernel, the buffer does.

#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "slow_disk.hpp"
#include "test.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>

#include <atomic>
#include <fcntl.h>
#include <memory>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using net::file_base;
using net::random_access_file;
using net::stream_file;

std::atomic<int> live{0};

template <class T>
struct counted
{
    using value_type = T;

    counted() = default;
    template <class U>
    counted(const counted<U>&)
    {
    }

    T* allocate(std::size_t n)
    {
        ++live;
        return static_cast<T*>(::operator new(n * sizeof(T)));
    }

    void deallocate(T* p, std::size_t)
    {
        --live;
        ::operator delete(p);
    }

    friend bool operator==(counted, counted) { return true; }
};

using bytes = std::vector<std::byte, counted<std::byte>>;

// More than a reactor reads without a thread.
constexpr std::size_t large = 300'000;

// The ways to give up.
struct per_operation
{
    template <class File>
    void operator()(std::unique_ptr<File>&, net::cancellation_signal& s) const
    {
        s.emit(net::cancellation_type::total);
    }
};

struct cancel_file
{
    template <class File>
    void operator()(std::unique_ptr<File>& f, net::cancellation_signal&) const
    {
        f->cancel();
    }
};

struct close_file
{
    template <class File>
    void operator()(std::unique_ptr<File>& f, net::cancellation_signal&) const
    {
        f->close();
    }
};

struct destroy_file
{
    template <class File>
    void operator()(std::unique_ptr<File>& f, net::cancellation_signal&) const
    {
        f.reset();
    }
};

template <class Function>
void for_all_ways(Function f)
{
    f(per_operation());
    f(cancel_file());
    f(close_file());
    f(destroy_file());
}

// Expects an operation that was given up; counts.
auto aborted(int& n)
{
    return once(
        [&n](error_code ec, std::size_t transferred, bytes b)
        {
            ++n;
            BOOST_CHECK_EQUAL(ec, net::error::operation_aborted);
            BOOST_CHECK_EQUAL(transferred, 0u);
            BOOST_CHECK(b.empty());
        });
}

class pipe_ends
{
public:
    pipe_ends() { BOOST_REQUIRE_EQUAL(::pipe2(ends_, O_CLOEXEC), 0); }
    ~pipe_ends() { ::close(ends_[1]); }
    pipe_ends(const pipe_ends&) = delete;
    pipe_ends& operator=(const pipe_ends&) = delete;

    int reading() const { return ends_[0]; } // the file's
    void write(const std::string& s)
    {
        BOOST_REQUIRE_EQUAL(::write(ends_[1], s.data(), s.size()),
                            static_cast<::ssize_t>(s.size()));
    }

private:
    int ends_[2];
};

} // namespace

BOOST_DATA_TEST_CASE(the_disk_is_at_work, every_mode, m)
{
    for_all_ways(
        [m](auto give_up)
        {
            descriptor_check check;
            mode_context c(m);
            temporary_file t(pattern(large));
            auto f =
                std::make_unique<random_access_file>(c, t.path(), file_base::read_only);
            c.poll();
            slow_disk disk(c);
            net::cancellation_signal signal;
            int handlers = 0;
            f->async_read_some_at(
                0, bytes(large),
                net::bind_cancellation_slot(signal.slot(), aborted(handlers)));
            c.restart();
            c.poll();
            BOOST_CHECK_EQUAL(handlers, 0);
            give_up(f, signal);
            BOOST_CHECK_EQUAL(handlers, 0); // not within the call
            c.restart();
            c.poll();
            BOOST_CHECK_EQUAL(handlers, 1);
            BOOST_CHECK_EQUAL(live, 1); // the kernel's still
            give_up(f, signal);

            disk.resume();
            run(c);
            BOOST_CHECK_EQUAL(live, 0);
            BOOST_CHECK_EQUAL(handlers, 1);
        });
}

// All of a stream file's operations, of which the first alone is with the disk: the
// others have their buffers.
BOOST_DATA_TEST_CASE(those_behind_it, every_mode, m)
{
    mode_context c(m);
    std::string const text = pattern(large + 10);
    temporary_file t(text);
    stream_file f(c, t.path(), file_base::read_write);
    c.poll();
    slow_disk disk(c);
    int first = 0, others = 0;
    f.async_read_some(bytes(large), aborted(first));
    for (int i = 0; i != 3; ++i)
        f.async_write_some(bytes(5),
                           once(
                               [&](error_code ec, std::size_t n, bytes b)
                               {
                                   ++others;
                                   BOOST_CHECK_EQUAL(ec, net::error::operation_aborted);
                                   BOOST_CHECK_EQUAL(n, 0u);
                                   BOOST_CHECK_EQUAL(b.size(), 5u);
                               }));
    f.cancel();
    c.restart();
    c.poll();
    BOOST_CHECK_EQUAL(first, 1);
    BOOST_CHECK_EQUAL(others, 3);
    BOOST_CHECK_EQUAL(live, 1);

    // The next one waits for its turn.
    int read = 0;
    f.async_read_some(bytes(4), once(
                                    [&](error_code ec, std::size_t n, bytes)
                                    {
                                        ++read;
                                        BOOST_CHECK(!ec);
                                        BOOST_CHECK_EQUAL(n, 4u);
                                    }));
    disk.resume();
    run(c);
    BOOST_CHECK_EQUAL(read, 1);
    BOOST_CHECK_EQUAL(live, 0);
    BOOST_CHECK(t.content() == text);
}

BOOST_DATA_TEST_CASE(shut_down_with_abandoned_ones, every_mode, m)
{
    std::atomic<int> handlers{0};
    {
        temporary_file t(pattern(large));
        mode_context c(m);
        random_access_file f(c, t.path(), file_base::read_only);
        random_access_file g(c, t.path(), file_base::read_only);
        c.poll();
        slow_disk disk(c);
        // Abandoned, with the handler called and not called; and not abandoned.
        int called = 0;
        f.async_read_some_at(0, bytes(large), aborted(called));
        f.cancel();
        c.restart();
        c.poll();
        BOOST_CHECK_EQUAL(called, 1);
        f.async_read_some_at(0, bytes(large), never(handlers));
        f.cancel();
        g.async_read_some_at(0, bytes(large), never(handlers));
        BOOST_CHECK_EQUAL(live, 3);
    }
    BOOST_CHECK_EQUAL(live, 0);
    BOOST_CHECK_EQUAL(handlers, 0);
}

// A result that is there already stands.
BOOST_DATA_TEST_CASE(the_result_wins, every_mode, m)
{
    mode_context c(m);
    temporary_file t("0123456789");
    random_access_file f(c, t.path(), file_base::read_only);
    net::cancellation_signal signal;
    bool cancelled_after_it = false, done = false;
    std::uint64_t const before = operations_done(c);
    f.async_read_some_at(2, bytes(4),
                         net::bind_cancellation_slot(
                             signal.slot(), once(
                                                [&](error_code ec, std::size_t n, bytes b)
                                                {
                                                    BOOST_CHECK(!ec);
                                                    BOOST_CHECK_EQUAL(n, 4u);
                                                    BOOST_CHECK_EQUAL(b.size(), 4u);
                                                    done = true;
                                                })));
    if (on_uring())
    {
        // It is read while it is submitted; then its result waits in the ring.
        // An exclusive ring says so only in the next turn.
        if (m != mode::exclusive)
        {
            urio::submit(c);
            cancelled_after_it = true;
        }
    }
    else
    {
        while (operations_done(c) == before)
            ::sched_yield();
        cancelled_after_it = true;
    }
    if (cancelled_after_it)
        signal.emit(net::cancellation_type::total);
    run(c);
    BOOST_CHECK(done);
    BOOST_CHECK_EQUAL(live, 0);
}

// What can be stopped is stopped, and loses nothing that has arrived.
BOOST_DATA_TEST_CASE(a_pipe, every_mode, m)
{
    for_all_ways(
        [m](auto give_up)
        {
            descriptor_check check;
            mode_context c(m);
            pipe_ends p;
            auto f = std::make_unique<stream_file>(c, p.reading());
            net::cancellation_signal signal;
            int handlers = 0;
            auto const handler = [&]
            {
                return once(
                    [&](error_code ec, std::size_t n, bytes)
                    {
                        ++handlers;
                        BOOST_CHECK_EQUAL(ec, net::error::operation_aborted);
                        BOOST_CHECK_EQUAL(n, 0u);
                    });
            };
            f->async_read_some(bytes(100),
                               net::bind_cancellation_slot(signal.slot(), handler()));
            f->async_read_some(bytes(100), handler());
            c.poll();
            BOOST_CHECK_EQUAL(live, 2);
            give_up(f, signal);
            c.restart();
            while (handlers == 0)
                c.run_one();
            if (std::is_same_v<decltype(give_up), per_operation>)
                f->cancel(); // the second
            run(c);
            BOOST_CHECK_EQUAL(handlers, 2);
            BOOST_CHECK_EQUAL(live, 0);
        });
}

// Cancellation at every moment: each handler is called once, each buffer freed once, and
// a success has its data.
BOOST_DATA_TEST_CASE(at_any_moment, every_mode, m)
{
    mode_context c(m);
    std::string const text = pattern(1 << 20);
    temporary_file t(text);
    random_access_file f(c, t.path(), file_base::read_only);
    int handlers = 0;
    for (int i = 0; i != 100; ++i)
    {
        std::size_t const size = text.size() >> i % 8;
        for (int j = 0; j != 4; ++j)
            f.async_read_some_at(
                0, bytes(size),
                once(
                    [&, size](error_code ec, std::size_t n, bytes b)
                    {
                        ++handlers;
                        if (ec)
                        {
                            BOOST_CHECK_EQUAL(ec, net::error::operation_aborted);
                            BOOST_CHECK_EQUAL(n, 0u);
                        }
                        else
                        {
                            BOOST_CHECK_EQUAL(n, size);
                            BOOST_CHECK(std::memcmp(b.data(), text.data(), n) == 0);
                        }
                    }));
        c.restart();
        for (int k = 0; k != i % 5; ++k)
            c.poll_one();
        f.cancel();
    }
    run(c);
    BOOST_CHECK_EQUAL(handlers, 400);
    BOOST_CHECK_EQUAL(live, 0);
}
