// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "server.hpp"

#include "../common/command_line.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace bench
{
namespace
{

using words = std::vector<std::string>;

bool contains(const words& w, const std::string& word)
{
    return std::find(w.begin(), w.end(), word) != w.end();
}

// Tells what nothing has from what this program does not have.
void check(const std::string& option, const std::string& word, const words& all,
           const words& has)
{
    if (!contains(all, word))
        throw std::invalid_argument("there is no " + option + " " + word);
    if (!contains(has, word))
        cannot_run("this program does not have the " + option + " " + word);
}

void check(const server_options& o, const server_abilities& has)
{
    check("protocol", o.protocol, {"tcp", "udp", "unix"}, has.protocols);
    check("mode", o.mode, {"", "shared", "exclusive", "hosted", "epoll", "poll"},
          has.modes);
    check("work", o.work, {"echo", "sink", "source"}, has.works);
    check("style", o.style, {"callback", "coroutine", "stream", "multishot"}, has.styles);
    if (o.work != "echo" && o.protocol == "udp")
        cannot_run("the work " + o.work + " is for streams");
    if ((o.style == "stream" || o.style == "multishot") &&
        (o.work != "echo" || o.protocol == "udp"))
        cannot_run("the style " + o.style + " is for echoes of bytes");
    if (o.threads > has.threads)
        cannot_run("this program does not have so many threads");
    if (o.threads == 0 || o.buffer == 0 || o.buffer > 1 << 30)
        throw std::invalid_argument("at least a thread, and a buffer of up to 1 GiB");
    if (o.protocol == "unix" &&
        (o.path.empty() || o.path.size() >= sizeof sockaddr_un::sun_path))
        throw std::invalid_argument("a Unix domain socket needs a path, a short one");
}

void prepare_process()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    std::signal(SIGPIPE, SIG_IGN);
}

// A socket that an earlier server has left is in the way.
void remove_socket(const char* path)
{
    struct stat is;
    if (::lstat(path, &is) == 0 && S_ISSOCK(is.st_mode))
        ::unlink(path);
}

void bind(const server_options& o, int socket)
{
    sockaddr_un local{};
    sockaddr_in loopback{};
    auto* address = reinterpret_cast<sockaddr*>(&loopback);
    socklen_t length = sizeof loopback;
    loopback.sin_family = AF_INET;
    loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (o.protocol == "unix")
    {
        remove_socket(o.path.c_str());
        local.sun_family = AF_UNIX;
        std::memcpy(local.sun_path, o.path.c_str(), o.path.size() + 1);
        address = reinterpret_cast<sockaddr*>(&local);
        length = sizeof local;
    }
    if (::bind(socket, address, length) != 0)
        fail("bind", errno);
}

} // namespace

server_options start_server(int argc, char** argv, const server_abilities& has)
try
{
    server_options o;
    po::options_description options = program_options("A server to be measured");
    auto add = options.add_options();
    add("protocol", po::value(&o.protocol)->default_value("tcp"), "tcp, udp or unix");
    add("mode", po::value(&o.mode)->default_value(""), "a form of this program");
    add("work", po::value(&o.work)->default_value("echo"), "echo, sink or source");
    add("style", po::value(&o.style)->default_value("callback"),
        "callback, coroutine, stream or multishot");
    add("path", po::value(&o.path)->default_value(""), "of the Unix domain socket");
    add("buffer", po::value(&o.buffer)->default_value(4096), "bytes at a time");
    add("threads", po::value(&o.threads)->default_value(1), "threads that serve");
    po::variables_map values = read_command_line(argc, argv, options);
    po::notify(values);
    if (o.mode.empty())
        o.mode = has.modes.front();
    check(o, has);
    prepare_process();
    return o;
}
catch (const std::exception& e)
{
    refuse_command_line(argv[0], e);
}

int server_socket(const server_options& o, int flags)
{
    bool const stream = o.protocol != "udp";
    int const family = o.protocol == "unix" ? AF_UNIX : AF_INET;
    int const type = stream ? SOCK_STREAM : SOCK_DGRAM;
    int const socket = ::socket(family, type | SOCK_CLOEXEC | flags, 0);
    if (socket < 0)
        fail("socket", errno);
    bind(o, socket);
    if (stream && ::listen(socket, 4096) != 0)
        fail("listen", errno);
    // For bursts; the system gives as much of it as it allows.
    int const size = 4 << 20;
    if (!stream)
        ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    return socket;
}

void print_port(const server_options& o, int socket)
{
    sockaddr_in address{};
    socklen_t length = sizeof address;
    if (o.protocol != "unix" &&
        ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        fail("getsockname", errno);
    std::cout << ntohs(address.sin_port) << std::endl;
}

void set_up_connection(const server_options& o, int connection)
{
    int const on = 1;
    if (o.protocol == "tcp")
        ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void check_accept(int error)
{
    if (error != ECONNABORTED && error != EINTR)
        fail("accept", error);
}

} // namespace bench
