// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What a load is asked for, and what it finds out. Each kind of load is a function in a
// file of its own.
#pragma once

#include "server_process.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bench
{

enum class protocol
{
    tcp,
    udp,
    unix_stream,
};

struct load_options
{
    std::string server; // the command, without what the load adds to it
    protocol over = protocol::tcp;
    std::string work = "echo";
    std::string path; // of the Unix domain socket
    unsigned connections = 1;
    std::size_t size = 64;        // bytes of a message, or of a block of a stream
    unsigned window = 1;          // messages on their way on each connection
    double rate = 0;              // messages per second, all together, of a paced load
    double seconds = 0;           // how long; 0: as long as the operations take
    std::uint64_t operations = 0; // how many; 0: as many as there is time for
    bool verify = false;          // look at all bytes
    bool count = false;           // count system calls, which takes time
    bool pinned = true;           // server and load have a processor each
};

struct outcome
{
    std::uint64_t operations = 0;
    std::uint64_t bytes = 0;
    std::uint64_t lost = 0; // datagrams that had to be sent again
    double seconds = 0;
    usage used; // by the server
    std::vector<double> latencies_us;
    std::optional<double> resident_per_connection; // bytes
};

/// Messages go to and fro, `window` at a time on each connection.
outcome echo(server_process& server, const load_options& options);

/// Messages are sent at a fixed rate, whether or not answers have come; a latency is the
/// time from when a message was due.
outcome paced_echo(server_process& server, const load_options& options);

/// Connections are made, carry one message to and fro, and are closed.
outcome connections(server_process& server, const load_options& options);

/// Blocks go to the server, as many as it takes.
outcome upload(server_process& server, const load_options& options);

/// Blocks come from the server, as many as it sends.
outcome download(server_process& server, const load_options& options);

/// Connections do nothing, and take memory.
outcome idle(server_process& server, const load_options& options);

} // namespace bench
