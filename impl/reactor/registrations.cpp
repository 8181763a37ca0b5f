// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "registrations.hpp"

namespace urio::reactor::detail
{

std::uint32_t registrations::next_generation() noexcept
{
    if (++generation_ == 0)
        ++generation_;
    return generation_;
}

registrations::slot& registrations::allocate(int fd, const registration& what)
{
    if (fd >= 0 && by_fd_.size() <= static_cast<std::size_t>(fd))
        by_fd_.resize(static_cast<std::size_t>(fd) + 1);
    if (free_.empty())
    {
        free_.reserve(slots_.size() + 1); // so that erase() need not allocate
        slot& s = slots_.emplace_back();
        s.index = static_cast<std::uint32_t>(slots_.size() - 1);
        free_.push_back(s.index);
    }
    if (observer_)
        observer_->began(what.id);
    slot& s = slots_[free_.back()];
    free_.pop_back();
    s.fd = fd;
    s.what = what;
    s.generation.store(next_generation(), std::memory_order_release);
    return s;
}

void registrations::bind(slot& s) noexcept
{
    if (slot* const old = find(s.fd))
        erase(*old);
    if (s.fd >= 0)
        by_fd_[static_cast<std::size_t>(s.fd)] = s.index + 1;
}

void registrations::renew(slot& s, const registration& what)
{
    if (observer_)
        observer_->began(what.id);
    s.what = what;
    s.generation.store(next_generation(), std::memory_order_release);
}

void registrations::renewed(token gone) noexcept
{
    if (observer_)
        observer_->ended(gone);
}

void registrations::erase(slot& s) noexcept
{
    s.generation.store(0, std::memory_order_release);
    if (find(s.fd) == &s)
        by_fd_[static_cast<std::size_t>(s.fd)] = 0;
    free_.push_back(s.index);
    if (observer_)
        observer_->ended(s.what.id);
}

registrations::slot* registrations::find(int fd) noexcept
{
    auto const i = static_cast<std::size_t>(fd);
    if (fd < 0 || i >= by_fd_.size() || by_fd_[i] == 0)
        return nullptr;
    return &slots_[by_fd_[i] - 1];
}

registrations::slot* registrations::find(key k) noexcept
{
    auto const index = static_cast<std::uint32_t>(k);
    if (k == 0 || index >= slots_.size() || slots_[index].key() != k)
        return nullptr;
    return &slots_[index];
}

} // namespace urio::reactor::detail
