// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Tells what carries out urio's operations on this machine, why, and what its kernel's
// io_uring knows.

#include <urio.hpp>

#include <boost/json/src.hpp>
#include <boost/program_options.hpp>

#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <sys/utsname.h>
#include <vector>

namespace
{

namespace json = boost::json;
namespace po = boost::program_options;

// By number, as in linux/io_uring.h of Linux 6.16.
constexpr std::string_view operation_names[] = {
    "NOP",
    "READV",
    "WRITEV",
    "FSYNC",
    "READ_FIXED",
    "WRITE_FIXED",
    "POLL_ADD",
    "POLL_REMOVE",
    "SYNC_FILE_RANGE",
    "SENDMSG",
    "RECVMSG",
    "TIMEOUT",
    "TIMEOUT_REMOVE",
    "ACCEPT",
    "ASYNC_CANCEL",
    "LINK_TIMEOUT",
    "CONNECT",
    "FALLOCATE",
    "OPENAT",
    "CLOSE",
    "FILES_UPDATE",
    "STATX",
    "READ",
    "WRITE",
    "FADVISE",
    "MADVISE",
    "SEND",
    "RECV",
    "OPENAT2",
    "EPOLL_CTL",
    "SPLICE",
    "PROVIDE_BUFFERS",
    "REMOVE_BUFFERS",
    "TEE",
    "SHUTDOWN",
    "RENAMEAT",
    "UNLINKAT",
    "MKDIRAT",
    "SYMLINKAT",
    "LINKAT",
    "MSG_RING",
    "FSETXATTR",
    "SETXATTR",
    "FGETXATTR",
    "GETXATTR",
    "SOCKET",
    "URING_CMD",
    "SEND_ZC",
    "SENDMSG_ZC",
    "READ_MULTISHOT",
    "WAITID",
    "FUTEX_WAIT",
    "FUTEX_WAKE",
    "FUTEX_WAITV",
    "FIXED_FD_INSTALL",
    "FTRUNCATE",
    "BIND",
    "LISTEN",
    "RECV_ZC",
    "EPOLL_WAIT",
    "READV_FIXED",
    "WRITEV_FIXED",
    "PIPE",
};

constexpr std::string_view feature_names[] = {
    "SINGLE_MMAP", "NODROP",      "SUBMIT_STABLE",   "RW_CUR_POS",   "CUR_PERSONALITY",
    "FAST_POLL",   "POLL_32BITS", "SQPOLL_NONFIXED", "EXT_ARG",      "NATIVE_WORKERS",
    "RSRC_TAGS",   "CQE_SKIP",    "LINKED_FILE",     "REG_REG_RING", "RECVSEND_BUNDLE",
    "MIN_TIMEOUT", "RW_ATTR",     "NO_IOWAIT",
};

template <std::size_t N>
std::string name_of(const std::string_view (&names)[N], std::size_t number)
{
    return number < N ? std::string(names[number]) : std::to_string(number);
}

std::string kernel()
{
    ::utsname name{};
    return ::uname(&name) == 0 ? std::string(name.sysname) + " " + name.release
                               : "unknown";
}

std::vector<std::string> operations_of(const urio::uring_features& f)
{
    std::vector<std::string> known;
    for (std::size_t i = 0; i != f.operations.size(); ++i)
        if (f.operations[i])
            known.push_back(name_of(operation_names, i));
    return known;
}

std::vector<std::string> features_of(const urio::uring_features& f)
{
    std::vector<std::string> known;
    for (std::size_t i = 0; i != 32; ++i)
        if (f.features & (1u << i))
            known.push_back(name_of(feature_names, i));
    return known;
}

urio::backend_choice choice_of(const std::string& name)
{
    using urio::backend_choice;
    std::map<std::string, backend_choice> const known{
        {"auto", backend_choice::automatic}, {"uring", backend_choice::uring},
        {"epoll", backend_choice::epoll},    {"kqueue", backend_choice::kqueue},
        {"poll", backend_choice::poll},      {"no_probe", backend_choice::no_probe}};
    auto const found = known.find(name);
    if (found == known.end())
        throw po::error("the argument of --backend must be auto, uring, epoll, kqueue, "
                        "poll or no_probe, not \"" +
                        name + "\"");
    return found->second;
}

void print(const char* title, const std::vector<std::string>& words)
{
    constexpr std::size_t indent = 12, width = 90;
    std::cout << std::left << std::setw(indent) << title;
    std::size_t column = indent;
    for (std::string const& word : words)
    {
        if (column + word.size() + 1 > width)
        {
            std::cout << '\n' << std::string(indent, ' ');
            column = indent;
        }
        std::cout << word << ' ';
        column += word.size() + 1;
    }
    std::cout << '\n';
}

void print_text(const urio::backend_info& info, const urio::uring_features* features)
{
    print("backend:", {urio::to_string(info.kind)});
    print("because:", {info.reason});
    print("kernel:", {kernel()});
    if (!features)
        return;
    print("io_uring:", {features->available ? "available" : features->reason});
    if (!features->available)
        return;
    print("features:", features_of(*features));
    print("operations:", operations_of(*features));
}

void print_json(const urio::backend_info& info, const urio::uring_features* features)
{
    json::object o;
    o["backend"] = urio::to_string(info.kind);
    o["reason"] = info.reason;
    if (info.error)
        o["error"] = {{"category", info.error.category().name()},
                      {"value", info.error.value()},
                      {"message", info.error.message()}};
    o["kernel"] = kernel();
    if (features)
    {
        json::object& u = o["io_uring"].emplace_object();
        u["available"] = features->available;
        u["reason"] = features->reason;
        u["setup_flags"] = info.setup_flags;
        u["entries"] = info.entries;
        u["features"] = json::value_from(features_of(*features));
        u["operations"] = json::value_from(operations_of(*features));
    }
    std::cout << o << '\n';
}

int probe(int argc, char** argv)
{
    std::string backend = "auto";
    po::options_description options("Tells which backend urio uses here, and why.\n\n"
                                    "Usage: urio-probe [options]\n\nOptions");
    options.add_options()("help", "print this and exit")("json",
                                                         "print JSON instead of text")(
        "backend", po::value(&backend)->value_name("NAME"),
        "what to ask for: auto (which obeys URIO_BACKEND), uring, epoll, kqueue, poll, "
        "no_probe (which makes no call to io_uring)");
    po::variables_map given;
    po::store(po::command_line_parser(argc, argv)
                  .options(options)
                  .positional(po::positional_options_description())
                  .run(),
              given);
    po::notify(given);
    if (given.count("help"))
    {
        std::cout << options
                  << "\nExit status: 0 for io_uring, 3 for a reactor, 4 if there is no "
                     "backend.\n";
        return 0;
    }

    urio::uring_options wanted;
    wanted.backend = choice_of(backend);
    urio::io_context context(wanted);
    urio::backend_info const info = urio::backend_of(context);
    urio::uring_features features;
    const char* const environment = std::getenv("URIO_BACKEND");
    bool const ask = wanted.backend != urio::backend_choice::no_probe &&
                     (wanted.backend != urio::backend_choice::automatic || !environment ||
                      std::string_view(environment) != "no_probe");
    if (ask)
        features = urio::features();
    (given.count("json") ? print_json : print_text)(info, ask ? &features : nullptr);

    switch (info.kind)
    {
    case urio::backend::uring:
        return 0;
    case urio::backend::none:
        return 4;
    default:
        return 3;
    }
}

} // namespace

int main(int argc, char** argv)
try
{
    return probe(argc, argv);
}
catch (const std::exception& e)
{
    std::cerr << "urio-probe: " << e.what() << '\n';
    return 2;
}
