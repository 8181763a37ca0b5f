// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// All kinds of objects on all kinds of contexts.

#include "everything.hpp"
#include "file.hpp"
#include "typed.hpp"

#include <future>
#include <thread>
#include <utility>
#include <vector>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace net = urio;

/// A place is a context and a way to have it run until something is done.
template <class Mode>
struct place
{
    context<Mode> context_;

    auto executor() { return context_.get_executor(); }
    void run_until(std::future<void>&) { run(context_); }
};

struct on_a_pool
{
    asio::thread_pool context_{3};

    auto executor() { return asio::make_strand(context_); }
    void run_until(std::future<void>&) {}
};

struct on_a_pool_with_a_reactor : on_a_pool
{
    on_a_pool_with_a_reactor() { asio::steady_timer brings_the_reactor(context_); }
};

struct on_the_system_context : on_a_pool
{
    auto executor() { return asio::make_strand(asio::system_executor()); }
};

// Several threads, and a strand that keeps the coroutine on one at a time.
struct on_several_threads
{
    net::io_context context_;

    auto executor() { return asio::make_strand(context_); }
    void run_until(std::future<void>&)
    {
        std::vector<std::thread> threads;
        for (int i = 0; i != 3; ++i)
            threads.emplace_back([&] { context_.run_for(patience); });
        for (std::thread& t : threads)
            t.join();
    }
};

using places =
    boost::mpl::list<place<shared>, place<exclusive>, place<hosted>, on_several_threads,
                     on_a_pool, on_a_pool_with_a_reactor, on_the_system_context>;

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(all_kinds_of_objects, Place, places)
{
    temporary_file const file;
    Place p;
    std::future<void> done =
        net::co_spawn(p.executor(), everything(file.path()), net::use_future);
    p.run_until(done);
    BOOST_REQUIRE(done.wait_for(patience) == std::future_status::ready);
    BOOST_CHECK_NO_THROW(done.get());
    auto& context = asio::query(p.executor(), asio::execution::context);
    BOOST_CHECK(net::backend_of(context).kind == expected_backend());
    BOOST_CHECK_GT(operations_done(context), 10u);
}
