// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Wherever an event is (in the ring's queue, behind it, with the kernel, with a thread of
// the pool): it is cancelled, its context goes, the process forks, its completion is
// lost.

#include "child.hpp"
#include "descriptors.hpp"
#include "file.hpp"
#include "lost_completion.hpp"
#include "submitted.hpp"

#include <array>
#include <atomic>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
namespace event = urio::event;

/// Reads a counter into its own memory, which is poisoned when it goes.
class counter_read
{
public:
    static constexpr std::uint8_t opcode = IORING_OP_READ;

    counter_read(int d, std::atomic<int>& alive)
        : fd_(d)
        , alive_(&alive)
        , value_(std::make_unique<std::uint64_t>(0))
    {
        ++*alive_;
    }
    counter_read(counter_read&& other) noexcept
        : fd_(other.fd_)
        , alive_(other.alive_)
        , value_(std::move(other.value_))
    {
        ++*alive_;
    }
    ~counter_read()
    {
        if (value_)
            *value_ = 0xdeadbeef;
        --*alive_;
    }

    void prepare(io_uring_sqe& entry) noexcept
    {
        ::io_uring_prep_read(&entry, fd_, value_.get(), sizeof(*value_), 0);
    }
    std::uint64_t result(int, unsigned) noexcept { return *value_; }
    int perform() noexcept
    {
        ::ssize_t const n = ::read(fd_, value_.get(), sizeof(*value_));
        return n < 0 ? -errno : static_cast<int>(n);
    }
    int descriptor() const noexcept { return fd_; }
    short readiness() const noexcept { return POLLIN; }

private:
    int fd_;
    std::atomic<int>* alive_;
    std::unique_ptr<std::uint64_t> value_;
};

/// What an event waits for on the pool, for as long as the test likes: the opening of a
/// pipe that has no other end.
struct named_pipe
{
    named_pipe() : name("event_states." + std::to_string(::getpid()))
    {
        ::unlink(name.c_str());
        BOOST_REQUIRE_EQUAL(::mkfifo(name.c_str(), 0600), 0);
    }
    ~named_pipe() { ::unlink(name.c_str()); }
    std::string const name;
};

const auto both = boost::unit_test::data::make({false, true});

} // namespace

// More events than the queue has room for: those behind it, too.
BOOST_DATA_TEST_CASE(cancelled_wherever_it_is, every_mode* both, m, seen)
{
    auto o = options(m);
    o.entries = 4;
    mode_context c(m, o);
    std::atomic<int> alive{0};
    constexpr std::size_t n = 40;
    std::array<net::cancellation_signal, n> signals;
    std::array<int, n> done{};
    std::vector<std::unique_ptr<counter>> ready;
    for (std::size_t i = 0; i != n; ++i)
        ready.push_back(std::make_unique<counter>(EFD_NONBLOCK));
    for (std::size_t i = 0; i != n; ++i)
        net::async_submit(
            c, counter_read(ready[i]->fd, alive),
            net::bind_cancellation_slot(signals[i].slot(),
                                        once(
                                            [&, i](error_code ec, auto value, auto)
                                            {
                                                ++done[i];
                                                if (i % 3 == 0)
                                                    BOOST_CHECK(aborted(ec));
                                                else
                                                {
                                                    BOOST_CHECK(!ec);
                                                    BOOST_CHECK_EQUAL(value, i + 1);
                                                }
                                            })));
    if (seen)
        settle(c);
    for (std::size_t i = 0; i < n; i += 3)
        signals[i].emit(net::cancellation_type::total);
    for (std::size_t i = 0; i != n; ++i)
        if (i % 3 != 0)
            ready[i]->add(i + 1);
    run(c);
    for (int const d : done)
        BOOST_CHECK_EQUAL(d, 1);
    BOOST_CHECK_EQUAL(alive, 0);
}

// The same at the end of the context: nobody is called, nothing is left.
BOOST_DATA_TEST_CASE(gone_wherever_it_is, every_mode* both, m, seen)
{
    descriptor_check check;
    std::atomic<int> alive{0}, handlers{0};
    {
        std::vector<std::unique_ptr<counter>> counters;
        auto o = options(m);
        o.entries = 4;
        mode_context c(m, o);
        for (int i = 0; i != 40; ++i)
        {
            counters.push_back(std::make_unique<counter>(EFD_NONBLOCK));
            net::async_submit(c, counter_read(counters.back()->fd, alive),
                              never(handlers));
            net::async_submit(c,
                              net::link(event::openat("/dev/null"),
                                        event::poll_add(counters.back()->fd, POLLIN),
                                        event::nop()),
                              never(handlers));
        }
        if (seen)
            settle(c);
    }
    BOOST_CHECK_EQUAL(alive, 0);
    BOOST_CHECK_EQUAL(handlers, 0);
}

// With a thread of the pool: it completes when the thread is done, cancelled or not.
BOOST_DATA_TEST_CASE(with_a_thread, every_mode, m)
{
    descriptor_check check;
    std::optional<faults> f;
    if (on_uring())
        f.emplace(IORING_OP_OPENAT);
    mode_context c(m);
    named_pipe const p;
    net::cancellation_signal s;
    bool done = false;
    net::async_submit(c, event::openat(p.name, O_RDONLY),
                      net::bind_cancellation_slot(
                          s.slot(), once(
                                        [&](error_code ec, net::unique_descriptor d, auto)
                                        {
                                            done = true;
                                            BOOST_CHECK(aborted(ec) || d.get() >= 0);
                                        })));
    settle(c);
    BOOST_CHECK(!done);
    s.emit(net::cancellation_type::total);
    // A thread may not have begun.
    int other = -1;
    while (!done && (other = ::open(p.name.c_str(), O_WRONLY | O_NONBLOCK)) < 0)
        settle(c);
    run(c);
    BOOST_CHECK(done);
    if (other >= 0)
        ::close(other);
}

// With the kernel, in the queue and behind it when the process forks.
BOOST_DATA_TEST_CASE(parent_and_child_go_on, every_mode* both, m, seen)
{
    auto o = options(m);
    o.entries = 4;
    mode_context c(m, o);
    constexpr int n = 40;
    std::vector<std::unique_ptr<counter>> counters;
    for (int i = 0; i != n; ++i)
        counters.push_back(std::make_unique<counter>(EFD_NONBLOCK));
    gate go_on;
    std::atomic<int> alive{0};
    int done = 0;
    for (auto const& k : counters)
        net::async_submit(c, counter_read(k->fd, alive),
                          once(
                              [&](error_code ec, std::uint64_t value, auto)
                              {
                                  ++done;
                                  if (ec || value != 1)
                                      done = 100;
                              }));
    if (seen)
        settle(c);
    ::pid_t const child =
        notified_fork(c,
                      [&](expectations& expect)
                      {
                          go_on.wait();
                          // What the child has tried in vain it has to wait for by
                          // itself.
                          if (seen)
                              settle(c);
                          std::uint64_t const one = 1;
                          for (auto const& k : counters)
                              expect(::write(k->fd, &one, 8) == 8, "write");
                          c.restart();
                          c.run_for(patience);
                          expect(done == n, "the events have completed");
                      });
    for (auto const& k : counters)
        k->add(1);
    run(c);
    BOOST_CHECK_EQUAL(done, n);
    BOOST_CHECK_EQUAL(alive, 0);
    go_on.open();
    check_child(child);
}

// The kernel has kept no completion for it.
BOOST_DATA_TEST_CASE(a_lost_completion, every_mode, m)
{
    URIO_ON_URING_ONLY();
    completion_loss loss;
    mode_context c(m);
    counter const victim, bystander;
    std::atomic<int> alive{0};
    std::optional<error_code> result;
    bool other = false;
    settle(c);
    net::async_submit(c, counter_read(bystander.fd, alive),
                      once([&](error_code ec, auto, auto) { other = !ec; }));
    net::async_submit(c, counter_read(victim.fd, alive),
                      once(
                          [&](error_code ec, auto, auto)
                          {
                              result = ec;
                              bystander.add(1);
                          }));
    net::steady_timer t(c, 5ms);
    t.async_wait(
        [&](error_code)
        {
            victim.add(1);
            loss.lose_next();
        });
    run(c);
    BOOST_REQUIRE(result);
    BOOST_CHECK_EQUAL(*result, error_code(urio::errc::completion_lost));
    BOOST_CHECK(other);
    BOOST_CHECK_EQUAL(alive, 0);
}

// What changes files is done once, though both processes go on.
BOOST_DATA_TEST_CASE(files_are_written_once, every_mode, m)
{
    temporary_file const t("");
    mode_context c(m);
    constexpr int n = 100;
    std::atomic<int> done{0};
    int const fd = ::open(t.path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    BOOST_REQUIRE(fd >= 0);
    for (int i = 0; i != n; ++i)
        net::async_submit(c, event::write(fd, std::string(10, 'a')),
                          [&](error_code ec, std::size_t, auto) { done += ec ? 0 : 1; });
    ::pid_t const child = notified_fork(c,
                                        [&](expectations& expect)
                                        {
                                            c.restart();
                                            c.run_for(patience);
                                            expect(done == n, "all have completed");
                                        });
    run(c);
    check_child(child);
    BOOST_CHECK_EQUAL(done, n);
    struct ::stat s;
    BOOST_REQUIRE_EQUAL(::fstat(fd, &s), 0);
    BOOST_CHECK_EQUAL(s.st_size, 10 * n);
    ::close(fd);
}
