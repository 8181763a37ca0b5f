// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Copies a tree, or compares it with its copy.
#pragma once

#include "common.hpp"
#include "progress.hpp"
#include "sha256.hpp"
#include "tree.hpp"
#include "work_stack.hpp"

#include <sys/types.h>
#include <vector>

namespace file_tools
{

struct copy_tree_options
{
    unsigned jobs = 1, depth = 4;
    bool resume = false;
    bool verify = false;
    bool verify_only = false;
};

class tree_copy
{
public:
    tree_copy(net::any_io_executor ex, hash_pool& pool, const copy_tree_options& options,
              figures& done, progress& bar, report& r);

    /// The work is done when the context has run out of it.
    void start(item root) { stack_.push(std::move(root)); }

    /// Directories that may not be written to get their permissions now.
    void finish();

    std::uint64_t skipped() const noexcept { return skipped_; }

private:
    void push_entries(const std::shared_ptr<directory_pair>& pair,
                      std::vector<net::fs::directory_entry> entries);
    net::awaitable<void> process(item i);
    net::awaitable<void> process_directory(const item& i);
    net::awaitable<void> make_directory(const item& i);
    net::awaitable<void> process_files(item i);
    net::awaitable<void> process_file(const item& i);
    net::awaitable<std::uint64_t> copy_file(const item& i);
    net::awaitable<std::uint64_t> resume_at(const std::string& source,
                                            const std::string& temporary);
    net::awaitable<std::uint64_t> verify_file(const item& i);
    net::awaitable<void> process_symlink(const item& i);
    net::awaitable<void> make_symlink(const std::string& what, const item& i);

    hash_pool& pool_;
    copy_tree_options const options_;
    figures& done_;
    progress& progress_;
    report& report_;
    work_stack<item> stack_;
    ::mode_t const umask_;
    struct restricted
    {
        std::string path;
        ::mode_t mode;
    };
    std::vector<restricted> restricted_;
    std::uint64_t skipped_ = 0;
};

} // namespace file_tools
