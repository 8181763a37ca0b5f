// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Runs echo servers one after another, round by round, under the same load, and
// compares the processor time that each needs for a round trip.

#include "statistics.hpp"

#include <boost/program_options.hpp>

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <map>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace
{

using clock_type = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

void pin(int cpu)
{
    if (::sysconf(_SC_NPROCESSORS_ONLN) < 2)
        return;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    ::sched_setaffinity(0, sizeof set, &set);
}

struct measurement
{
    double cpu_us; // processor time of the server per round trip
    double rate;   // round trips per second
    double enters; // io_uring_enter calls per round trip, if the server counts them
};

// A server in a process of its own. It prints its port first, and at its end what it has
// counted.
class server
{
public:
    explicit server(const std::string& command)
    {
        int in[2], out[2];
        if (::pipe(in) != 0 || ::pipe(out) != 0)
            fail("pipe");
        pid_ = ::fork();
        if (pid_ < 0)
            fail("fork");
        if (pid_ == 0)
        {
            ::dup2(in[0], 0);
            ::dup2(out[1], 1);
            for (int fd : {in[0], in[1], out[0], out[1]})
                ::close(fd);
            pin(0);
            bench::execute(command);
        }
        ::close(in[0]);
        ::close(out[1]);
        stop_ = in[1];
        output_ = ::fdopen(out[0], "r");
        if (std::fscanf(output_, "%d", &port_) != 1)
            throw std::runtime_error("the server did not start: " + command);
    }

    int port() const { return port_; }

    // Processor seconds so far.
    double cpu() const
    {
        std::string const path = "/proc/" + std::to_string(pid_) + "/schedstat";
        std::FILE* f = std::fopen(path.c_str(), "r");
        unsigned long long ns = 0;
        if (!f || std::fscanf(f, "%llu", &ns) != 1)
            fail("schedstat");
        std::fclose(f);
        return static_cast<double>(ns) * 1e-9;
    }

    // Ends it. Returns the number that it printed last, 0 if none.
    unsigned long long stop()
    {
        ::close(stop_);
        unsigned long long n = 0;
        if (std::fscanf(output_, "%llu", &n) != 1)
            n = 0;
        std::fclose(output_);
        ::waitpid(pid_, nullptr, 0);
        return n;
    }

private:
    ::pid_t pid_ = -1;
    int stop_ = -1;
    std::FILE* output_ = nullptr;
    int port_ = 0;
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
        total += l.run(time / 5); // warm-up
        double const before = s.cpu();
        auto const begin = clock_type::now();
        std::uint64_t const n = l.run(time);
        std::chrono::duration<double> const elapsed = clock_type::now() - begin;
        m.cpu_us = (s.cpu() - before) * 1e6 / static_cast<double>(n);
        m.rate = static_cast<double>(n) / elapsed.count();
        total += n;
    }
    m.enters = static_cast<double>(s.stop()) / static_cast<double>(total);
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

    std::printf("%11s  %-44s %9s %7s %10s %8s\n", "connections", "server", "cpu us/rt",
                "ratio", "rt/s", "enter/rt");
    for (unsigned const n : connections)
    {
        std::map<std::string, std::vector<measurement>> results;
        for (unsigned round = 0; round != rounds; ++round)
            for (const std::string& command : commands)
                results[command].push_back(
                    measure(command, n, size, std::chrono::milliseconds(milliseconds)));

        for (const std::string& command : commands)
        {
            std::vector<double> cpu, ratio, rate, enters;
            for (unsigned round = 0; round != rounds; ++round)
            {
                const measurement& m = results[command][round];
                cpu.push_back(m.cpu_us);
                ratio.push_back(m.cpu_us / results[commands[0]][round].cpu_us);
                rate.push_back(m.rate);
                enters.push_back(m.enters);
            }
            std::string const name = bench::without_folder(command);
            std::printf("%11u  %-44s %9.3f %7.3f %10.0f %8.3f\n", n, name.c_str(),
                        bench::median(cpu), bench::median(ratio), bench::median(rate),
                        bench::median(enters));
        }
        std::fflush(stdout);
    }
}
catch (const std::exception& e)
{
    std::cerr << "echo_load: " << e.what() << '\n';
    return 1;
}
