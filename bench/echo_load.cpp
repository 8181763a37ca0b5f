// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Runs echo servers one after another, round by round, under the same load, and
// compares the processor time that each needs for a round trip.

#include "server_process.hpp"
#include "statistics.hpp"

#include <boost/program_options.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <map>
#include <netinet/tcp.h>
#include <string>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace
{

using clock_type = std::chrono::steady_clock;

using bench::fail;
using bench::pin;
using bench::server;

struct measurement
{
    double cpu_us; // processor time of the server per round trip
    double rate;   // round trips per second
    double waits;  // calls that wait per round trip, if the server counts them
};

// Keeps one message in flight on every connection.
class load
{
public:
    load(int port, unsigned connections, std::size_t size)
        : message_(size, 'x')
        , epoll_(::epoll_create1(EPOLL_CLOEXEC))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        for (unsigned i = 0; i != connections; ++i)
        {
            int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            if (fd < 0 ||
                ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
                fail("connect");
            int const on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            epoll_event event{EPOLLIN, {}};
            event.data.u32 = i;
            if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0)
                fail("epoll_ctl");
            sockets_.push_back(fd);
            missing_.push_back(size);
        }
        for (int const fd : sockets_)
            send(fd);
    }

    ~load()
    {
        for (int const fd : sockets_)
            ::close(fd);
        ::close(epoll_);
    }

    // Returns the number of round trips.
    std::uint64_t run(clock_type::duration time)
    {
        std::uint64_t round_trips = 0;
        auto const end = clock_type::now() + time;
        std::vector<char> buffer(65536);
        epoll_event events[256];
        while (clock_type::now() < end)
        {
            int const n = ::epoll_wait(epoll_, events, 256, 100);
            for (int i = 0; i < n; ++i)
            {
                unsigned const index = events[i].data.u32;
                ::ssize_t const got =
                    ::recv(sockets_[index], buffer.data(), missing_[index], 0);
                if (got <= 0)
                    fail("recv");
                if ((missing_[index] -= static_cast<std::size_t>(got)) != 0)
                    continue;
                missing_[index] = message_.size();
                ++round_trips;
                send(sockets_[index]);
            }
        }
        return round_trips;
    }

private:
    void send(int fd)
    {
        std::size_t sent = 0;
        while (sent != message_.size())
        {
            ::ssize_t const n =
                ::send(fd, message_.data() + sent, message_.size() - sent, MSG_NOSIGNAL);
            if (n <= 0)
                fail("send");
            sent += static_cast<std::size_t>(n);
        }
    }

    std::string message_;
    int epoll_;
    std::vector<int> sockets_;
    std::vector<std::size_t> missing_;
};

measurement measure(const std::string& command, unsigned connections, std::size_t size,
                    std::chrono::milliseconds time)
{
    server s(command);
    measurement m{};
    std::uint64_t total = 0;
    {
        load l(s.port(), connections, size);
        while (total < connections) // warm-up, until it serves all of them
            total += l.run(time / 5);
        double before;
        std::uint64_t n;
        clock_type::time_point begin;
        do // on a busy machine a server may not have run in all the time
        {
            before = s.cpu();
            begin = clock_type::now();
            n = l.run(time);
            total += n;
        } while (n < connections);
        std::chrono::duration<double> const elapsed = clock_type::now() - begin;
        m.cpu_us = (s.cpu() - before) * 1e6 / static_cast<double>(n);
        m.rate = static_cast<double>(n) / elapsed.count();
    }
    m.waits = static_cast<double>(s.stop()) / static_cast<double>(total);
    return m;
}

} // namespace

int main(int argc, char** argv)
try
{
    namespace po = boost::program_options;
    std::vector<std::string> commands;
    std::vector<unsigned> connections;
    unsigned rounds, milliseconds;
    std::size_t size;
    po::options_description options("echo_load: compares echo servers");
    options.add_options()("help", "show this text")(
        "server", po::value(&commands)->required(),
        "the command of a server, repeated; ratios are to the first")(
        "connections",
        po::value(&connections)
            ->multitoken()
            ->default_value({1, 32, 256, 1000}, "1 32 256 1000"),
        "numbers of connections")("rounds", po::value(&rounds)->default_value(5),
                                  "rounds")("time",
                                            po::value(&milliseconds)->default_value(1000),
                                            "milliseconds of each measurement")(
        "size", po::value(&size)->default_value(64), "bytes of a message");
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, options), values);
    if (values.count("help"))
    {
        std::cout << options;
        return 0;
    }
    po::notify(values);

    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    pin(1);

    // One that was not built, for want of what it is built with, is no reason to stop.
    std::erase_if(commands,
                  [](const std::string& command)
                  {
                      bool const there = bench::is_there(command);
                      if (!there)
                          std::printf("left out, for it is not there: %s\n",
                                      command.c_str());
                      return !there;
                  });

    std::printf("%11s  %-44s %9s %7s %13s %10s %8s\n", "connections", "server",
                "cpu us/rt", "ratio", "(min-max)", "rt/s", "wait/rt");
    for (unsigned const n : connections)
    {
        std::map<std::string, std::vector<measurement>> results;
        for (unsigned round = 0; round != rounds; ++round)
            for (const std::string& command : commands)
                results[command].push_back(
                    measure(command, n, size, std::chrono::milliseconds(milliseconds)));

        for (const std::string& command : commands)
        {
            std::vector<double> cpu, ratio, rate, waits;
            for (unsigned round = 0; round != rounds; ++round)
            {
                const measurement& m = results[command][round];
                cpu.push_back(m.cpu_us);
                ratio.push_back(m.cpu_us / results[commands[0]][round].cpu_us);
                rate.push_back(m.rate);
                waits.push_back(m.waits);
            }
            std::string const name = bench::without_folder(command);
            auto const [least, most] = std::minmax_element(ratio.begin(), ratio.end());
            std::printf("%11u  %-44s %9.3f %7.3f (%.3f-%.3f) %10.0f %8.3f\n", n,
                        name.c_str(), bench::median(cpu), bench::median(ratio), *least,
                        *most, bench::median(rate), bench::median(waits));
        }
        std::fflush(stdout);
    }
}
catch (const std::exception& e)
{
    std::cerr << "echo_load: " << e.what() << '\n';
    return 1;
}
