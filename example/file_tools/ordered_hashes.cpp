// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "ordered_hashes.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace file_tools
{
namespace
{

// Results that wait for an earlier one, for each file in flight.
constexpr std::size_t results_for_each = 64;

net::awaitable<hashed> hash_operand(hash_pool& pool, std::string path, unsigned depth)
{
    auto const ex = co_await net::this_coro::executor;
    if (path == "-")
    {
        int const input = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
        if (input < 0)
            throw boost::system::system_error(errno, boost::system::system_category());
        net::stream_file file(ex, input);
        co_return co_await hash_stream(pool, std::move(file));
    }
    co_return co_await hash_file(pool, std::move(path), depth);
}

} // namespace

ordered_hashes::ordered_hashes(net::any_io_executor ex, hash_pool& pool, unsigned jobs,
                               unsigned depth)
    : executor_(std::move(ex))
    , pool_(pool)
    , jobs_(jobs)
    , depth_(depth)
    , room_(executor_, net::steady_timer::time_point::max())
{
}

net::awaitable<void> ordered_hashes::add(std::string path, handler h)
{
    while (in_flight_ == jobs_ || entries_.size() >= results_for_each * jobs_)
        co_await room_.async_wait(net::as_tuple(net::use_awaitable));
    auto const e = std::make_shared<entry>();
    e->when_done = std::move(h);
    entries_.push_back(e);
    ++in_flight_;
    net::co_spawn(executor_, compute(e, std::move(path)),
                  [this](const std::exception_ptr& failed)
                  {
                      if (failed)
                          std::rethrow_exception(failed);
                      --in_flight_;
                      ++changes_;
                      deliver();
                      room_.cancel();
                  });
}

void ordered_hashes::add_result(handler h)
{
    auto const e = std::make_shared<entry>();
    e->when_done = std::move(h);
    e->done = true;
    entries_.push_back(e);
    deliver();
}

net::awaitable<bool> ordered_hashes::wait_for_one()
{
    if (in_flight_ == 0)
        co_return false;
    co_await room_.async_wait(net::as_tuple(net::use_awaitable));
    co_return true;
}

net::awaitable<void> ordered_hashes::compute(std::shared_ptr<entry> e, std::string path)
{
    for (bool again = true; again;)
    {
        auto const before = changes_;
        e->outcome = {};
        try
        {
            std::string copy = path;
            e->outcome.value = co_await hash_operand(pool_, std::move(copy), depth_);
        }
        catch (...)
        {
            e->outcome.error = std::current_exception();
        }
        again = e->outcome.error && is_lack_of_descriptors(e->outcome.error);
        if (again)
            again = co_await may_try_again(before);
    }
    e->done = true;
}

// If others have given descriptors back since then, or will do so.
net::awaitable<bool> ordered_hashes::may_try_again(std::uint64_t since)
{
    if (changes_ != since)
        co_return true;
    if (in_flight_ - waiting_ == 1)
        co_return false;
    ++waiting_;
    ++changes_;
    co_await room_.async_wait(net::as_tuple(net::use_awaitable));
    --waiting_;
    co_return true;
}

void ordered_hashes::deliver()
{
    for (; !entries_.empty() && entries_.front()->done; entries_.pop_front())
        entries_.front()->when_done(entries_.front()->outcome);
}

} // namespace file_tools
