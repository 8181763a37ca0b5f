// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How the links of a chain run: by the kernel, which is given all of them in one call;
// or, where it cannot, one after another from here, by the same rules.
#pragma once

#include <urio/detail/engine/engine.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// What is to be known of a link, whatever event it is.
struct chain_member_info
{
    io_operation* op;
    std::optional<int> (*begin)(io_operation&, engine&, io_object*&);
    bool (*succeeded)(const io_operation&);
    void (*leave_chain)(io_operation&) noexcept;
    op_id id;
    chain_link link;
    /// For how long the link before may take, if this is a limit to that.
    std::optional<std::chrono::nanoseconds> limit;
};

/// Runs the links. Part of the operation that has the user's handler.
class chain_core
{
public:
    /// `finish(chain, owner)` is called once, when all have ended; without an owner the
    /// context has gone.
    using finish_function = void (*)(chain_core&, void* owner);

    /// Both spans are parts of what this is a part of; the second has room for as many.
    chain_core(std::span<chain_member_info> members, std::span<io_operation*> ops,
               finish_function f) noexcept
        : members_(members)
        , ops_(ops)
        , finish_(f)
    {
    }

    chain_core(const chain_core&) = delete;
    chain_core& operator=(const chain_core&) = delete;

    /// False if all have ended already. Throws what engine::start() throws; nothing has
    /// been started then.
    bool start(engine& e, io_object& common, const boost::asio::any_io_executor& ex);

    /// Shared with the cancellation slot: nothing that has not begun shall.
    void set_stop(std::shared_ptr<std::atomic<bool>> s) noexcept { stop_ = std::move(s); }

    /// A link has ended.
    void member_done(void* owner);

private:
    struct limit_handler;

    bool advance();
    bool run_current();
    void evaluate();
    bool stopped() const noexcept
    {
        return stop_ && stop_->load(std::memory_order_acquire);
    }
    bool has_limit() const noexcept
    {
        return current_ + 1 != members_.size() &&
               members_[current_ + 1].limit.has_value();
    }
    void part_done(bool destroyed, void* owner);

    std::span<chain_member_info> members_;
    std::span<io_operation*> ops_;
    finish_function finish_;
    engine* engine_ = nullptr;
    io_object* common_ = nullptr;
    std::shared_ptr<std::atomic<bool>> stop_;
    // The kernel's: how many have not ended. Here: the link and its limit.
    std::atomic<std::size_t> left_{0};
    bool by_kernel_ = false;
    std::atomic<bool> destroyed_{false};
    std::atomic<bool> late_{false};
    std::size_t current_ = 0;
    bool broken_ = false;
    // While a link with a limit runs.
    std::optional<boost::asio::steady_timer> timer_;
    boost::asio::any_io_executor executor_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
