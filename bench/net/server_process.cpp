// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "server_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace bench
{
namespace
{

// Becomes the program.
[[noreturn]] void execute(const std::string& command)
{
    std::istringstream in(command);
    std::vector<std::string> words;
    for (std::string word; in >> word;)
        words.push_back(word);
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    std::perror(argv[0]);
    ::_exit(127);
}

std::string read_all(int descriptor)
{
    std::string text;
    char buffer[512];
    for (::ssize_t n; (n = ::read(descriptor, buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(n));
    return text;
}

[[noreturn]] void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

struct pipe
{
    pipe()
    {
        if (::pipe2(ends, O_CLOEXEC) != 0)
            fail("pipe2");
    }
    pipe(const pipe&) = delete;
    ~pipe()
    {
        close(0);
        close(1);
    }

    void close(int end)
    {
        if (ends[end] >= 0)
            ::close(ends[end]);
        ends[end] = -1;
    }

    int ends[2];
};

} // namespace

usage operator-(const usage& end, const usage& begin)
{
    usage u{end.seconds - begin.seconds, end.user_ticks - begin.user_ticks,
            end.system_ticks - begin.system_ticks, std::nullopt};
    if (end.system_calls && begin.system_calls)
        u.system_calls = *end.system_calls - *begin.system_calls;
    return u;
}

void pin(int processor)
{
    cpu_set_t allowed;
    if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        fail("sched_getaffinity");
    if (CPU_COUNT(&allowed) < 2)
        return;
    for (int cpu = 0; cpu != CPU_SETSIZE; ++cpu)
    {
        if (!CPU_ISSET(cpu, &allowed) || processor-- != 0)
            continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        if (::sched_setaffinity(0, sizeof one, &one) != 0)
            fail("sched_setaffinity");
        return;
    }
}

server_process::server_process(const std::string& command, bool count_system_calls,
                               bool pinned)
{
    pipe in, out, errors, go;
    pid_ = ::fork();
    if (pid_ < 0)
        fail("fork");
    if (pid_ == 0)
    {
        // Its counter comes first.
        go.close(1);
        char byte;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL); // it does not outlive the load
        (void)!::read(go.ends[0], &byte, 1);
        ::dup2(in.ends[0], 0);
        ::dup2(out.ends[1], 1);
        ::dup2(errors.ends[1], 2);
        if (pinned)
            pin(0);
        execute(command);
    }
    if (count_system_calls)
        counter_ = std::make_unique<system_call_counter>(pid_);
    go.close(1);
    for (pipe* const p : {&out, &errors})
        p->close(1);
    in.close(0);
    input_ = std::exchange(in.ends[1], -1);

    std::string line;
    for (char c; ::read(out.ends[0], &c, 1) == 1 && c != '\n';)
        line += c;
    char* end = nullptr;
    port_ = static_cast<int>(std::strtol(line.c_str(), &end, 10));
    if (!line.empty() && *end == '\0')
        return;
    std::string const reason = read_all(errors.ends[0]);
    if (int const status = wait(); WIFEXITED(status) && WEXITSTATUS(status) == 77)
        throw left_out(reason);
    throw std::runtime_error("the server did not start: " + command + ": " + reason);
}

server_process::~server_process()
{
    if (pid_ > 0)
    {
        ::kill(pid_, SIGKILL);
        wait();
    }
}

int server_process::wait()
{
    ::close(std::exchange(input_, -1));
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR)
    {
    }
    pid_ = -1;
    return status;
}

void server_process::stop()
{
    int const status = wait();
    if (status != 0)
        throw std::runtime_error("the server ended badly, with status " +
                                 std::to_string(status));
}

usage server_process::used() const
{
    usage u;
    std::string const folder = "/proc/" + std::to_string(pid_);
    for (const auto& thread : std::filesystem::directory_iterator(folder + "/task"))
    {
        std::ifstream in(thread.path() / "schedstat");
        double ns = 0;
        in >> ns;
        u.seconds += ns * 1e-9;
    }
    std::ifstream in(folder + "/stat");
    std::string text((std::istreambuf_iterator<char>(in)), {});
    // The name of the program may have spaces; the first field after it is the third.
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (int i = 3; i != 14; ++i)
        fields >> skipped;
    if (!(fields >> u.user_ticks >> u.system_ticks))
        throw std::runtime_error("what the server used is not to be had");
    if (counter_)
        u.system_calls = counter_->count();
    return u;
}

double server_process::resident() const
{
    std::ifstream in("/proc/" + std::to_string(pid_) + "/smaps_rollup");
    for (std::string word; in >> word;)
        if (double kib; word == "Rss:" && in >> kib)
            return kib * 1024;
    throw std::runtime_error("the server's memory is not to be had");
}

} // namespace bench
