// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "server.hpp"

#include <exception>
#include <iostream>
#include <utility>

namespace
{

void report(std::exception_ptr error)
{
    try
    {
        if (error)
            std::rethrow_exception(error);
    }
    catch (const boost::system::system_error&)
    {
        // The connection broke or made no progress: the client's affair.
    }
    catch (const std::exception& e)
    {
        std::cerr << "file_server: " << e.what() << '\n';
    }
}

bool no_descriptors(const boost::system::error_code& ec)
{
    return ec == boost::system::errc::too_many_files_open ||
           ec == boost::system::errc::too_many_files_open_in_system;
}

} // namespace

file_server::file_server(net::io_context& context, const std::filesystem::path& root,
                         const net::ip::tcp::endpoint& endpoint, server_limits limits)
    : acceptor_(context, endpoint)
    , limits_(limits)
    , room_(context)
{
    if (limits_.connections == SIZE_MAX)
        divide_descriptors(limits_, descriptors_left());
    state_ = std::make_shared<server_state>(context, root, limits_);
}

void file_server::start()
{
    net::co_spawn(acceptor_.get_executor(), accept(), net::detached);
}

void file_server::start_clock()
{
    net::co_spawn(acceptor_.get_executor(), clock(), net::detached);
}

void file_server::tick()
{
    state_->tick(crowded_);
}

net::awaitable<void> file_server::clock()
{
    net::steady_timer timer(acceptor_.get_executor());
    for (;;)
    {
        timer.expires_after(std::chrono::seconds(1));
        co_await timer.async_wait(net::use_awaitable);
        tick();
    }
}

net::awaitable<void> file_server::wait_for_room()
{
    // A connection that ends says so, but others in the process, or in the system, may be
    // what has taken the descriptors.
    crowded_ = true;
    room_.expires_after(std::chrono::milliseconds(100));
    co_await room_.async_wait(net::as_tuple(net::use_awaitable));
}

net::awaitable<void> file_server::accept()
{
    for (;;)
    {
        if (full())
        {
            // Idle connections are closed only if somebody is there who needs the room.
            co_await acceptor_.async_wait(net::socket_base::wait_read,
                                          net::as_tuple(net::use_awaitable));
            while (full())
                co_await wait_for_room();
        }
        auto [ec, socket] =
            co_await acceptor_.async_accept(net::as_tuple(net::use_awaitable));
        if (!ec)
        {
            crowded_ = false;
            boost::system::error_code ignored;
            socket.set_option(net::ip::tcp::no_delay(true), ignored);
            ++connections_;
            net::co_spawn(acceptor_.get_executor(), serve(std::move(socket), state_),
                          [this](std::exception_ptr error)
                          {
                              report(error);
                              --connections_;
                              if (crowded_)
                                  room_.cancel();
                          });
        }
        else if (ec == net::error::operation_aborted)
            co_return;
        else if (!no_descriptors(ec) || state_->directory.close_unused() == 0)
        {
            if (!crowded_)
                std::cerr << "file_server: accept: " << ec.message() << '\n';
            co_await wait_for_room();
        }
    }
}
