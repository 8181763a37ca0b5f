// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Prints files, as cat(1) does: each is opened, read and closed by one chain, and many
// chains are in flight.
#include <urio.hpp>
#include <urio/event.hpp>

#include <boost/program_options.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace net = urio;
namespace event = urio::event;
namespace po = boost::program_options;

namespace
{

constexpr std::size_t largest = std::size_t{1} << 30;

/// One after another of the files that nobody has taken yet. The results are printed in
/// the files' order.
class reader
{
public:
    reader(std::vector<std::string> files, std::size_t size)
        : files_(std::move(files))
        , contents_(files_.size())
        , size_(size)
    {
    }

    /// As many of these as there are to be chains in flight.
    net::awaitable<void> run()
    {
        event::file_slot const slot(co_await net::this_coro::executor);
        while (next_ != files_.size())
        {
            std::size_t const i = next_++;
            contents_[i] = co_await content_of(files_[i], slot);
            for (; printed_ != files_.size() && contents_[printed_]; ++printed_)
                std::cout << *std::exchange(contents_[printed_], {});
        }
    }

    bool failed() const noexcept { return failed_; }

private:
    net::awaitable<std::string> content_of(const std::string& file,
                                           const event::file_slot& slot)
    {
        auto const ex = co_await net::this_coro::executor;
        // What fills the buffer may have more: it is read again.
        for (std::size_t size = size_; size <= largest; size *= 4)
        {
            // A soft link ends with a short read, which most are.
            auto [ec, results, done] = co_await net::async_submit(
                ex,
                net::link(event::openat(file, O_RDONLY, 0, slot),
                          net::hard_link(event::read(slot, std::string(size, '\0'), 0),
                                         event::close(slot))),
                net::as_tuple(net::use_awaitable));
            if (ec)
                co_return fail(file, ec.message());
            std::size_t const n = std::get<1>(results).value;
            if (n == size)
                continue;
            auto& [open, read, close] = done.events();
            read.buffer.resize(n);
            co_return std::move(read.buffer);
        }
        co_return fail(file, "It is too large");
    }

    std::string fail(const std::string& file, const std::string& why)
    {
        std::cerr << "chain_reader: " << file << ": " << why << '\n';
        failed_ = true;
        return {};
    }

    std::vector<std::string> files_;
    std::vector<std::optional<std::string>> contents_;
    std::size_t size_;
    std::size_t next_ = 0;
    std::size_t printed_ = 0;
    bool failed_ = false;
};

} // namespace

int main(int argc, char** argv)
try
{
    std::vector<std::string> files;
    std::size_t chains = 0, size = 0;
    po::options_description description("Usage: chain_reader [options] FILE...");
    // clang-format off
    description.add_options()
        ("chains", po::value(&chains)->default_value(16), "how many are in flight")
        ("size", po::value(&size)->default_value(16384), "what most files are shorter than")
        ("statistics", "tells what io_uring has done")
        ("file", po::value(&files), "what to print");
    // clang-format on
    po::variables_map values;
    po::store(po::command_line_parser(argc, argv)
                  .options(description)
                  .positional(po::positional_options_description().add("file", -1))
                  .run(),
              values);
    po::notify(values);
    if (chains == 0 || size == 0)
        throw po::error("chains and size are at least 1");

    net::io_context context(1);
    reader r(files, size);
    std::exception_ptr error;
    for (std::size_t i = 0; i != std::min(chains, files.size()); ++i)
        net::co_spawn(context, r.run(),
                      [&](std::exception_ptr e) { error = e ? e : error; });
    context.run();
    if (error)
        std::rethrow_exception(error);
    std::cout.flush();
    if (values.count("statistics"))
    {
        auto const counted = urio::statistics_of(context);
        std::cerr << files.size() << " files, " << counted.submitted << " operations, "
                  << counted.enters << " system calls for them\n";
    }
    return r.failed() ? 1 : 0;
}
catch (const std::exception& e)
{
    std::cerr << "chain_reader: " << e.what() << '\n';
    return 1;
}
