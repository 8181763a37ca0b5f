// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A file in memory whose operations take place when, in which order, and as far as a test
// says.
#pragma once

#include "test.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <vector>

namespace test
{

/// Has what readers and writers need of a file. Operations wait in `pending` for the
/// test to complete them. Not thread-safe.
class scripted_file
{
public:
    using executor_type = boost::asio::any_io_executor;
    using signature = void(error_code, std::size_t);

    struct operation
    {
        std::uint64_t offset;
        std::size_t size;
        bool write;
        void* memory;
        std::function<void(error_code, std::size_t)> done;
        boost::asio::cancellation_type cancelled = boost::asio::cancellation_type::none;
    };

    explicit scripted_file(executor_type ex, std::string c = {})
        : content(std::move(c))
        , executor_(std::move(ex))
    {
    }

    scripted_file(const scripted_file&) = delete;
    scripted_file& operator=(const scripted_file&) = delete;
    ~scripted_file() { BOOST_CHECK(pending.empty()); }

    const executor_type& get_executor() noexcept { return executor_; }

    template <class Buffer, class Token>
    auto async_read_some_at(std::uint64_t offset, const Buffer& b, Token&& token)
    {
        return boost::asio::async_initiate<Token, signature>(
            initiation{this, false}, token, offset, b.data(), b.size());
    }

    template <class Buffer, class Token>
    auto async_write_some_at(std::uint64_t offset, const Buffer& b, Token&& token)
    {
        return boost::asio::async_initiate<Token, signature>(
            initiation{this, true}, token, offset, const_cast<void*>(b.data()), b.size());
    }

    // A sync waits for the test in `syncing`.

    template <class Handler>
    void async_sync_all(Handler handler)
    {
        ++synced_all;
        sync(std::move(handler));
    }

    template <class Handler>
    void async_sync_data(Handler handler)
    {
        ++synced_data;
        sync(std::move(handler));
    }

    void complete_sync(error_code ec = {}) { std::exchange(syncing, {})(ec); }

    /// Transfers at most so many bytes, and completes one operation.
    void complete(std::size_t i, std::size_t most = ~std::size_t{0})
    {
        operation const o = take(i);
        if (o.cancelled != boost::asio::cancellation_type::none)
            return o.done(boost::asio::error::operation_aborted, 0);
        std::size_t n = std::min(o.size, most);
        if (o.write)
        {
            content.resize(std::max<std::size_t>(content.size(), o.offset + n));
            std::memcpy(&content[o.offset], o.memory, n);
        }
        else
        {
            n = o.offset < content.size()
                    ? std::min<std::size_t>(n, content.size() - o.offset)
                    : 0;
            std::memcpy(o.memory, content.data() + o.offset, n);
        }
        o.done(!o.write && n == 0 ? error_code(boost::asio::error::eof) : error_code(),
               n);
    }

    void fail(std::size_t i, error_code ec) { take(i).done(ec, 0); }

    /// Completes everything and runs the context, until neither has anything left:
    /// operations in a scrambled order and, if `whole` is false, short.
    template <class Context>
    void run_scrambled(Context& c, unsigned seed, bool whole)
    {
        std::minstd_rand random(seed);
        for (;;)
        {
            c.restart();
            c.poll();
            if (syncing)
            {
                BOOST_CHECK(pending.empty());
                complete_sync();
                continue;
            }
            if (pending.empty())
                break;
            operation const& o = pending.at(random() % pending.size());
            std::size_t const n = whole ? o.size : 1 + random() % o.size;
            complete(static_cast<std::size_t>(&o - &pending.front()), n);
        }
    }

    std::string content;
    std::vector<operation> pending;
    std::size_t most_pending = 0;
    std::size_t started = 0;
    std::size_t throws_at = ~std::size_t{0}; // instead of being the n-th that is started
    int synced_all = 0;
    int synced_data = 0;
    std::function<void(error_code)> syncing;

private:
    struct initiation
    {
        using executor_type = scripted_file::executor_type;
        const executor_type& get_executor() const noexcept { return self->executor_; }

        template <class Handler>
        void operator()(Handler&& handler, std::uint64_t offset, void* memory,
                        std::size_t size) const
        {
            if (self->started == self->throws_at)
                throw std::bad_alloc();
            std::size_t const number = self->started++;
            auto slot = boost::asio::get_associated_cancellation_slot(handler);
            if (slot.is_connected())
                slot.assign([f = self, number](boost::asio::cancellation_type type)
                            { f->cancel(number, type); });
            self->pending.push_back(
                {offset, size, write, memory,
                 self->keep<std::size_t>(std::forward<Handler>(handler))});
            self->numbers_.push_back(number);
            self->most_pending = std::max(self->most_pending, self->pending.size());
        }

        scripted_file* self;
        bool write;
    };

    template <class Handler>
    void sync(Handler handler)
    {
        BOOST_CHECK(!syncing);
        syncing = keep(std::move(handler));
    }

    // Posts the handler to its executor, which has work until then.
    template <class... Args, class Handler>
    auto keep(Handler&& handler)
    {
        auto const kept =
            std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
        auto const ex = boost::asio::get_associated_executor(*kept, executor_);
        return [kept, ex, work = boost::asio::make_work_guard(ex)](error_code ec,
                                                                   Args... args)
        { boost::asio::post(ex, [kept, ec, args...] { (*kept)(ec, args...); }); };
    }

    operation take(std::size_t i)
    {
        operation o = pending.at(i);
        pending.erase(pending.begin() + static_cast<std::ptrdiff_t>(i));
        numbers_.erase(numbers_.begin() + static_cast<std::ptrdiff_t>(i));
        return o;
    }

    void cancel(std::size_t number, boost::asio::cancellation_type type)
    {
        auto const i = std::find(numbers_.begin(), numbers_.end(), number);
        if (i != numbers_.end())
            pending[static_cast<std::size_t>(i - numbers_.begin())].cancelled = type;
    }

    executor_type executor_;
    std::vector<std::size_t> numbers_;
};

} // namespace test
