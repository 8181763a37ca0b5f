// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the servers that are measured have in common: what one is asked to do, its socket,
// and where it keeps its connections.
//
// A server listens on 127.0.0.1, or on the Unix domain socket that it is given, prints
// its port in a line (0 if it has none), serves any number of connections one after
// another or at once, and ends with status 0 when its standard input, which is a pipe, a
// socket or a terminal, ends or has anything to read.
#pragma once

#include "../file/work.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bench
{

struct server_options
{
    std::string protocol; // tcp, udp or unix
    std::string mode;     // which of the forms that the program has
    std::string work;     // echo, sink or source; the last two on streams only
    std::string style;    // callback or coroutine, of programs on Asio
    std::string path;     // of the Unix domain socket
    std::size_t buffer;   // bytes received or sent at a time, at most
    unsigned threads;     // that serve, of programs on Asio
};

// What a program can be asked for; the first mode is what it does without being asked.
struct server_abilities
{
    std::vector<std::string> modes = {""};
    std::vector<std::string> protocols = {"tcp", "udp", "unix"};
    std::vector<std::string> works = {"echo", "sink", "source"};
    std::vector<std::string> styles = {"callback"};
    unsigned threads = 1; // at most
};

// Prepares the process: as many descriptors as there may be, and no SIGPIPE. Ends the
// program with a usage text, if it is asked for, or if the options are wrong; and by
// cannot_run, if the program does not have what it is asked for.
server_options start_server(int argc, char** argv, const server_abilities& has);

// The socket that listens, or that datagrams come to. The flags are those of socket(2).
int server_socket(const server_options& o, int flags);

// Prints the port of the socket.
void print_port(const server_options& o, int socket);

// Sets the options of a connection that has been accepted.
void set_up_connection(const server_options& o, int connection);

// Ends the program unless it is an error that concerns but one connection, which has gone
// before it was accepted.
void check_accept(int error);

// Objects, each with a number by which it is found again. The numbers of those that are
// gone are given to others.
template <class T>
class slots
{
public:
    // Constructs one from its number and the arguments.
    template <class... Arguments>
    T& add(Arguments&&... arguments)
    {
        if (free_.empty())
        {
            free_.push_back(slots_.size());
            slots_.emplace_back();
        }
        std::size_t const number = free_.back();
        slots_[number] =
            std::make_unique<T>(number, std::forward<Arguments>(arguments)...);
        free_.pop_back();
        return *slots_[number];
    }

    // There is one with this number.
    void remove(std::size_t number)
    {
        slots_[number].reset();
        free_.push_back(number);
    }

    // Null if there is none.
    T* find(std::size_t number) { return slots_[number].get(); }

private:
    std::vector<std::unique_ptr<T>> slots_;
    std::vector<std::size_t> free_;
};

} // namespace bench
