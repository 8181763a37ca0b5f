// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The public side: poll, registry, waker, and which selector there is.

#include "descriptor_flags.hpp"
#include "platform.hpp"
#include "selector.hpp"

#include <urio/reactor/poll.hpp>
#include <urio/reactor/source_fd.hpp>
#include <urio/reactor/waker.hpp>

#include <boost/system/system_error.hpp>

#include <stdexcept>

namespace urio::reactor
{
namespace detail
{

void throw_if(const error_code& ec, const char* what)
{
    if (ec)
        throw boost::system::system_error(ec, what);
}

std::shared_ptr<selector> make_selector(const options& o)
{
    if (!supported(o.selector, o.waker))
        throw_if(make_error_code(boost::system::errc::operation_not_supported),
                 "reactor::poll");
    switch (o.selector)
    {
#if defined(URIO_REACTOR_HAS_EPOLL)
    case selector_kind::automatic:
    case selector_kind::epoll:
        return make_epoll_selector(o.waker);
#endif
#if defined(URIO_REACTOR_HAS_KQUEUE)
    case selector_kind::automatic:
    case selector_kind::kqueue:
        return make_kqueue_selector(o.waker);
#endif
    default:
        return make_poll_selector(o.waker);
    }
}

namespace
{

std::shared_ptr<selector> try_to_make(const options& o, error_code& ec)
{
    ec.clear();
    try
    {
        return make_selector(o);
    }
    catch (const boost::system::system_error& e)
    {
        ec = e.code();
        return nullptr;
    }
}

} // namespace
} // namespace detail

bool supported(selector_kind kind) noexcept
{
    switch (kind)
    {
    case selector_kind::epoll:
#if defined(URIO_REACTOR_HAS_EPOLL)
        return true;
#else
        return false;
#endif
    case selector_kind::kqueue:
#if defined(URIO_REACTOR_HAS_KQUEUE)
        return true;
#else
        return false;
#endif
    default:
        return true;
    }
}

bool supported(selector_kind selector, waker_kind waker) noexcept
{
    switch (waker)
    {
    case waker_kind::eventfd:
#if defined(URIO_REACTOR_HAS_EVENTFD)
        return supported(selector);
#else
        return false;
#endif
    case waker_kind::kqueue_user:
#if defined(URIO_REACTOR_HAS_KQUEUE_USER)
        return selector == selector_kind::kqueue || selector == selector_kind::automatic;
#else
        return false;
#endif
    default:
        return supported(selector);
    }
}

const char* to_string(selector_kind kind) noexcept
{
    switch (kind)
    {
    case selector_kind::epoll:
        return "epoll";
    case selector_kind::poll:
        return "poll";
    case selector_kind::kqueue:
        return "kqueue";
    default:
        return "automatic";
    }
}

events::events(std::size_t capacity) : capacity_(capacity)
{
    entries_.reserve(capacity);
}

poll::poll(const options& o) : registry_(detail::make_selector(o)) {}

poll::poll(const options& o, error_code& ec) : registry_(detail::try_to_make(o, ec)) {}

void poll::wait(events& out, timeout limit, error_code& ec)
{
    registry_.selector_->wait(out, limit, ec);
}

void poll::wait(events& out, timeout limit)
{
    error_code ec;
    wait(out, limit, ec);
    detail::throw_if(ec, "wait");
}

selector_kind registry::selector() const noexcept
{
    return selector_->kind();
}

int registry::native_handle() const noexcept
{
    return selector_->native_handle();
}

std::optional<detail::registration> registry::find(int fd, error_code& ec) const
{
    auto const found = selector_->find(fd);
    ec = detail::last_error(false);
    if (!found)
        ec = detail::error_of(ENOENT);
    return found;
}

void source_fd::register_with(const registry& r, token t, interest i, trigger when,
                              error_code& ec)
{
    r.selector_->add(fd_, {t, i, when}, ec);
}

void source_fd::reregister_with(const registry& r, token t, interest i, trigger when,
                                error_code& ec)
{
    r.selector_->change(fd_, {t, i, when}, ec);
}

void source_fd::deregister_from(const registry& r, error_code& ec)
{
    r.selector_->remove(fd_, ec);
}

waker::waker(const registry& r, token t)
{
    error_code ec;
    *this = waker(r, t, ec);
    detail::throw_if(ec, "waker");
}

waker::waker(const registry& r, token t, error_code& ec)
{
    r.selector_->open_waker(t, ec);
    if (!ec)
        selector_ = r.selector_;
}

waker& waker::operator=(waker&& other) noexcept
{
    if (this != &other)
    {
        close();
        selector_ = std::move(other.selector_);
    }
    return *this;
}

waker::~waker()
{
    close();
}

void waker::close() noexcept
{
    if (selector_)
        selector_->close_waker();
    selector_.reset();
}

void waker::wake(error_code& ec) const noexcept
{
    selector_->wake(ec);
}

void waker::wake() const
{
    error_code ec;
    wake(ec);
    detail::throw_if(ec, "wake");
}

} // namespace urio::reactor
