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

#include <cstddef>
#include <optional>
#include <set>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace file_tools
{

struct copy_tree_options
{
    unsigned jobs = 1, depth = 4;
    /// How many files may be open at once, about.
    unsigned open_files = 1024;
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
    void start(item root)
    {
        root.is_root = true;
        stack_.push(std::move(root));
    }

    void when_idle(std::function<void()> f) { stack_.when_idle(std::move(f)); }

    /// Ends soon, and leaves nothing half done but what can be gone on with.
    void stop() { stack_.stop(); }

    /// Directories that may not be written to get their permissions now.
    void finish();

    std::uint64_t skipped() const noexcept { return skipped_; }

private:
    void push_entries(const std::shared_ptr<directory_pair>& pair,
                      std::vector<net::fs::directory_entry> entries);
    net::awaitable<void> process(item i);
    net::awaitable<void> process_any(item& i);
    net::awaitable<void> process_directory(const item& i);
    net::awaitable<void> make_directory(const item& i, const net::file_status& source);
    net::awaitable<void> process_files(const item& i);
    net::awaitable<void> process_file(const item& i);
    net::awaitable<std::uint64_t> copy_file(const item& i);
    net::awaitable<std::optional<std::uint64_t>> copy_new(const item& i);
    net::awaitable<std::optional<std::uint64_t>> copy_lasting(const item& i);
    net::awaitable<std::uint64_t> copy_over(const item& i);
    net::awaitable<std::uint64_t> copy_into(const item& i, const net::file_status& there);
    net::awaitable<std::uint64_t> copy_bytes(const item& i, const std::string& target,
                                             net::fs::copy_options options);
    net::awaitable<std::uint64_t> resume_at(std::string source, std::string there,
                                            std::uint64_t size);
    net::awaitable<std::uint64_t> verify_file(const item& i);
    net::awaitable<void> process_symlink(const item& i);
    net::awaitable<void> make_symlink(const std::string& what, const item& i);

    // What tells a file from all others: its device and inode.
    using identity = std::pair<std::uint64_t, std::uint64_t>;
    static identity identity_of(const net::file_status& s)
    {
        return {s.device(), s.inode()};
    }

    hash_pool& pool_;
    copy_tree_options const options_;
    figures& done_;
    progress& progress_;
    report& report_;
    work_stack<item> stack_;
    std::size_t const together_;
    ::mode_t const umask_;
    // The copies of what the user has named, as far as they are directories.
    std::set<identity> roots_;
    // Files that are written over, each by one at a time: they may have several names.
    std::set<identity> written_over_;
    net::steady_timer written_;
    struct restricted
    {
        std::string path;
        ::mode_t mode;
    };
    std::vector<restricted> restricted_;
    std::uint64_t skipped_ = 0;
};

} // namespace file_tools
