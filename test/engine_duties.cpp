// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What an engine owes its users beside results: descriptors that are nobody's are closed,
// numbers stay what they are, nothing stands in the way of anything else, and system
// calls are not made in vain.

#include "descriptors.hpp"
#include "faults.hpp"
#include "faulty_file.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <atomic>
#include <fcntl.h>
#include <list>
#include <memory>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <thread>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using local = net::local::stream_protocol;
using tcp = net::ip::tcp;
using file_base = net::file_base;

BOOST_TEST_GLOBAL_FIXTURE(own_mounts);

// Opens, for reading, the named pipes that something waits to write to.
struct named_pipes
{
    explicit named_pipes(std::size_t n)
    {
        for (std::size_t i = 0; i != n; ++i)
        {
            names.push_back(directory.path() / std::to_string(i));
            BOOST_REQUIRE_EQUAL(::mkfifo(names.back().c_str(), 0600), 0);
        }
    }

    void open_other_ends()
    {
        for (auto const& name : names)
            readers.emplace_back(::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    }

    temporary_directory directory;
    std::vector<std::string> names;
    std::vector<urio::detail::unique_descriptor> readers;
};

} // namespace

// The thread that ran an exclusive context has exited, and left a completion behind that
// nobody has looked at: it brings a descriptor.
BOOST_AUTO_TEST_CASE(a_connection_that_nobody_has_collected)
{
    URIO_ON_URING_ONLY();
    descriptor_check check;
    std::atomic<int> alive{0};
    char byte;
    urio::uring_options o;
    o.threads = urio::thread_mode::exclusive;
    net::io_context c(o);
    tcp::acceptor acceptor(c, loopback());
    local::socket first(c), second(c);
    net::local::connect_pair(first, second);
    boost::asio::io_context other;
    boost::asio::ip::tcp::socket client(other);
    std::thread(
        [&]
        {
            acceptor.async_accept(never(alive));
            first.async_receive(net::buffer(&byte, 1), never(alive));
            c.poll();
            net::post(c,
                      [&]
                      {
                          client.connect(acceptor.local_endpoint());
                          first.close(); // enters the kernel, which accepts there
                      });
            c.run_one();
        })
        .join();
}

// What a file calls a cancellation is the user's to know.
BOOST_DATA_TEST_CASE(a_clock_that_is_set, every_mode, m)
{
    mode_context c(m);
    net::posix::stream_descriptor timer(
        c, ::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK));
    ::itimerspec in_an_hour{};
    in_an_hour.it_value.tv_sec = ::time(nullptr) + 3600;
    BOOST_REQUIRE_EQUAL(::timerfd_settime(timer.native_handle(),
                                          TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
                                          &in_an_hour, nullptr),
                        0);
    std::uint64_t expirations = 0;
    bool done = false;
    error_code result;
    timer.async_read_some(net::buffer(&expirations, sizeof(expirations)),
                          once(
                              [&](error_code ec, std::size_t)
                              {
                                  result = ec;
                                  done = true;
                              }));
    c.restart();
    c.poll();
    BOOST_CHECK(!done);
    // By a nanosecond.
    ::timex change{};
    change.modes = ADJ_SETOFFSET | ADJ_NANO;
    change.time.tv_usec = 1;
    if (::adjtimex(&change) < 0)
    {
        BOOST_TEST_MESSAGE("this process may not set the clock");
        timer.cancel();
    }
    run(c);
    BOOST_CHECK_EQUAL(result.value(), ECANCELED);
}

// The same from a disk, and what became of it before its thread ended is not that.
BOOST_DATA_TEST_CASE(a_file_that_cancels, every_mode, m)
{
    faulty_file there;
    if (!there.possible())
    {
        BOOST_TEST_MESSAGE("this process may not mount file systems");
        return;
    }
    std::atomic<int> reads{0};
    there.on_read = [&](auto...)
    {
        ++reads;
        return -ECANCELED;
    };
    mode_context c(m);
    net::random_access_file file(c, there.path(), file_base::read_only);
    char data[16];
    error_code result;
    file.async_read_some_at(0, net::buffer(data),
                            once([&](error_code ec, std::size_t) { result = ec; }));
    run(c);
    BOOST_CHECK_EQUAL(result.value(), ECANCELED);
    BOOST_CHECK_GE(reads, 1);
}

// The kernel looks for the file of a status request in a thread of its own, when it comes
// to it: the number must not have become another file's by then.
BOOST_DATA_TEST_CASE(a_status_request_of_a_file_that_is_closed, every_mode, m)
{
    URIO_ON_URING_ONLY();
    descriptor_check check;
    named_pipes pipes(4);
    temporary_file const small("x"), large(std::string(1000, 'x'));
    urio::uring_options o;
    o.max_bounded_workers = o.max_unbounded_workers = 1;
    o.threads =
        m == mode::exclusive ? urio::thread_mode::exclusive : urio::thread_mode::shared;
    if (m == mode::hosted)
        return; // has the options of others
    net::io_context c(o);
    // All of the kernel's threads wait.
    std::list<net::stream_file> writers;
    int opened = 0;
    for (auto const& name : pipes.names)
        writers.emplace_back(c).async_open(name,
                                           file_base::write_only | file_base::create,
                                           [&](error_code) { ++opened; });
    c.poll();
    auto file =
        std::make_unique<net::random_access_file>(c, small.path(), file_base::read_only);
    std::optional<std::uint64_t> size;
    error_code result;
    file->async_size(
        [&](error_code ec, std::uint64_t n)
        {
            result = ec;
            if (!ec)
                size = n;
        });
    c.restart();
    c.poll();
    file.reset();
    // It would have the number now.
    net::random_access_file next(c, large.path(), file_base::read_only);
    pipes.open_other_ends();
    run(c);
    BOOST_CHECK_EQUAL(opened, 4);
    if (size)
        BOOST_CHECK_EQUAL(*size, 1u);
    else
        BOOST_CHECK_EQUAL(result, net::error::operation_aborted);
}

// Opens that may wait for ever, as of named pipes without another end.
BOOST_DATA_TEST_CASE(opens_that_wait_do_not_hold_up_others, every_mode, m)
{
    URIO_ON_URING_ONLY();
    named_pipes pipes(40);
    mode_context c(m);
    std::list<net::stream_file> writers;
    int opened = 0;
    for (auto const& name : pipes.names)
        writers.emplace_back(c).async_open(name,
                                           file_base::write_only | file_base::create,
                                           once(
                                               [&](error_code ec)
                                               {
                                                   BOOST_CHECK(!ec);
                                                   ++opened;
                                               }));
    c.poll();
    net::stream_file file(c);
    bool created = false;
    file.async_open((pipes.directory.path() / "file").string(),
                    file_base::write_only | file_base::create,
                    once(
                        [&](error_code ec)
                        {
                            BOOST_CHECK(!ec);
                            created = true;
                        }));
    c.restart();
    while (!created && c.run_one_for(patience) != 0)
        ;
    BOOST_CHECK(created);
    BOOST_CHECK_EQUAL(opened, 0);
    pipes.open_other_ends();
    run(c);
    BOOST_CHECK_EQUAL(opened, 40);
}

// Many cancellations at once, whose operations complete by themselves meanwhile. (That
// they take linear time, the benchmarks show.)
BOOST_DATA_TEST_CASE(many_cancellations_whose_operations_complete, every_mode, m)
{
    constexpr std::size_t n = 400; // more than the queue of submissions holds
    mode_context c(m);
    std::list<net::posix::stream_descriptor> descriptors;
    std::vector<std::uint64_t> values(n);
    std::size_t done = 0;
    for (std::uint64_t& value : values)
        descriptors.emplace_back(c, ::eventfd(0, EFD_CLOEXEC))
            .async_read_some(net::buffer(&value, sizeof(value)),
                             once(
                                 [&](error_code ec, std::size_t)
                                 {
                                     BOOST_CHECK(!ec ||
                                                 ec == net::error::operation_aborted);
                                     ++done;
                                 }));
    c.poll();
    net::post(c,
              [&]
              {
                  for (auto& d : descriptors)
                      d.cancel();
                  std::uint64_t const one = 1;
                  for (auto& d : descriptors)
                      (void)!::write(d.native_handle(), &one, sizeof(one));
              });
    run(c);
    BOOST_CHECK_EQUAL(done, n);
}

// As a server does that reads asynchronously and writes synchronously: what it starts is
// submitted with the loop's next turn, which it costs anyway.
BOOST_DATA_TEST_CASE(synchronous_calls_do_not_enter_the_ring, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    local::socket first(c), second(c);
    net::local::connect_pair(first, second);
    char data[64], reply[64];
    net::post(c, [] {});
    run(c); // an exclusive context has its thread now

    net::post(c,
              [&]
              {
                  p.first.async_receive(net::buffer(data),
                                        once([](error_code, std::size_t) {}));
                  auto const before = urio::statistics_of(c).enters;
                  for (int i = 0; i != 10; ++i)
                  {
                      std::array<net::const_buffer, 2> const two{net::buffer("ab", 2),
                                                                 net::buffer("cd", 2)};
                      BOOST_CHECK_EQUAL(second.send(net::buffer("abcd", 4)), 4u);
                      BOOST_CHECK_EQUAL(second.send(two), 4u);
                      BOOST_CHECK_EQUAL(first.receive(net::buffer(reply)), 8u);
                  }
                  BOOST_CHECK_EQUAL(urio::statistics_of(c).enters, before);
                  // On the object itself, what was started first comes first.
                  BOOST_CHECK_EQUAL(p.first.send(net::buffer("x", 1)), 1u);
                  if (on_uring() && m != mode::hosted)
                      BOOST_CHECK_GT(urio::statistics_of(c).enters, before);
                  BOOST_CHECK_EQUAL(p.second.send(net::buffer("y", 1)), 1u);
              });
    run(c);
}

// All of it, as with Asio: also what does not fit at once.
BOOST_DATA_TEST_CASE(a_synchronous_send_sends_everything, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    std::string const out = pattern(8 << 20);
    std::string in;
    std::thread peer([&] { in = p.receive(3 * out.size()); });
    BOOST_CHECK_EQUAL(p.socket.send(net::buffer(out)), out.size());
    std::array<net::const_buffer, 3> const parts{net::buffer(out.data(), 1),
                                                 net::buffer(out.data() + 1, 3 << 20),
                                                 net::buffer(out) + (3 << 20) + 1};
    BOOST_CHECK_EQUAL(p.socket.send(parts), out.size());
    BOOST_CHECK_EQUAL(p.socket.send(parts), out.size());
    peer.join();
    BOOST_CHECK(in == out + out + out);
}

// The kernel holds completions back and refuses to hand them over while the context ends:
// that is no exception from a destructor, and what has been started is published all the
// same.
BOOST_AUTO_TEST_CASE(an_overflow_that_cannot_be_flushed_at_the_end)
{
    URIO_ON_URING_ONLY();
    int failures_left = 0;
    faults* self = nullptr;
    faults f(
        [&](unsigned fd, unsigned submit, unsigned complete, unsigned flags, void* arg,
            std::size_t size)
        {
            bool const only_flushes = submit == 0 && complete == 0 && flags != 0;
            if (only_flushes && failures_left > 0)
            {
                --failures_left;
                return -ENOMEM;
            }
            return self->enter(fd, submit, complete, flags, arg, size);
        });
    self = &f;

    std::atomic<int> alive{0};
    {
        urio::uring_options o;
        o.entries = 4;
        o.cq_entries = 4;
        net::io_context c(o);
        std::list<local::socket> sockets;
        std::vector<char> data(64);
        for (char& byte : data)
        {
            local::socket& socket = sockets.emplace_back(c);
            net::local::connect_pair(socket, sockets.emplace_back(c));
            socket.async_receive(net::buffer(&byte, 1), never(alive));
        }
        urio::submit(c);
        for (auto i = sockets.begin(); i != sockets.end(); ++i)
            (++i)->send(net::buffer("x", 1));
        failures_left = 3;
    }
    BOOST_CHECK_EQUAL(alive, 0);
}
