// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// urio-cp: copies trees, many files at once.
#include "ending_signals.hpp"
#include "roots.hpp"
#include "tree_copy.hpp"

#include <exception>
#include <filesystem>
#include <iostream>
#include <unistd.h>

namespace file_tools
{
namespace
{

namespace stdfs = std::filesystem;

struct cp_options : common_options
{
    copy_tree_options copy;
    bool progress = false;
    bool as_named = false;
};

bool parse_cp(int argc, char** argv, cp_options& o)
{
    po::options_description description(
        "Usage: urio-cp [options] SOURCE... TARGET\n"
        "Copies files, directories and symbolic links, as cp -r does.\n\nOptions");
    add_common_options(description, o, 16);
    // clang-format off
    description.add_options()
        ("no-target-directory,T", po::bool_switch(&o.as_named),
         "TARGET is the copy, not a directory to put it in")
        ("resume", po::bool_switch(&o.copy.resume),
         "go on with a copy that was interrupted: files of the same size and time of "
         "modification are skipped, and unfinished ones completed")
        ("verify", po::bool_switch(&o.copy.verify),
         "compare the SHA-256 of each file with that of its copy")
        ("verify-only", po::bool_switch(&o.copy.verify_only),
         "compare, and copy nothing")
        ("progress", po::bool_switch(&o.progress),
         "show a progress bar also where the standard error is no terminal");
    // clang-format on
    if (!parse(argc, argv, description, o))
        return false;
    if (o.operands.size() < 2)
        throw po::error("from where to where? See --help");
    o.copy.jobs = o.jobs;
    o.copy.depth = o.depth;
    o.progress = o.progress || (!o.quiet && ::isatty(STDERR_FILENO));
    return true;
}

/// Finds out how much there is.
class tree_size
{
public:
    tree_size(net::any_io_executor ex, unsigned jobs, progress& bar)
        : bar_(bar)
        , stack_(std::move(ex), jobs, [this](item i) { return add(std::move(i)); })
    {
    }

    void start(item root) { stack_.push(std::move(root)); }

private:
    // Who copies reports the errors.
    net::awaitable<void> add(item i)
    {
        auto const ex = co_await net::this_coro::executor;
        if (i.type == stdfs::file_type::regular)
        {
            auto const [ec, status] = co_await net::fs::async_symlink_stat(
                ex, i.source(), net::as_tuple(net::use_awaitable));
            if (!ec)
                bar_.expect(1, status.size());
        }
        if (i.type != stdfs::file_type::directory)
            co_return;
        auto const [ec, entries] = co_await net::fs::async_list_directory(
            ex, i.source(), net::as_tuple(net::use_awaitable));
        auto const pair = std::make_shared<directory_pair>(i.source(), "");
        for (auto const& e : entries)
            stack_.push({pair, e.name, "", e.type});
    }

    progress& bar_;
    work_stack<item> stack_;
};

int run(cp_options& o)
{
    report r("urio-cp");
    std::string const target = o.operands.back();
    o.operands.pop_back();
    auto const groups = find_roots(o.operands, target, o.as_named, r);
    o.copy.open_files = open_files();

    net::io_context context(engine_options(o));
    hash_pool pool(o.threads);
    figures done;
    progress bar(o.progress, done);
    r.before_lines([&] { bar.clear(); });
    if (o.progress)
    {
        tree_size size(context.get_executor(), o.jobs, bar);
        for (auto const& group : groups)
            for (item const& i : group)
                size.start(i);
        context.run();
        context.restart();
        done.begin = std::chrono::steady_clock::now();
    }
    tree_copy copy(context.get_executor(), pool, o.copy, done, bar, r);
    ending_signals signals(context, [&] { copy.stop(); });
    for (auto const& group : groups)
    {
        if (signals.caught() != 0)
            break;
        for (item const& i : group)
            copy.start(i);
        signals.wait();
        copy.when_idle([&] { signals.cancel(); });
        context.restart();
        context.run();
    }
    copy.finish();
    bar.finish();
    if (signals.caught() != 0)
        signals.die();
    if (!o.quiet)
    {
        if (copy.skipped() != 0)
            std::cerr << copy.skipped() << " files were complete, ";
        std::cerr << summary(done, context);
    }
    return r.exit_code();
}

} // namespace
} // namespace file_tools

int main(int argc, char** argv)
try
{
    file_tools::cp_options options;
    return file_tools::parse_cp(argc, argv, options) ? file_tools::run(options) : 0;
}
catch (const std::exception& e)
{
    std::cerr << "urio-cp: " << e.what() << '\n';
    return 1;
}
