// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The selector on epoll(7).

#include "platform.hpp"

#if defined(URIO_REACTOR_HAS_EPOLL)

#include "descriptor_flags.hpp"
#include "selector.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <vector>

#include <sys/epoll.h>
#include <unistd.h>

namespace urio::reactor::detail
{
namespace
{

std::uint32_t to_epoll(interest i, trigger when) noexcept
{
    std::uint32_t bits = 0;
    if (i.is_readable())
        bits |= EPOLLIN | EPOLLRDHUP;
    if (i.is_writable())
        bits |= EPOLLOUT;
    if (i.is_priority())
        bits |= EPOLLPRI;
    if (when == trigger::edge)
        bits |= EPOLLET;
    else if (when == trigger::oneshot)
        bits |= EPOLLONESHOT;
    return bits;
}

std::uint16_t from_epoll(std::uint32_t bits) noexcept
{
    std::uint16_t e = 0;
    if (bits & (EPOLLIN | EPOLLPRI))
        e |= event::readable;
    if (bits & EPOLLOUT)
        e |= event::writable;
    if (bits & EPOLLERR)
        e |= event::error;
    if (bits & EPOLLHUP || (bits & EPOLLIN && bits & EPOLLRDHUP))
        e |= event::read_closed;
    // An error alone is what the sender of a pipe gets that has lost its receiver.
    if (bits & EPOLLHUP || (bits & EPOLLOUT && bits & EPOLLERR) || bits == EPOLLERR)
        e |= event::write_closed;
    if (bits & EPOLLPRI)
        e |= event::priority;
    return e;
}

class epoll_selector final : public selector
{
public:
    explicit epoll_selector(waker_kind kind)
        : selector(kind)
        , epoll_(::epoll_create1(EPOLL_CLOEXEC))
    {
        throw_if(last_error(epoll_ < 0), "epoll_create1");
    }

    ~epoll_selector() override { ::close(epoll_); }

    selector_kind kind() const noexcept override { return selector_kind::epoll; }
    int native_handle() const noexcept override { return epoll_; }

private:
    bool knows(interest i) const noexcept override { return !i.is_aio() && !i.is_lio(); }

    int control(int operation, slot& s) noexcept
    {
        epoll_event e{};
        e.events = to_epoll(s.what.interests, trigger_of(s));
        e.data.u64 = s.key();
        return ::epoll_ctl(epoll_, operation, s.fd, &e) < 0 ? errno : 0;
    }

    int add_to_system(slot& s) override { return control(EPOLL_CTL_ADD, s); }

    int change_in_system(slot& s, const registration&) override
    {
        return control(EPOLL_CTL_MOD, s);
    }

    int remove_from_system(slot& s) override { return control(EPOLL_CTL_DEL, s); }

    void wait_in_system(events& out, const deadline& until, error_code& ec) override
    {
        std::size_t const most = std::numeric_limits<int>::max() / sizeof(epoll_event);
        ready_.resize(std::min(out.capacity(), most));
        do
        {
            int const n =
                ::epoll_wait(epoll_, ready_.data(), static_cast<int>(ready_.size()),
                             until.milliseconds());
            if (n < 0)
            {
                ec = error_of(errno);
                return;
            }
            std::lock_guard const l(mutex_);
            for (int i = 0; i < n; ++i)
            {
                epoll_event const& e = ready_[static_cast<std::size_t>(i)];
                // It is not found if it was removed since, or replaced: the system
                // reports what is new by itself.
                if (slot* const s = table_->find(e.data.u64))
                    hand_out(out, *s, from_epoll(e.events), e.events);
            }
        } while (out.empty() && !until.expired());
    }

    int epoll_;
    std::vector<epoll_event> ready_; // of the one thread that waits
};

} // namespace

std::shared_ptr<selector> make_epoll_selector(waker_kind kind)
{
    return std::make_shared<epoll_selector>(kind);
}

} // namespace urio::reactor::detail

#endif
