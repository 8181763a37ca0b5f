// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Puts a load on one server, and prints what came of it as a line of JSON. tools/bench
// runs it for each contestant in turn.

#include "load.hpp"
#include "../common/command_line.hpp"

#include <boost/json/src.hpp>

#include <algorithm>
#include <iostream>
#include <map>
#include <sys/resource.h>
#include <unistd.h>

namespace
{

using namespace bench;

load_options parse(int argc, char** argv)
{
    load_options o;
    std::string over;
    bool floating = false;
    po::options_description options =
        program_options("Puts a load on a server, prints what came of it as JSON");
    auto add = options.add_options();
    add("server", po::value(&o.server)->required(), "the server's command");
    add("protocol", po::value(&over)->default_value("tcp"), "tcp, udp or unix");
    add("path", po::value(&o.path)->default_value(""), "of the unix socket");
    add("work", po::value(&o.work)->default_value("echo"),
        "echo, paced, connections, upload, download or idle");
    add("connections", po::value(&o.connections)->default_value(1), "how many");
    add("size", po::value(&o.size)->default_value(64), "bytes of a message or block");
    add("window", po::value(&o.window)->default_value(1),
        "messages on their way on each connection (echo)");
    add("rate", po::value(&o.rate)->default_value(0), "messages per second (paced)");
    add("seconds", po::value(&o.seconds)->default_value(0), "how long; 0: no limit");
    add("operations", po::value(&o.operations)->default_value(0),
        "how many; 0: no limit");
    add("verify", po::bool_switch(&o.verify), "look at all bytes");
    add("count", po::bool_switch(&o.count), "count system calls");
    add("floating", po::bool_switch(&floating),
        "the server may use all processors, not one that the load does not use");
    po::variables_map values = read_command_line(argc, argv, options);
    po::notify(values);
    std::map<std::string, protocol> const protocols{
        {"tcp", protocol::tcp}, {"udp", protocol::udp}, {"unix", protocol::unix_stream}};
    if (!protocols.count(over))
        throw std::invalid_argument("a protocol is tcp, udp or unix");
    o.over = protocols.at(over);
    o.pinned = !floating;
    if (o.connections == 0 || o.connections > 20000 || o.size == 0 ||
        o.size > (1 << 20) || o.window == 0 || o.window > 1024)
        throw std::invalid_argument("1 to 20000 connections, messages of 1 byte to 1 "
                                    "MiB, a window of 1 to 1024");
    if (o.over == protocol::udp && (o.work != "echo" || o.window != 1))
        throw std::invalid_argument("over udp there is echo with a window of 1 only");
    if (o.operations == 0 && o.seconds <= 0 && o.work != "idle")
        throw std::invalid_argument(
            "without --operations and --seconds it would not end");
    if (o.over == protocol::unix_stream && o.path.empty())
        throw std::invalid_argument("unix needs a path");
    o.server += " --protocol " + over;
    if (o.over == protocol::unix_stream)
        o.server += " --path " + o.path;
    if (o.work == "upload" || o.work == "download")
        o.server += o.work == "upload" ? " --work sink" : " --work source";
    return o;
}

outcome run(server_process& server, const load_options& o)
{
    std::map<std::string, outcome (*)(server_process&, const load_options&)> const works{
        {"echo", echo},     {"paced", paced_echo},  {"connections", connections},
        {"upload", upload}, {"download", download}, {"idle", idle}};
    auto const found = works.find(o.work);
    if (found == works.end())
        throw std::invalid_argument("there is no work " + o.work);
    return found->second(server, o);
}

// Nothing if there are none.
boost::json::value percentiles(std::vector<double> latencies)
{
    if (latencies.empty())
        return nullptr;
    std::sort(latencies.begin(), latencies.end());
    auto const at = [&](double share)
    {
        auto const n = static_cast<double>(latencies.size() - 1);
        return latencies[static_cast<std::size_t>(share * n)];
    };
    return {{"p50", at(0.5)},
            {"p90", at(0.9)},
            {"p99", at(0.99)},
            {"p99.9", at(0.999)},
            {"max", at(1)}};
}

void print(const load_options& o, const outcome& result)
{
    double const user = result.used.seconds * result.used.user_share();
    boost::json::object line{{"operations", result.operations},
                             {"bytes", result.bytes},
                             {"seconds", result.seconds},
                             {"user", user},
                             {"system", result.used.seconds - user},
                             {"system_calls", nullptr},
                             {"lost", result.lost},
                             {"verified", o.verify},
                             {"latency_us", percentiles(result.latencies_us)},
                             {"resident_per_connection", nullptr}};
    if (result.used.system_calls)
        line["system_calls"] = *result.used.system_calls;
    if (result.resident_per_connection)
        line["resident_per_connection"] = *result.resident_per_connection;
    std::cout << line << std::endl;
}

} // namespace

int main(int argc, char** argv)
try
{
    load_options const o = parse(argc, argv);
    ::rlimit descriptors{};
    ::getrlimit(RLIMIT_NOFILE, &descriptors);
    descriptors.rlim_cur = descriptors.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &descriptors);
    if (!o.path.empty())
        ::unlink(o.path.c_str());
    server_process server(o.server, o.count, o.pinned);
    if (o.pinned)
        pin(1);
    outcome const result = run(server, o);
    server.stop();
    if (!o.path.empty())
        ::unlink(o.path.c_str());
    print(o, result);
}
catch (const bench::left_out& e)
{
    std::cerr << e.what() << '\n';
    return 77;
}
catch (const std::exception& e)
{
    std::cerr << "load: " << e.what() << '\n';
    return 1;
}
