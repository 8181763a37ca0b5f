// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The steps of random programs that sockets and acceptors have in common.
#pragma once

#include "tracker.hpp"

#include <boost/asio/socket_base.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>

namespace test::programs
{

template <class Network>
class common_steps
{
public:
    using error_code = boost::system::error_code;

    explicit common_steps(tracker<Network>& t) : tracker_(t) {}

    /// Whether the step was one of those that are here.
    template <class Object>
    bool run(const step& s, holder<Object>& h, holder<Object>& other)
    {
        switch (s.what)
        {
        case action::wait:
            return wait(s, h), true;
        case action::cancel:
            return cancel(s, h), true;
        case action::emit:
            return emit(s, h), true;
        case action::timeout:
            return timeout(s, h), true;
        case action::close:
        case action::destroy:
            return close(s, h), true;
        case action::non_blocking:
            return non_blocking(s, h), true;
        case action::move_construct:
            return move_construct(s, h), true;
        case action::move_assign:
            return move_assign(s, h, other), true;
        case action::release_and_assign:
            return release_and_assign(s, h, other), true;
        default:
            return false;
        }
    }

    template <class... Parts>
    void note(const step& s, const Parts&... parts)
    {
        tracker_.log().note("step " + std::to_string(s.number), name(s.what), ": ",
                            parts...);
    }

    void note(const step& s, const error_code& ec) { note(s, show(ec)); }

    /// Whether the end of what a socket sends is not comparable, because of what its peer
    /// has pending.
    bool end_differs(const identity* i) const
    {
        if (!i)
            return false;
        for (auto& c : i->queue)
            if (end_differs_for(c->end[0]))
                return true;
        return end_differs_for(peer_of(*i));
    }

    /// The same of what it receives.
    bool shutdown_differs(const identity* i) const
    {
        return end_differs(i) || end_differs_for(i);
    }

    /// Whether an operation is about to open it, whenever its handler runs.
    template <class Object>
    bool is_reserved(holder<Object>& h)
    {
        if (h.was_reserved)
        {
            tracker_.settle();
            h.was_reserved = h.reserved;
        }
        return h.reserved;
    }

    /// Close whatever is pending, as far as the bookkeeping goes.
    template <class Object>
    void forget(holder<Object>& h)
    {
        if (h.id)
            tracker_.closed(h.id);
        h.id.reset();
    }

private:
    bool end_differs_for(const identity* i) const
    {
        // wait_error, see doc/swap.md. (Nor wait_write, which is never pending here.) And
        // of several that wait for something to read, Asio tells the end to the first
        // and leaves the others pending; urio tells it to all.
        return tracker_.has_pending(i, POLLPRI) || tracker_.count_pending(i, POLLIN) > 1;
    }

    template <class Object>
    void wait(const step& s, holder<Object>& h)
    {
        static constexpr short events[] = {POLLIN, POLLOUT, POLLPRI};
        unsigned const which = s.choice % 3;
        auto const type = static_cast<boost::asio::socket_base::wait_type>(which);
        tracker_.settle_before(h.id);
        const identity* const peer = h.id ? peer_of(*h.id) : nullptr;
        // Not comparable, see doc/swap.md: wait_error when the peer has shut down its
        // side, and io_uring calls one's own shutdown of what is received the same.
        if (which == 2 && h.id &&
            (h.id->shut_receive || (h.id->link && (!peer || peer->shut_send))))
            return note(s, "does not apply");
        // Nor is the order of a wait and a transfer: with Asio they queue up.
        if (s.choice >= 3 && tracker_.has_pending(h.id.get(), events[which]))
            return note(s, "does not apply");
        short const ready = h.id ? poll_now(h.id->descriptor, events[which]) : short{1};
        if (s.choice < 3)
        {
            if (!ready)
                return note(s, "would wait");
            error_code ec;
            h.object->wait(type, ec);
            return note(s, ec);
        }
        auto op = tracker_.start(s, h.id, "", events[which]);
        if (ready && h.id)
            tracker_.moves(*h.id);
        h.object->async_wait(type, tracker_.handler(op, [](error_code, std::size_t) {}));
    }

    template <class Object>
    void cancel(const step& s, holder<Object>& h)
    {
        tracker_.settle_before(h.id);
        error_code ec;
        h.object->cancel(ec);
        note(s, ec);
        cancelled(h);
    }

    // Not comparable: Asio's operations end when cancel() returns, urio's when the kernel
    // has the request.
    template <class Object>
    void cancelled(holder<Object>& h)
    {
        if (h.id)
            tracker_.moves(*h.id);
        tracker_.doom(h.id);
    }

    template <class Object>
    void emit(const step& s, holder<Object>& h)
    {
        using boost::asio::cancellation_type;
        static constexpr cancellation_type types[] = {cancellation_type::terminal,
                                                      cancellation_type::partial,
                                                      cancellation_type::total};
        tracker_.settle_before(h.id);
        auto const pending = tracker_.pending_on(h.id);
        if (!h.id || pending.empty())
            return note(s, "does not apply");
        auto const op = pending[s.choice % pending.size()];
        // Not comparable: with Asio, the slot of an operation refers to the object that
        // it was started from, which is not the socket any more; urio's to the operation.
        if (op->moved)
            return note(s, "does not apply");
        // Asio's composed operations pay attention to these two only.
        bool const composed =
            op->what == name(action::async_read) || op->what == name(action::async_write);
        auto const type = types[s.choice % (composed ? 2 : 3)];
        note(s, op->number, ' ', op->what);
        op->signal.emit(type);
        tracker_.moves(*h.id);
        op->doomed = true;
    }

    template <class Object>
    void timeout(const step& s, holder<Object>& h)
    {
        tracker_.settle_before(h.id);
        if (!h.id || tracker_.pending_on(h.id).empty())
            return note(s, "does not apply");
        boost::asio::steady_timer timer(tracker_.context(), std::chrono::milliseconds(1));
        bool expired = false;
        timer.async_wait(
            [&](error_code)
            {
                error_code ec;
                h.object->cancel(ec);
                note(s, ec);
                cancelled(h);
                expired = true;
            });
        while (!expired)
            Network::turn(tracker_.context());
    }

    template <class Object>
    void close(const step& s, holder<Object>& h)
    {
        tracker_.settle_before(h.id);
        if (end_differs(h.id.get()) ||
            (s.what == action::destroy && tracker_.is_referred_to(h.object.get())))
            return note(s, "does not apply");
        forget(h);
        if (s.what == action::destroy)
        {
            h.object = std::make_unique<Object>(tracker_.context());
            return;
        }
        error_code ec;
        h.object->close(ec);
        note(s, show(ec), h.object->is_open() ? ", open" : ", not open");
    }

    template <class Object>
    void non_blocking(const step& s, holder<Object>& h)
    {
        error_code ec;
        bool const mode = s.choice % 2 != 0;
        tracker_.settle_before(h.id);
        // With Asio, what is pending would block the loop then.
        if (!mode && h.id && !tracker_.pending_on(h.id).empty())
            return note(s, "does not apply");
        s.choice % 3 != 0 ? h.object->non_blocking(mode, ec)
                          : h.object->native_non_blocking(mode, ec);
        note(s, show(ec), ", ", h.object->non_blocking());
    }

    template <class Object>
    void move_construct(const step& s, holder<Object>& h)
    {
        if (tracker_.is_referred_to(h.object.get()))
            return note(s, "does not apply");
        h.object = std::make_unique<Object>(std::move(*h.object));
        tracker_.moved(h.id);
    }

    template <class Object>
    void move_assign(const step& s, holder<Object>& h, holder<Object>& to)
    {
        tracker_.settle_before(to.id);
        if (&h == &to || end_differs(to.id.get()))
            return note(s, "does not apply");
        forget(to);
        *to.object = std::move(*h.object);
        to.id = std::move(h.id);
        h.id.reset();
        tracker_.moved(to.id);
        note(s, h.object->is_open(), ' ', to.object->is_open());
    }

    template <class Object>
    void release_and_assign(const step& s, holder<Object>& h, holder<Object>& to)
    {
        tracker_.settle_before(h.id);
        if (end_differs(h.id.get()))
            return note(s, "does not apply");
        typename Object::protocol_type const protocol =
            typename Object::endpoint_type().protocol();
        error_code ec;
        int const descriptor = h.object->release(ec);
        note(s, show(ec), ", ", h.object->is_open());
        if (ec)
            return;
        tracker_.doom(h.id);
        auto const id = std::move(h.id);
        h.id.reset();
        to.object->assign(protocol, descriptor, ec);
        note(s, show(ec), ", ", to.object->is_open());
        if (!ec)
        {
            to.id = id;
            return;
        }
        tracker_.closed(id);
        ::close(descriptor);
    }

    tracker<Network>& tracker_;
};

} // namespace test::programs
