// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// async_submit(): whatever event it is given, and whatever becomes of that.

#include "allocator.hpp"
#include "descriptors.hpp"
#include "pair.hpp"
#include "submitted.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <sys/eventfd.h>
#include <thread>
#include <tuple>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
namespace event = urio::event;
namespace opcodes = net::detail::opcodes;

/// The least that an event can be.
struct plain_nop
{
    void prepare(io_uring_sqe& entry) noexcept { ::io_uring_prep_nop(&entry); }
};

/// A user's own, which counts what is done with it and knows its place.
struct own_read
{
    static constexpr std::uint8_t opcode = IORING_OP_READ;

    struct report
    {
        int prepared = 0, performed = 0, results = 0, alive = 0, dead_while_used = 0;
        const void* place = nullptr;
    };

    own_read(int d, report& r) : fd(d), told(&r) { ++told->alive; }
    own_read(own_read&& other) noexcept
        : fd(other.fd)
        , told(other.told)
        , value(other.value)
    {
        ++told->alive;
    }
    ~own_read()
    {
        if (told->place == &value)
            ++told->dead_while_used;
        --told->alive;
    }

    void prepare(io_uring_sqe& entry) noexcept
    {
        ++told->prepared;
        told->place = &value;
        ::io_uring_prep_read(&entry, fd, &value, sizeof(value), 0);
    }
    std::uint64_t result(int res, unsigned) noexcept
    {
        BOOST_CHECK_EQUAL(res, 8);
        ++told->results;
        BOOST_CHECK(!told->place || told->place == &value);
        told->place = nullptr;
        return value;
    }
    int perform() noexcept
    {
        ++told->performed;
        ::ssize_t const n = ::read(fd, &value, sizeof(value));
        return n < 0 ? -errno : static_cast<int>(n);
    }
    int descriptor() const noexcept { return fd; }
    short readiness() const noexcept { return POLLIN; }

    int fd;
    report* told;
    std::uint64_t value = 0;
};

/// Something that is there once, as the kernel's resources are.
struct token_of
{
    explicit token_of(std::atomic<int>* c = nullptr) noexcept : count(c)
    {
        if (count)
            ++*count;
    }
    token_of(token_of&& other) noexcept : count(std::exchange(other.count, nullptr)) {}
    token_of& operator=(token_of&& other) noexcept
    {
        std::swap(count, other.count);
        return *this;
    }
    ~token_of()
    {
        if (count)
            --*count;
    }
    std::atomic<int>* count;
};

struct bringing_nop : event::nop
{
    explicit bringing_nop(std::atomic<int>& a) noexcept : alive(&a) {}
    token_of result(int, unsigned) noexcept { return token_of(alive); }
    std::atomic<int>* alive;
};

} // namespace

BOOST_DATA_TEST_CASE(any_event, every_mode, m)
{
    mode_context c(m);
    auto const n = submitted(c, plain_nop());
    if (on_uring())
        BOOST_CHECK(!n.error);
    else
        BOOST_CHECK(is_missing(n.error));

    counter const k(EFD_NONBLOCK);
    own_read::report told;
    k.add(7);
    {
        auto const r = submitted(c, own_read(k.fd, told));
        BOOST_CHECK(!r.error);
        BOOST_CHECK_EQUAL(r.value, 7u);
        BOOST_CHECK_EQUAL(told.results, 1);
        BOOST_CHECK_EQUAL(told.alive, 1);
    }
    BOOST_CHECK_EQUAL(told.alive, 0);
    BOOST_CHECK_EQUAL(told.prepared, on_uring() ? 1 : 0);
}

// Its descriptor is in non-blocking mode, so that io_uring does not wait: on every engine
// it is tried when it is ready.
BOOST_DATA_TEST_CASE(an_event_that_waits, every_mode, m)
{
    descriptor_check check;
    for (bool const lacking : {false, true})
    {
        std::optional<faults> f;
        if (lacking)
            f.emplace(IORING_OP_READ);
        mode_context c(m);
        counter const k(EFD_NONBLOCK);
        own_read::report told;
        outcome<own_read> o;
        submit(c, own_read(k.fd, told), o);
        c.restart();
        c.poll();
        BOOST_CHECK(!o.event);
        k.add(9);
        run(c);
        BOOST_CHECK(!o.error);
        BOOST_CHECK_EQUAL(o.value, 9u);
        BOOST_CHECK_EQUAL(told.dead_while_used, 0);
        // Its descriptor is the user's all the time.
        net::posix::stream_descriptor d(c, ::dup(k.fd));
        std::array<std::uint64_t, 1> place;
        k.add(1);
        net::async_read(d, net::buffer(place),
                        once(
                            [](error_code ec, std::size_t n)
                            {
                                BOOST_CHECK(!ec);
                                BOOST_CHECK_EQUAL(n, 8u);
                            }));
        run(c);
    }
}

BOOST_DATA_TEST_CASE(it_comes_back_when_it_is_cancelled, every_mode, m)
{
    for (bool const lacking : {false, true})
    {
        std::optional<faults> f;
        if (lacking)
            f.emplace(IORING_OP_READ);
        mode_context c(m);
        counter const k(EFD_NONBLOCK);
        own_read::report told;
        net::cancellation_signal s;
        bool done = false;
        net::async_submit(
            c, own_read(k.fd, told),
            net::bind_cancellation_slot(
                s.slot(), once(
                              [&](error_code ec, std::uint64_t value, own_read e)
                              {
                                  done = true;
                                  BOOST_CHECK(ec == net::error::operation_aborted);
                                  BOOST_CHECK_EQUAL(value, 0u);
                                  BOOST_CHECK_EQUAL(e.fd, k.fd);
                                  told.place = nullptr;
                              })));
        c.restart();
        c.poll();
        BOOST_CHECK(!done);
        s.emit(net::cancellation_type::total);
        run(c);
        BOOST_CHECK(done);
        BOOST_CHECK_EQUAL(told.alive, 0);
        BOOST_CHECK_EQUAL(told.results, 0);
    }
}

// Before the kernel has seen it.
BOOST_DATA_TEST_CASE(cancelled_at_once, every_mode, m)
{
    mode_context c(m);
    counter const k(EFD_NONBLOCK);
    own_read::report told;
    net::cancellation_signal s;
    net::async_submit(c, own_read(k.fd, told),
                      net::bind_cancellation_slot(
                          s.slot(), once(
                                        [&](error_code ec, std::uint64_t, own_read)
                                        {
                                            BOOST_CHECK(ec ==
                                                        net::error::operation_aborted);
                                            told.place = nullptr;
                                        })));
    s.emit(net::cancellation_type::terminal);
    run(c);
    BOOST_CHECK_EQUAL(told.alive, 0);
}

// The context goes: events are destroyed when the kernel is done with them, and what has
// been brought for nobody is given up.
BOOST_DATA_TEST_CASE(the_end_of_the_context, every_mode, m)
{
    descriptor_check check;
    own_read::report told;
    std::atomic<int> brought{0}, handlers{0};
    counter const k(EFD_NONBLOCK);
    {
        mode_context c(m);
        net::async_submit(c, own_read(k.fd, told), never(handlers));
        c.poll(); // the kernel has it
        net::async_submit(c, bringing_nop(brought), never(handlers));
        net::async_submit(c, own_read(k.fd, told), never(handlers));
        net::async_submit(c, event::openat("/dev/null", O_RDONLY), never(handlers));
        told.place = nullptr;
    }
    BOOST_CHECK_EQUAL(told.alive, 0);
    BOOST_CHECK_EQUAL(brought, 0);
    BOOST_CHECK_EQUAL(handlers, 0);
}

BOOST_DATA_TEST_CASE(all_tokens, every_mode, m)
{
    mode_context c(m);
    BOOST_CHECK_EQUAL(submitted(c, event::nop()).value, 0);
    auto future = net::async_submit(c, event::nop(), net::use_future);
    run(c);
    BOOST_CHECK_EQUAL(std::get<0>(future.get()), 0);
    int done = 0;
    auto deferred = net::async_submit(c.get_executor(), event::nop(), net::deferred);
    std::move(deferred)(once(
        [&](error_code ec, int, event::nop)
        {
            BOOST_CHECK(!ec);
            ++done;
        }));
    net::co_spawn(
        c,
        [&]() -> net::awaitable<void>
        {
            auto [r, e] = co_await net::async_submit(c, event::nop(), net::use_awaitable);
            BOOST_CHECK_EQUAL(r, 0);
            auto const ex = co_await net::this_coro::executor;
            auto [ec, r2, e2] = co_await net::async_submit(
                ex, event::openat("/nowhere/at/all"), net::as_tuple(net::use_awaitable));
            BOOST_CHECK(ec == boost::system::errc::no_such_file_or_directory);
            BOOST_CHECK_EQUAL(e2.where.path(), "/nowhere/at/all");
            try
            {
                (void)co_await net::async_submit(ex, event::openat("/nowhere/at/all"),
                                                 net::use_awaitable);
                BOOST_ERROR("no exception");
            }
            catch (const boost::system::system_error& error)
            {
                BOOST_CHECK(error.code() ==
                            boost::system::errc::no_such_file_or_directory);
            }
            ++done;
        },
        net::detached);
    auto const strand = boost::asio::make_strand(c);
    net::async_submit(strand, event::nop(),
                      once(
                          [&](error_code, int, event::nop)
                          {
                              BOOST_CHECK(strand.running_in_this_thread());
                              ++done;
                          }));
    run(c);
    BOOST_CHECK_EQUAL(done, 3);
}

BOOST_AUTO_TEST_CASE(on_a_thread_pool)
{
    boost::asio::thread_pool pool(2);
    auto future = net::async_submit(pool, event::nop(), net::use_future);
    BOOST_CHECK_EQUAL(std::get<0>(future.get()), 0);
}

BOOST_DATA_TEST_CASE(from_any_thread, threaded_modes, m)
{
    mode_context c(m);
    auto work = net::make_work_guard(c);
    std::atomic<int> done{0};
    constexpr int each = 500, starters = 3;
    std::vector<std::thread> threads;
    for (int i = 0; i != 2; ++i)
        threads.emplace_back([&] { c.run(); });
    for (int i = 0; i != starters; ++i)
        threads.emplace_back(
            [&]
            {
                for (int n = 0; n != each; ++n)
                    net::async_submit(c, event::nop(), [&](error_code ec, int, event::nop)
                                      { done += ec ? 0 : 1; });
            });
    for (std::size_t i = 2; i != threads.size(); ++i)
        threads[i].join();
    work.reset();
    threads[0].join();
    threads[1].join();
    BOOST_CHECK_EQUAL(done, each * starters);
}

// More than the ring has room for, in one handler.
BOOST_DATA_TEST_CASE(thousands_in_one_handler, every_mode, m)
{
    mode_context c(m);
    int done = 0;
    constexpr int n = 10000;
    net::post(c,
              [&]
              {
                  for (int i = 0; i != n; ++i)
                      net::async_submit(c, event::nop(),
                                        [&](error_code ec, int, event::nop)
                                        { done += ec ? 0 : 1; });
              });
    run(c);
    BOOST_CHECK_EQUAL(done, n);
}

BOOST_DATA_TEST_CASE(the_handlers_memory, every_mode, m)
{
    mode_context c(m);
    heap h;
    bool done = false;
    net::async_submit(c, event::nop(),
                      boost::asio::bind_allocator(counting_allocator<void>(h),
                                                  [&](error_code, int, event::nop)
                                                  {
                                                      BOOST_CHECK_EQUAL(h.taken, 1u);
                                                      BOOST_CHECK_EQUAL(h.live(), 0u);
                                                      done = true;
                                                  }));
    run(c);
    BOOST_CHECK(done);
}

namespace
{

/// Leaves what no kernel knows.
struct nonsense
{
    void prepare(io_uring_sqe& entry) noexcept
    {
        ::io_uring_prep_nop(&entry);
        entry.opcode = 0xf0;
    }
};

/// Sets what would stop the whole ring.
struct drained_nop
{
    void prepare(io_uring_sqe& entry) noexcept
    {
        ::io_uring_prep_nop(&entry);
        entry.flags |= IOSQE_IO_DRAIN;
    }
};

/// Says that it is one operation, which nobody has.
struct unknown
{
    static constexpr std::uint8_t opcode = 0xf1;
    void prepare(io_uring_sqe& entry) noexcept { entry.opcode = opcode; }
};

} // namespace

BOOST_DATA_TEST_CASE(what_the_kernel_does_not_know, every_mode, m)
{
    mode_context c(m);
    outcome<nonsense> bad;
    submit(c, nonsense(), bad);
    outcome<event::nop> good;
    submit(c, event::nop(), good);
    run(c);
    BOOST_CHECK(on_uring() ? bad.error == net::error::invalid_argument
                           : is_missing(bad.error));
    BOOST_CHECK(good.event && !good.error);

    if (on_uring())
        BOOST_CHECK(submitted(c, drained_nop()).error == net::error::invalid_argument);
    auto const u = submitted(c, unknown());
    BOOST_CHECK(is_missing(u.error));
}

// The error says what is missing, and since when there is such a thing.
BOOST_AUTO_TEST_CASE(what_is_missing_has_a_name)
{
    std::optional<faults> f;
    f.emplace(int(opcodes::futex_wait));
    net::io_context c;
    event::futex_word word{0};
    auto const w = submitted(c, event::futex_wait(word, 0));
    BOOST_CHECK(is_missing(w.error));
    std::string const what = w.error.message();
    BOOST_CHECK_MESSAGE(what.find("IORING_OP_FUTEX_WAIT (Linux 6.7)") != what.npos, what);
}

// One that says that it will hardly wait does not go through the ring if nothing else
// does.
namespace
{

struct eager_read : own_read
{
    using own_read::own_read;
    static constexpr bool is_eager = true;
};

} // namespace

BOOST_AUTO_TEST_CASE(an_eager_event)
{
    net::io_context c;
    counter const k(EFD_NONBLOCK);
    own_read::report told;
    k.add(3);
    auto const r = submitted(c, eager_read(k.fd, told));
    BOOST_CHECK_EQUAL(r.value, 3u);
    BOOST_CHECK_EQUAL(told.performed, 1);
    BOOST_CHECK_EQUAL(told.prepared, 0);
    told.place = nullptr;
}

// The thread that has started one ends before it has run.
BOOST_DATA_TEST_CASE(a_thread_that_ends, threaded_modes, m)
{
    mode_context c(m);
    counter const k(EFD_NONBLOCK);
    own_read::report told;
    outcome<own_read> o;
    std::thread(
        [&]
        {
            submit(c, own_read(k.fd, told), o);
            c.poll();
        })
        .join();
    c.restart();
    k.add(5);
    run(c);
    BOOST_CHECK(!o.error);
    BOOST_CHECK_EQUAL(o.value, 5u);
}
