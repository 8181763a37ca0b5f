// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A counting semaphore that any thread releases with one system call, and that coroutines
// acquire, any number of them on one thread.
#include <urio.hpp>
#include <urio/event.hpp>

#include <boost/program_options.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <thread>
#include <vector>

namespace net = urio;
namespace event = urio::event;
namespace po = boost::program_options;

using namespace std::chrono_literals;

namespace
{

class semaphore
{
public:
    std::uint32_t count() const noexcept { return count_; }

    /// Any thread, of a context or not.
    void release() noexcept
    {
        ++count_;
        event::futex_wake(count_).perform();
    }

    /// Can be cancelled, and has taken nothing then.
    net::awaitable<void> acquire()
    {
        auto const ex = co_await net::this_coro::executor;
        while (!try_acquire())
        {
            auto const [ec, result, wait] = co_await net::async_submit(
                ex, event::futex_wait(count_, 0), net::as_tuple(net::use_awaitable));
            // Not if it was released before the kernel looked.
            if (ec && ec != net::error::try_again)
                throw boost::system::system_error(ec, "acquire");
        }
    }

    /// The same with a limit: whether it was acquired.
    net::awaitable<bool> try_acquire_until(std::chrono::steady_clock::time_point end)
    {
        auto const ex = co_await net::this_coro::executor;
        while (!try_acquire())
        {
            auto const left = std::max(end - std::chrono::steady_clock::now(), 0ns);
            auto const [ec, results, chain] = co_await net::async_submit(
                ex, net::link_timeout(event::futex_wait(count_, 0), left),
                net::as_tuple(net::use_awaitable));
            // A limit that has not been reached is cancelled.
            if (std::get<1>(results).error != net::error::operation_aborted)
                co_return try_acquire();
            if (ec && ec != net::error::try_again)
                throw boost::system::system_error(ec, "try_acquire_until");
        }
        co_return true;
    }

private:
    bool try_acquire() noexcept
    {
        auto n = count_.load();
        while (n != 0 && !count_.compare_exchange_weak(n, n - 1))
            ;
        return n != 0;
    }

    event::futex_word count_{0};
};

net::awaitable<void> consume(semaphore& s, unsigned times, unsigned& acquired)
{
    for (; times != 0; --times)
    {
        co_await s.acquire();
        ++acquired;
    }
}

/// Of each there are several: of the coroutines on one thread.
unsigned run(semaphore& s, unsigned coroutines, unsigned threads, unsigned times)
{
    unsigned acquired = 0;
    std::exception_ptr error;
    net::io_context context(1);
    for (unsigned i = 0; i != coroutines; ++i)
        net::co_spawn(context, consume(s, threads * times, acquired),
                      [&](std::exception_ptr e) { error = e ? e : error; });

    std::vector<std::jthread> releasing;
    for (unsigned i = 0; i != threads; ++i)
        releasing.emplace_back(
            [&]
            {
                for (unsigned n = 0; n != coroutines * times; ++n)
                    s.release();
            });
    context.run();
    if (error)
        std::rethrow_exception(error);
    return acquired;
}

/// Whether there is one to be had.
bool is_there_one(semaphore& s)
{
    net::io_context context(1);
    auto const end = std::chrono::steady_clock::now() + 20ms;
    auto result = net::co_spawn(context, s.try_acquire_until(end), net::use_future);
    context.run();
    return result.get();
}

} // namespace

int main(int argc, char** argv)
try
{
    unsigned coroutines = 0, threads = 0, times = 0;
    po::options_description description("Usage: semaphore [options]");
    // clang-format off
    description.add_options()
        ("coroutines", po::value(&coroutines)->default_value(6), "how many acquire")
        ("threads", po::value(&threads)->default_value(3), "how many release")
        ("times", po::value(&times)->default_value(200), "how often each, for each other");
    // clang-format on
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, description), values);
    po::notify(values);

    semaphore s;
    std::cout << "at first " << (is_there_one(s) ? "one" : "none") << '\n';
    unsigned const acquired = run(s, coroutines, threads, times);
    std::cout << "acquired " << acquired << ", left " << s.count() << '\n';
    s.release();
    std::cout << "then " << (is_there_one(s) ? "one" : "none") << '\n';
    std::cout << "at last " << (is_there_one(s) ? "one" : "none") << '\n';
}
catch (const boost::system::system_error& e)
{
    std::cerr << "semaphore: " << e.what() << '\n';
    return e.code().category() == event::missing_operation() ? 77 : 1;
}
catch (const std::exception& e)
{
    std::cerr << "semaphore: " << e.what() << '\n';
    return 1;
}
