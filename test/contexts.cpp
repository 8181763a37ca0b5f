// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// urio's objects wherever Asio's own work: on a thread pool, on the system's executor, on
// strands, on contexts of one's own; and mixed with Asio's objects.

#include "failures.hpp"
#include "file.hpp"
#include "once.hpp"
#include "typed.hpp"

#define BOOST_TEST_MODULE contexts

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace net = urio;
using tcp = net::ip::tcp;
using namespace net::experimental::awaitable_operators;

// Sends bytes there and back, checks them, and reads a file.
template <class Executor>
net::awaitable<void> round_trips(Executor server, Executor client, std::string path)
{
    tcp::acceptor acceptor(server, loopback());
    tcp::socket a(client), b(server);
    co_await (acceptor.async_accept(b, net::use_awaitable) &&
              a.async_connect(acceptor.local_endpoint(), net::use_awaitable));
    std::string const out = pattern(1000);
    std::string in(out.size(), '\0');
    for (int i = 0; i != 50; ++i)
    {
        co_await net::async_write(a, net::buffer(out), net::use_awaitable);
        co_await net::async_read(b, net::buffer(in), net::use_awaitable);
        check_in_thread(std::exchange(in, std::string(out.size(), '\0')) == out);
    }
    net::random_access_file file(client, path, net::file_base::read_only);
    co_await net::async_read_at(file, 0, net::buffer(in), net::use_awaitable);
    check_in_thread(in == out);
}

// Waits for it, from a thread that does not run the context.
template <class Executor>
void drive(Executor server, Executor client)
{
    no_failures const check;
    temporary_file const file(pattern(1000));
    std::future<void> done =
        net::co_spawn(client, round_trips(server, client, file.path()), net::use_future);
    BOOST_REQUIRE(done.wait_for(patience) == std::future_status::ready);
    done.get();
}

void check_engine(asio::execution_context& c, net::loop_kind expected)
{
    BOOST_CHECK_EQUAL(to_string(net::backend_of(c).loop), to_string(expected));
    net::statistics const s = net::statistics_of(c);
    BOOST_CHECK_GT(operations_done(c), 50u);
    BOOST_CHECK_EQUAL(s.in_flight, 0u);
}

// A context that is no more than that: Asio gives its scheduler a thread of its own.
struct bare_context : asio::execution_context
{
    ~bare_context() { shutdown(); }

    struct executor_type
    {
        bare_context* context_;

        bare_context& query(asio::execution::context_t) const noexcept
        {
            return *context_;
        }
        static constexpr auto query(asio::execution::blocking_t) noexcept
        {
            return asio::execution::blocking.never;
        }
        template <class Function>
        void execute(Function f) const
        {
            asio::post(asio::system_executor(), std::move(f));
        }
        bool operator==(const executor_type&) const noexcept = default;
    };

    executor_type get_executor() noexcept { return {this}; }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_thread_pool)
{
    asio::thread_pool pool(2);
    drive(pool.get_executor(), pool.get_executor());
    check_engine(pool, net::loop_kind::native);
    drive(asio::make_strand(pool), asio::make_strand(pool));
    pool.join();
}

BOOST_AUTO_TEST_CASE(a_thread_pool_with_a_reactor)
{
    asio::thread_pool pool(2);
    asio::steady_timer timer(pool, 10h);
    drive(pool.get_executor(), pool.get_executor());
    check_engine(pool, net::loop_kind::hosted);
}

BOOST_AUTO_TEST_CASE(objects_constructed_on_a_pool_itself)
{
    asio::thread_pool pool(1);
    tcp::acceptor acceptor(pool, loopback());
    tcp::socket a(pool), b(pool);
    auto accepted = acceptor.async_accept(b, net::use_future);
    a.async_connect(acceptor.local_endpoint(), net::use_future).get();
    accepted.get();
    char byte = 0;
    auto received = b.async_receive(net::buffer(&byte, 1), net::use_future);
    a.async_send(net::buffer("x", 1), net::use_future).get();
    BOOST_CHECK_EQUAL(received.get(), 1u);
    BOOST_CHECK_EQUAL(byte, 'x');
}

// join() waits for what is pending; stop() does not, and what is left is destroyed.
BOOST_AUTO_TEST_CASE(joining_and_stopping_a_pool)
{
    std::atomic<int> alive{0};
    {
        asio::thread_pool pool(2);
        tcp::acceptor acceptor(pool, loopback());
        tcp::socket a(pool), b(pool);
        a.connect(acceptor.local_endpoint());
        acceptor.accept(b);
        bool received = false;
        char byte[1];
        b.async_receive(net::buffer(byte),
                        [&](error_code ec, std::size_t n) { received = !ec && n == 1; });
        std::thread sender([&] { a.send(net::buffer("x", 1)); });
        pool.join();
        sender.join();
        BOOST_CHECK(received);
    }
    {
        asio::thread_pool pool(2);
        tcp::acceptor acceptor(pool, loopback());
        acceptor.async_accept(never(alive));
        BOOST_CHECK_EQUAL(alive, 1);
        pool.stop();
        pool.join();
        BOOST_CHECK_EQUAL(alive, 1);
    }
    BOOST_CHECK_EQUAL(alive, 0);
}

BOOST_AUTO_TEST_CASE(the_system_executor)
{
    drive(net::any_io_executor(asio::system_executor()),
          net::any_io_executor(asio::system_executor()));
    check_engine(asio::query(asio::system_executor(), asio::execution::context),
                 net::loop_kind::native);
}

// Its scheduler has a thread of its own, which is in the engine when the context is
// destroyed.
BOOST_AUTO_TEST_CASE(a_context_of_ones_own)
{
    std::atomic<int> alive{0};
    {
        bare_context c;
        drive(c.get_executor(), c.get_executor());
        check_engine(c, net::loop_kind::native);
        auto acceptor = std::make_unique<tcp::acceptor>(c, loopback());
        acceptor->async_accept([keep = std::move(acceptor), n = never(alive)](
                                   error_code, tcp::socket) mutable { n(); });
    }
    BOOST_CHECK_EQUAL(alive, 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(stock_and_urio_objects_on_one_context, Mode, modes)
{
    context<Mode> c;
    asio::ip::tcp::acceptor acceptor(c, loopback());
    asio::ip::tcp::socket stock(c);
    tcp::socket ours(c);
    asio::steady_timer timer(c, 1ms);
    int done = 0;
    std::string const out = pattern(300'000);
    std::string there(out.size(), '\0'), back(out.size(), '\0');
    acceptor.async_accept(
        stock, once(
                   [&](error_code ec)
                   {
                       BOOST_REQUIRE(!ec);
                       asio::async_read(stock, asio::buffer(there),
                                        once(
                                            [&](error_code ec, std::size_t)
                                            {
                                                BOOST_CHECK(!ec);
                                                asio::async_write(
                                                    stock, asio::buffer(there),
                                                    once([&](error_code ec, std::size_t)
                                                         { done += !ec; }));
                                            }));
                   }));
    ours.async_connect(
        acceptor.local_endpoint(),
        once(
            [&](error_code ec)
            {
                BOOST_REQUIRE(!ec);
                net::async_write(ours, net::buffer(out),
                                 once([&](error_code ec, std::size_t) { done += !ec; }));
                net::async_read(ours, net::buffer(back),
                                once([&](error_code ec, std::size_t) { done += !ec; }));
            }));
    timer.async_wait(once([&](error_code ec) { done += !ec; }));
    run(c);
    BOOST_CHECK_EQUAL(done, 4);
    BOOST_CHECK(there == out);
    BOOST_CHECK(back == out);
}

// Each side of a connection on a context of its own, with a thread of its own.
BOOST_AUTO_TEST_CASE_TEMPLATE(two_contexts_in_two_threads, Mode, modes)
{
    no_failures const check;
    context<Mode> here, there;
    tcp::acceptor acceptor(here, loopback());
    tcp::socket server(here), client(there);
    char a[1], b[1];
    int left = 2000;
    std::function<void()> serve = [&]
    {
        net::async_read(server, net::buffer(a),
                        [&](error_code ec, std::size_t n)
                        {
                            if (ec == net::error::eof)
                                return;
                            check_in_thread(!ec);
                            net::async_write(server, net::buffer(a, n),
                                             [&](error_code ec, std::size_t)
                                             {
                                                 check_in_thread(!ec);
                                                 serve();
                                             });
                        });
    };
    std::function<void()> ask = [&]
    {
        if (left-- == 0)
            return client.close();
        net::async_write(client, net::buffer("x", 1),
                         [&](error_code ec, std::size_t)
                         {
                             check_in_thread(!ec);
                             net::async_read(client, net::buffer(b),
                                             [&](error_code ec, std::size_t)
                                             {
                                                 check_in_thread(!ec && b[0] == 'x');
                                                 ask();
                                             });
                         });
    };
    acceptor.async_accept(server,
                          [&](error_code ec)
                          {
                              check_in_thread(!ec);
                              serve();
                          });
    client.async_connect(acceptor.local_endpoint(),
                         [&](error_code ec)
                         {
                             check_in_thread(!ec);
                             ask();
                         });
    std::thread other([&] { there.run(); });
    here.run();
    other.join();
    BOOST_CHECK_EQUAL(left, -1);
}

// A timer of Asio's that is set while the loop waits ends the wait in time, on a hosted
// loop as well.
BOOST_AUTO_TEST_CASE_TEMPLATE(timers_of_asios, Mode, modes)
{
    context<Mode> c;
    tcp::acceptor acceptor(c, loopback());
    acceptor.async_accept([](error_code, tcp::socket) {});
    asio::steady_timer long_one(c, 10h), short_one(c);
    long_one.async_wait([](error_code) {});
    std::atomic<bool> running{false};
    bool fired = false;
    asio::post(c, [&] { running = true; });
    std::thread setter(
        [&]
        {
            while (!running)
                std::this_thread::yield();
            asio::post(c,
                       [&]
                       {
                           short_one.expires_after(5ms);
                           short_one.async_wait(
                               [&](error_code ec)
                               {
                                   fired = !ec;
                                   long_one.cancel();
                                   acceptor.cancel();
                               });
                       });
        });
    run(c);
    setter.join();
    BOOST_CHECK(fired);
}
