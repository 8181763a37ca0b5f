// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Which poll an io_source is registered with. All checks come before the change, and the
// change is noted only once it is made: a call that fails alters nothing.

#include "descriptor_flags.hpp"
#include "selector.hpp"

#include <urio/reactor/io_source.hpp>

#include <utility>

namespace urio::reactor::detail
{
namespace
{

/// The registration is gone: the descriptor was closed or deregistered by other means.
bool gone(const error_code& ec) noexcept
{
    return ec == error_of(ENOENT) || ec == error_of(EBADF);
}

} // namespace

association::association(association&& other) noexcept
    : selector_(std::move(other.selector_))
    , key_(std::exchange(other.key_, 0))
    , tells_(std::exchange(other.tells_, false))
{
}

association& association::operator=(association&& other) noexcept
{
    selector_ = std::move(other.selector_);
    key_ = std::exchange(other.key_, 0);
    tells_ = std::exchange(other.tells_, false);
    return *this;
}

void association::add(int fd, const registry& r, token t, interest i, trigger when,
                      error_code& ec)
{
    if (auto const current = key_ != 0 ? selector_.lock() : nullptr;
        current && current->registered(key_))
    {
        ec = error_of(EEXIST);
        return;
    }
    key const k = r.selector_->add(fd, {t, i, when}, ec);
    if (ec)
        return;
    selector_ = r.selector_;
    key_ = k;
    tells_ = r.selector_->wants_failures();
}

void association::change(int fd, const registry& r, token t, interest i, trigger when,
                         error_code& ec)
{
    auto const current = key_ != 0 ? selector_.lock() : nullptr;
    if (current != r.selector_)
    {
        ec = error_of(current ? EEXIST : ENOENT);
        return;
    }
    key const k = current->change(fd, {t, i, when}, ec);
    if (!ec)
        key_ = k;
    else if (gone(ec))
        *this = association();
}

void association::remove(int fd, const registry& r, error_code& ec)
{
    auto const current = key_ != 0 ? selector_.lock() : nullptr;
    if (current != r.selector_)
    {
        ec = error_of(ENOENT);
        return;
    }
    current->remove(fd, ec);
    if (!ec || gone(ec))
        *this = association();
}

void association::release() noexcept
{
    if (key_ == 0)
        return;
    if (auto const current = selector_.lock())
        current->release(key_);
    *this = association();
}

void association::failed(interest directions, const error_code& ec) const noexcept
{
    if (!tells_)
        return;
    if (auto const current = selector_.lock())
        current->failed(key_, directions, ec);
}

} // namespace urio::reactor::detail
