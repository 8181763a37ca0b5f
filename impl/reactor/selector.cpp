// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "selector.hpp"

#include "descriptor_flags.hpp"

#include <urio/reactor/poll.hpp>

#include <boost/system/system_error.hpp>

namespace urio::reactor::detail
{

selector::selector(waker_kind kind) : waker_kind_(kind) {}

selector::~selector() = default;

void selector::wait(events& out, timeout limit, error_code& ec)
{
    out.entries_.clear();
    if (out.keeps_ != table_) // counting references costs more than looking
        out.keeps_ = table_;
    ec.clear();
    if (out.capacity_ == 0)
    {
        ec = error_of(EINVAL);
        return;
    }
    wait_in_system(out, deadline(limit), ec);
}

key selector::add(int fd, const registration& what, error_code& ec)
{
    ec.clear();
    if (!knows(what.interests))
    {
        ec = make_error_code(boost::system::errc::operation_not_supported);
        return 0;
    }
    if (fd < 0)
    {
        ec = error_of(EBADF);
        return 0;
    }
    std::lock_guard const l(mutex_);
    if (observed_)
        reported_.reserve(table_->slots().size() + 1);
    slot& s = table_->allocate(fd, what);
    if (int const e = add_to_system(s))
    {
        table_->erase(s);
        ec = error_of(e);
        return 0;
    }
    // One may have been there: of a descriptor with the same number, closed without
    // having been deregistered.
    table_->bind(s);
    return s.key();
}

key selector::change(int fd, const registration& what, error_code& ec)
{
    ec.clear();
    if (!knows(what.interests))
    {
        ec = make_error_code(boost::system::errc::operation_not_supported);
        return 0;
    }
    std::lock_guard const l(mutex_);
    slot* const s = table_->find(fd);
    if (!s)
    {
        ec = error_of(ENOENT);
        return 0;
    }
    registration const before = s->what;
    std::uint32_t const generation = s->generation.load(std::memory_order_relaxed);
    table_->renew(*s, what);
    if (int const e = change_in_system(*s, before))
    {
        ec = error_of(e);
        s->what = before;
        s->generation.store(generation, std::memory_order_release);
        table_->renewed(what.id);
        if (e == ENOENT || e == EBADF)
            table_->erase(*s); // closed without having been deregistered
        return 0;
    }
    table_->renewed(before.id);
    return s->key();
}

void selector::remove(int fd, error_code& ec)
{
    std::lock_guard const l(mutex_);
    slot* const s = table_->find(fd);
    int const e = s ? remove_from_system(*s) : ENOENT;
    ec = last_error(false);
    if (e)
        ec = error_of(e);
    if (s && (!e || e == ENOENT || e == EBADF))
        table_->erase(*s);
}

void selector::release(key k) noexcept
{
    std::lock_guard const l(mutex_);
    slot* const s = table_->find(k);
    if (!s)
        return;
    remove_from_system(*s);
    table_->erase(*s);
}

std::optional<registration> selector::find(int fd)
{
    std::lock_guard const l(mutex_);
    slot* const s = table_->find(fd);
    if (!s)
        return std::nullopt;
    return s->what;
}

bool selector::registered(key k)
{
    std::lock_guard const l(mutex_);
    return table_->find(k) != nullptr;
}

void selector::observe(token_observer* o) noexcept
{
    std::lock_guard const l(mutex_);
    table_->observe(o);
    observed_ = observed_ || o;
}

void selector::report_again(std::optional<token> which) noexcept
{
    if (!any_reported_.load(std::memory_order_relaxed))
        return;
    std::lock_guard const l(mutex_);
    std::erase_if(reported_,
                  [&](key k)
                  {
                      slot* const s = table_->find(k);
                      if (s && which && s->what.id != *which)
                          return false;
                      if (int const e = s ? change_in_system(*s, s->what) : 0;
                          e == ENOENT || e == EBADF)
                          table_->erase(*s); // closed without having been deregistered
                      return true;
                  });
    any_reported_.store(!reported_.empty(), std::memory_order_relaxed);
}

void selector::open_waker(token t, error_code& ec)
{
    {
        std::lock_guard const l(mutex_);
        if (waker_)
        {
            ec = error_of(EEXIST);
            return;
        }
        try
        {
            waker_ = std::make_unique<wake_descriptor>(waker_kind_);
        }
        catch (const boost::system::system_error& e)
        {
            ec = e.code();
            return;
        }
    }
    key const k = add(waker_->fd(), {t, interest::readable, trigger::edge}, ec);
    std::lock_guard const l(mutex_);
    waker_key_ = k;
    if (ec)
        waker_.reset();
}

void selector::wake(error_code& ec) const noexcept
{
    waker_->signal(ec);
}

void selector::close_waker() noexcept
{
    release(waker_key_);
    std::lock_guard const l(mutex_);
    waker_key_ = 0;
    waker_.reset();
}

bool selector::full(const events& out) noexcept
{
    return out.entries_.size() == out.capacity_;
}

void selector::hand_out(events& out, const slot& s, std::uint16_t bits,
                        std::uint32_t native)
{
    bool const level = s.what.when == trigger::level;
    out.entries_.push_back({event(s.what.id, bits, native), &s.generation,
                            s.generation.load(std::memory_order_relaxed), level});
    if (level && observed_)
    {
        // There is room for all that there are.
        if (reported_.size() == reported_.capacity())
            std::erase_if(reported_, [this](key k) { return !table_->find(k); });
        reported_.push_back(s.key());
        any_reported_.store(true, std::memory_order_relaxed);
    }
}

void selector::hand_out(events& out, const event& e)
{
    out.entries_.push_back({e, nullptr, 0, false});
}

poll access::make_poll(std::shared_ptr<selector> s)
{
    return poll(std::move(s));
}

} // namespace urio::reactor::detail
