// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// urio-sum: SHA-256 of files and trees, many files at once, as sha256sum(1) writes them.
#include "checksum_line.hpp"
#include "ordered_hashes.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

namespace file_tools
{
namespace
{

using std::filesystem::file_type;
constexpr auto with_code = net::as_tuple(net::use_awaitable);
const std::string standard_input = "standard input";

struct sum_options : common_options
{
    bool check = false;
};

bool parse_sum(int argc, char** argv, sum_options& o)
{
    po::options_description description(
        "Usage: urio-sum [options] [FILE|DIRECTORY]...\n"
        "       urio-sum --check [LIST]...\n"
        "Writes the SHA-256 of files and of all files below directories, as sha256sum "
        "does.\n- is the standard input, as is no operand at all.\n\nOptions");
    add_common_options(description, o, 32);
    // clang-format off
    description.add_options()
        ("check,c", po::value<std::vector<std::string>>()->zero_tokens()->composing()
                        ->notifier([&o](const auto&) { o.check = true; }),
         "the files are lists of checksums: read them, and check what they name");
    // clang-format on
    if (!parse(argc, argv, description, o))
        return false;
    if (o.operands.empty())
        o.operands.push_back("-");
    return true;
}

class sums
{
public:
    sums(net::io_context& context, hash_pool& pool, const sum_options& options, report& r)
        : options_(options)
        , hashes_(context.get_executor(), pool,
                  std::clamp(open_files() / 2, 1u, options.jobs), options.depth)
        , report_(r)
    {
    }

    net::awaitable<void> run()
    {
        for (std::string const& operand : options_.operands)
            if (options_.check)
                co_await check(operand);
            else
                co_await add_operand(operand);
    }

    const figures& done() const noexcept { return done_; }

private:
    net::awaitable<void> add_operand(const std::string& path);
    net::awaitable<void> add_directory(std::string path);
    net::awaitable<void> add(std::string path);
    net::awaitable<void> check(const std::string& list);
    net::awaitable<void> add_lines(std::istream& in, std::string list);

    struct tally
    {
        std::uint64_t lines = 0, malformed = 0, unreadable = 0, wrong = 0;
    };
    void conclude(const std::string& list, const tally& t);

    void count(const ordered_hashes::result& r)
    {
        ++done_.files;
        done_.bytes += r.value.bytes;
    }

    const sum_options& options_;
    checksum_parser parser_;
    ordered_hashes hashes_;
    report& report_;
    figures done_;
};

net::awaitable<void> sums::add_operand(const std::string& path)
{
    auto const ex = co_await net::this_coro::executor;
    auto const [ec, status] = co_await net::fs::async_stat(ex, path, with_code);
    if (path != "-" && !ec && status.is_directory())
        co_await add_directory(path);
    else
        // What is not there will be found out when it is opened.
        co_await add(path);
}

// In the order of the whole paths' bytes, as sort(1) would have it.
net::awaitable<void> sums::add_directory(std::string path)
{
    auto const ex = co_await net::this_coro::executor;
    auto [ec, entries] = co_await net::fs::async_list_directory(ex, path, with_code);
    while (is_lack_of_descriptors(ec))
    {
        bool const again = co_await hashes_.wait_for_one();
        if (!again)
            break;
        std::tie(ec, entries) =
            co_await net::fs::async_list_directory(ex, path, with_code);
    }
    if (ec)
        report_.error(path, ec.message());
    if (path.back() != '/')
        path += '/';
    for (auto& e : entries)
        if (e.type == file_type::directory)
            e.name += '/';
    std::ranges::sort(entries, {}, &net::fs::directory_entry::name);
    for (auto const& e : entries)
        if (e.type == file_type::directory)
            co_await add_directory(path + e.name);
        else if (e.type == file_type::regular)
            co_await add(path + e.name);
}

net::awaitable<void> sums::add(std::string path)
{
    auto write = [this, path](const ordered_hashes::result& r)
    {
        if (r.error)
            return report_.error(path, r.error);
        count(r);
        std::cout << checksum_line(r.value.digest, path) << '\n';
    };
    co_await hashes_.add(std::move(path), std::move(write));
}

net::awaitable<void> sums::check(const std::string& list)
{
    if (list == "-")
        co_return co_await add_lines(std::cin, standard_input);
    std::ifstream in(list, std::ios::binary);
    while (!in && (errno == EMFILE || errno == ENFILE))
    {
        bool const again = co_await hashes_.wait_for_one();
        if (!again)
            break;
        in.open(list, std::ios::binary);
    }
    if (in)
        co_await add_lines(in, list);
    else
        report_.error(list, std::generic_category().message(errno));
}

net::awaitable<void> sums::add_lines(std::istream& in, std::string list)
{
    auto const t = std::make_shared<tally>();
    for (std::string line; std::getline(in, line);)
    {
        // As programs for Windows end lines.
        if (line.ends_with('\r'))
            line.pop_back();
        // Comments and empty lines may be there.
        if (line.empty() || line.starts_with('#'))
            continue;
        auto expected = parser_.parse(line);
        // The list cannot be what is to be checked, too.
        if (!expected || (expected->name == "-" && list == standard_input))
        {
            ++t->malformed;
            continue;
        }
        ++t->lines;
        auto write = [this, t, e = *expected](const ordered_hashes::result& r)
        {
            bool const right = !r.error && r.value.digest == e.digest;
            // Here a backslash alone is written as it is.
            if (e.name.find('\n') == e.name.npos)
                std::cout << e.name;
            else
                std::cout << '\\' << escape(e.name).text;
            std::cout << (right     ? ": OK\n"
                          : r.error ? ": FAILED open or read\n"
                                    : ": FAILED\n");
            if (r.error)
                report_.error(e.name, r.error);
            else
                count(r);
            t->unreadable += r.error != nullptr;
            t->wrong += !r.error && !right;
        };
        co_await hashes_.add(std::move(expected->name), std::move(write));
    }
    // After the last of them.
    hashes_.add_result([this, t, list = std::move(list)](const auto&)
                       { conclude(list, *t); });
}

void sums::conclude(const std::string& list, const tally& t)
{
    auto const some = [](std::uint64_t n, const std::string& one, const std::string& many)
    { return std::to_string(n) + ' ' + (n == 1 ? one : many); };
    if (t.lines == 0)
        return report_.error(list, "no properly formatted checksum lines found");
    if (t.malformed != 0)
        report_.warning(some(t.malformed, "line is", "lines are") +
                        " improperly formatted");
    if (t.unreadable != 0)
        report_.failure(some(t.unreadable, "listed file", "listed files") +
                        " could not be read");
    if (t.wrong != 0)
        report_.failure(some(t.wrong, "computed checksum", "computed checksums") +
                        " did NOT match");
}

int run(const sum_options& o)
{
    report r("urio-sum");
    net::io_context context(engine_options(o));
    hash_pool pool(o.threads);
    sums s(context, pool, o, r);
    net::co_spawn(context, s.run(),
                  [](const std::exception_ptr& e)
                  {
                      if (e)
                          std::rethrow_exception(e);
                  });
    context.run();
    if (!std::cout.flush())
        r.error("standard output", "cannot be written");
    if (!o.quiet)
        std::cerr << summary(s.done(), context);
    return r.exit_code();
}

} // namespace
} // namespace file_tools

int main(int argc, char** argv)
try
{
    std::ios::sync_with_stdio(false);
    file_tools::sum_options options;
    return file_tools::parse_sum(argc, argv, options) ? file_tools::run(options) : 0;
}
catch (const std::exception& e)
{
    std::cerr << "urio-sum: " << e.what() << '\n';
    return 1;
}
