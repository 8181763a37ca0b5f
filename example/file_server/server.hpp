// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Accepts connections, as many as there are descriptors for.
#pragma once

#include "session.hpp"

#include <filesystem>
#include <memory>

class file_server
{
public:
    /// Listens, and lets `limits` be divided by what the process may open if there is no
    /// number of connections in it. Throws if the directory or the address cannot be
    /// used.
    file_server(net::io_context& context, const std::filesystem::path& root,
                const net::ip::tcp::endpoint& endpoint, server_limits limits = {});

    net::ip::tcp::endpoint local_endpoint() const { return acceptor_.local_endpoint(); }

    /// Accepts connections from now on. The server has to live while the context runs.
    void start();

    /// Calls tick() every second.
    void start_clock();

    /// A second has passed.
    void tick();

    std::size_t connections() const { return state_->watch.size(); }

    server_state& state() { return *state_; }

private:
    net::awaitable<void> accept();
    net::awaitable<void> clock();
    net::awaitable<void> wait_for_room();
    bool full() const { return connections_ >= limits_.connections; }

    net::ip::tcp::acceptor acceptor_;
    server_limits limits_;
    std::shared_ptr<server_state> state_;
    net::steady_timer room_;
    std::size_t connections_ = 0;
    bool crowded_ = false;
};
