// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// One connection: its requests, one after the other.
#pragma once

#include "block_pool.hpp"
#include "connection_watch.hpp"
#include "content.hpp"
#include "limits.hpp"

#include <filesystem>
#include <memory>

/// What connections have in common. Sockets, timers and files run on one thread, so that
/// no strand is needed.
struct server_state
{
    server_state(net::io_context& context, const std::filesystem::path& root,
                 const server_limits& limits)
        : directory(context, root, limits.files)
        , watch(limits.patience)
    {
    }

    /// A second has passed.
    void tick(bool crowded)
    {
        directory.tick();
        watch.tick(crowded);
        blocks.trim();
    }

    content_directory directory;
    connection_watch watch;
    block_pool blocks;
};

/// Answers requests until the peer closes, asks to close, makes no progress for too long,
/// or makes an error that leaves the connection unusable.
net::awaitable<void> serve(net::ip::tcp::socket socket,
                           std::shared_ptr<server_state> state);
