// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What timers cost, and how late they are, on a stock io_context, on urio::io_context and
// on a hosted loop: interleaved runs in one process, medians.
//
//   timers [ROUNDS]

#include "statistics.hpp"

#include <urio.hpp>

#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>
#include <random>
#include <tuple>
#include <utility>

namespace
{

namespace asio = boost::asio;
using boost::system::error_code;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

// In the order of the figures.
constexpr const char* figures[]{"arm and fire, one after another, ns",
                                "arm, 100,000 pending, ns",
                                "arm as the earliest, ns",
                                "move, 100,000 pending, ns",
                                "cancel, 100,000 pending, with its handler, ns",
                                "lateness of one at a time, p50, us",
                                "lateness of one at a time, p99, us",
                                "lateness of 1,000 at a time, p50, us",
                                "lateness of 1,000 at a time, p99, us"};
using result = std::array<double, std::size(figures)>;

double cpu_ns()
{
    ::timespec t;
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

// The processor time of a function for each of n.
template <class Function>
double cost(unsigned n, Function f)
{
    double const begin = cpu_ns();
    f();
    return (cpu_ns() - begin) / n;
}

void none(error_code) {}

double fire_one_after_another(asio::io_context& c)
{
    constexpr unsigned n = 50'000;
    asio::steady_timer t(c);
    unsigned left = n;
    std::function<void()> again = [&]
    {
        t.expires_after(1us);
        t.async_wait(
            [&](error_code)
            {
                if (--left)
                    again();
            });
    };
    return cost(n,
                [&]
                {
                    again();
                    c.restart();
                    c.run();
                });
}

// How late timers are that are set for times in the future, microseconds, in order. The
// processor has been idle, or at work for others, in between.
std::vector<double> lateness(asio::io_context& c, unsigned at_a_time, unsigned rounds)
{
    std::vector<asio::steady_timer> timers;
    for (unsigned i = 0; i != at_a_time; ++i)
        timers.emplace_back(c);
    std::vector<double> late;
    std::minstd_rand random(1);
    for (unsigned round = 0; round != rounds; ++round)
    {
        for (asio::steady_timer& t : timers)
        {
            t.expires_after(std::chrono::microseconds(200 + random() % 20'000));
            t.async_wait(
                [&](error_code)
                {
                    late.push_back(std::chrono::duration<double, std::micro>(
                                       clock_type::now() - t.expiry())
                                       .count());
                });
        }
        c.restart();
        c.run();
    }
    std::sort(late.begin(), late.end());
    return late;
}

// The functions are called in a handler, as most timers are set: the loop does not wait.
result measure(asio::io_context& c)
{
    result r{};
    constexpr unsigned n = 100'000;
    r[0] = fire_one_after_another(c);
    {
        std::vector<asio::steady_timer> timers;
        timers.reserve(n);
        for (unsigned i = 0; i != n; ++i)
            timers.emplace_back(c);
        auto const base = clock_type::now() + 1h;
        auto const arm = [&](auto when)
        {
            return cost(n,
                        [&]
                        {
                            for (unsigned i = 0; i != n; ++i)
                            {
                                timers[i].expires_at(when(i));
                                timers[i].async_wait(none);
                            }
                        });
        };
        // Pending handlers are cancelled with the move, and run after it.
        auto const cancel = [&]
        {
            return cost(n,
                        [&]
                        {
                            for (asio::steady_timer& t : timers)
                                t.cancel();
                            c.restart();
                            c.poll();
                        });
        };
        asio::post(c,
                   [&]
                   {
                       r[1] = arm([&](unsigned i)
                                  { return base + std::chrono::microseconds(i); });
                       r[3] = arm([&](unsigned i)
                                  { return base + std::chrono::microseconds(n - i); });
                   });
        c.restart();
        c.poll();
        r[4] = cancel();
        asio::post(c,
                   [&] {
                       r[2] = arm([&](unsigned i)
                                  { return base - std::chrono::microseconds(i); });
                   });
        c.restart();
        c.poll();
        cancel();
    }
    auto const percentiles = [](const std::vector<double>& late)
    { return std::pair(late[late.size() / 2], late[late.size() * 99 / 100]); };
    std::tie(r[5], r[6]) = percentiles(lateness(c, 1, 100));
    std::tie(r[7], r[8]) = percentiles(lateness(c, 1000, 20));
    return r;
}

} // namespace

int main(int argc, char** argv)
{
    int const rounds = argc > 1 ? std::atoi(argv[1]) : 7;
    std::map<std::string, std::vector<result>> results;
    for (int round = 0; round != rounds; ++round)
    {
        {
            asio::io_context c(1);
            results["asio"].push_back(measure(c));
        }
        {
            urio::io_context c(1);
            urio::backend_of(c);
            results["urio"].push_back(measure(c));
        }
        {
            asio::io_context c(1);
            asio::steady_timer brings_the_reactor(c);
            urio::backend_of(c);
            results["hosted"].push_back(measure(c));
        }
    }
    std::printf("%-46s %10s %10s %10s\n", "", "asio", "urio", "hosted");
    for (std::size_t i = 0; i != std::size(figures); ++i)
    {
        std::printf("%-46s", figures[i]);
        for (const char* const loop : {"asio", "urio", "hosted"})
        {
            std::vector<double> values;
            for (const result& r : results[loop])
                values.push_back(r[i]);
            std::printf(" %10.1f", bench::median(values));
        }
        std::printf("\n");
    }
}
