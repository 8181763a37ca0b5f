// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/event/multi_core.hpp>

#include <cerrno>
#include <new>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

using lock = std::lock_guard<process::process_mutex>;

bool multi_core::take(int result, unsigned flags) noexcept
{
    lock l(mutex_);
    if (count_ == items_.size())
        try
        {
            std::vector<multi_item> larger(items_.empty() ? 8 : items_.size() * 2);
            for (std::size_t i = 0; i != count_; ++i)
                larger[i] = items_[(first_ + i) % items_.size()];
            items_ = std::move(larger);
            first_ = 0;
        }
        catch (const std::bad_alloc&)
        {
            end_ = -ENOMEM;
            return false;
        }
    items_[(first_ + count_) % items_.size()] = {result, flags, false};
    ++count_;
    return true;
}

std::optional<multi_item> multi_core::pop() noexcept
{
    if (count_ != 0)
    {
        multi_item item = items_[first_];
        first_ = (first_ + 1) % items_.size();
        --count_;
        // Nothing will follow by itself.
        item.last = count_ == 0 && !running_ && !repeats_ && !paused_;
        return item;
    }
    if (end_ && !running_)
        return multi_item{*std::exchange(end_, std::nullopt), 0, true};
    return {};
}

bool multi_core::repeats() noexcept
{
    lock l(mutex_);
    if (closed_ || ending_ || end_ || pausing_ || !repeats_)
        return false;
    paused_ = count_ >= ahead_ + (waiter_ ? 1 : 0);
    return !paused_;
}

multi_waiter* multi_core::next_waiter() noexcept
{
    lock l(mutex_);
    if (!waiter_)
        return nullptr;
    std::optional<multi_item> const item = pop();
    if (!item)
        return nullptr;
    waiter_->give(*item);
    return std::exchange(waiter_, nullptr);
}

bool multi_core::is_to_pause() noexcept
{
    lock l(mutex_);
    if (pausing_ || pause_posted_ || (count_ < ahead_ && !closed_ && !end_))
        return false;
    return pausing_ = pause_posted_ = true;
}

op_id multi_core::pause() noexcept
{
    lock l(mutex_);
    pause_posted_ = false;
    return pausing_ && running_ ? id_ : op_id::none;
}

void multi_core::ended(int result) noexcept
{
    lock l(mutex_);
    running_ = false;
    bool const was_to_end = std::exchange(ending_, false);
    bool const was_to_pause = std::exchange(pausing_, false);
    if (was_to_end)
        result = result < 0 ? result : -ECANCELED;
    if (result >= 0)
        return;
    if (closed_)
        result = -ECANCELED; // whatever it has made of that
    if (was_to_pause && result == -ECANCELED && !was_to_end && !closed_)
        paused_ = true;
    else if (!end_)
        end_ = result;
}

bool multi_core::starve() noexcept
{
    lock l(mutex_);
    running_ = false;
    pausing_ = false;
    if ((std::exchange(ending_, false) || closed_) && !end_)
        end_ = -ECANCELED;
    starved_ = true;
    return waits_for_buffer_ = waiter_ && count_ == 0 && !closed_ && !end_;
}

void multi_core::feed() noexcept
{
    lock l(mutex_);
    waits_for_buffer_ = false;
}

bool multi_core::is_hungry() noexcept
{
    lock l(mutex_);
    return waiter_ && !closed_ && !end_;
}

bool multi_core::is_to_start() noexcept
{
    lock l(mutex_);
    if (running_ || closed_ || end_ || waits_for_buffer_)
        return false;
    // A success that nothing follows is started again for those who wait only; what reads
    // ahead goes on when half of that has been fetched.
    bool const wanted =
        waiter_ ? count_ == 0 : paused_ && !starved_ && repeats_ && count_ <= ahead_ / 2;
    if (wanted)
    {
        running_ = true;
        starved_ = false;
        paused_ = false;
        id_ = op_id::none;
    }
    return wanted;
}

std::optional<multi_item> multi_core::next() noexcept
{
    lock l(mutex_);
    return waiter_ ? std::nullopt : pop();
}

bool multi_core::wait(multi_waiter& w) noexcept
{
    lock l(mutex_);
    if (waiter_)
        return false;
    waiter_ = &w;
    return true;
}

multi_waiter* multi_core::stop_waiting() noexcept
{
    lock l(mutex_);
    return std::exchange(waiter_, nullptr);
}

void multi_core::close() noexcept
{
    lock l(mutex_);
    closed_ = true;
}

std::optional<multi_item> multi_core::leftover() noexcept
{
    lock l(mutex_);
    return count_ != 0 ? pop() : std::nullopt;
}

void multi_core::set_id(op_id id) noexcept
{
    lock l(mutex_);
    id_ = id;
}

op_id multi_core::end() noexcept
{
    lock l(mutex_);
    // The cancellation that has been asked for is no pause any more.
    pausing_ = false;
    if (running_)
    {
        ending_ = true;
        return id_;
    }
    if (!end_)
        end_ = -ECANCELED;
    paused_ = false;
    return op_id::none;
}

bool multi_core::is_ending() noexcept
{
    lock l(mutex_);
    return ending_;
}

} // namespace detail
} // namespace urio::inline URIO_ABI
