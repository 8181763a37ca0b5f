// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An HTTP/1.1 server of the files below a directory, on Beast and coroutines. The
// same source runs on urio and on stock Asio: net.hpp tells which.
#include "server.hpp"

#include <boost/program_options.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace po = boost::program_options;

namespace
{

struct server_options
{
    std::string directory;
    std::string address;
    unsigned short port = 0;
    server_limits limits;
};

/// Throws po::error for a command line that is wrong, and returns false if all is
/// said already.
bool parse(int argc, char** argv, server_options& options)
{
    po::options_description description(
        "Usage: file_server [options] DIRECTORY\n"
        "Serves the files below DIRECTORY until SIGINT or SIGTERM.\n\nOptions");
    // clang-format off
    description.add_options()
        ("help,h", "print this and exit")
        ("address,a", po::value(&options.address)->default_value("127.0.0.1"),
         "the IP address to listen on")
        ("port,p", po::value(&options.port)->default_value(8080),
         "the port; 0 for any that is free")
        ("timeout,t", po::value(&options.limits.patience)->default_value(30),
         "close connections that make no progress for as many seconds")
        ("directory", po::value(&options.directory), "the directory");
    // clang-format on
    po::positional_options_description positional;
    positional.add("directory", 1);
    po::variables_map values;
    po::store(po::command_line_parser(argc, argv)
                  .options(description)
                  .positional(positional)
                  .run(),
              values);
    if (values.count("help"))
    {
        std::cout << description;
        return false;
    }
    po::notify(values);
    if (options.directory.empty())
        throw po::error("which directory? See --help");
    return true;
}

} // namespace

int main(int argc, char** argv)
try
{
    server_options options;
    if (!parse(argc, argv, options))
        return 0;

    net::io_context context(1);
    file_server server(context, options.directory,
                       {net::ip::make_address(options.address), options.port},
                       options.limits);

    net::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code, int) { context.stop(); });
    server.start();
    server.start_clock();

    std::cout << "http://" << server.local_endpoint() << " serves " << options.directory
              << " (" << backend_name(context) << ")" << std::endl;
    context.run();
    return 0;
}
catch (const std::exception& e)
{
    std::cerr << "file_server: " << e.what() << '\n';
    return 1;
}
