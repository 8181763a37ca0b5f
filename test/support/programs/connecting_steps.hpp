// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The steps of random programs that make connections: opening, connecting, accepting.
#pragma once

#include "addresses.hpp"
#include "common_steps.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

namespace test::programs
{

template <class Network, class Protocol>
class connecting_steps
{
protected:
    using socket_type = typename Protocol::socket;
    using acceptor_type = typename Protocol::acceptor;
    using socket_holder = holder<socket_type>;
    using acceptor_holder = holder<acceptor_type>;
    using endpoint = typename Protocol::endpoint;
    using error_code = boost::system::error_code;

    explicit connecting_steps(tracker<Network>& t) : tracker_(t), common_(t)
    {
        for (auto& h : sockets_)
            h.object = std::make_unique<socket_type>(t.context());
        for (auto& h : acceptors_)
            h.object = std::make_unique<acceptor_type>(t.context());
    }

    template <class... Parts>
    void note(const step& s, const Parts&... parts)
    {
        common_.note(s, parts...);
    }

    socket_holder& socket(unsigned n) { return sockets_[n % sockets_.size()]; }

    socket_holder* find_socket(const identity* i)
    {
        auto const at = std::find_if(sockets_.begin(), sockets_.end(),
                                     [&](auto& h) { return i && h.id.get() == i; });
        return at == sockets_.end() ? nullptr : &*at;
    }

    /// Whether the step was one of those on acceptors.
    bool run_on_acceptor(const step& s)
    {
        acceptor_holder& h = acceptors_[s.object % acceptors_.size()];
        acceptor_holder& other = acceptors_[s.other % acceptors_.size()];
        switch (s.what)
        {
        case action::open_acceptor:
            return open(s, h), true;
        case action::bind:
            return bind(s, h, other), true;
        case action::listen:
            return listen(s, h), true;
        case action::set_up_acceptor:
            if (h.id)
                return note(s, "does not apply"), true;
            open(s, h);
            bind(s, h, h);
            return listen(s, h), true;
        case action::accept:
            return accept(s, h, socket(s.other)), true;
        case action::async_accept:
        case action::async_move_accept:
            return async_accept(s, h, socket(s.other)), true;
        default:
            return s.on_acceptor && common_.run(s, h, other);
        }
    }

    bool run_connecting(const step& s, socket_holder& h, socket_holder& other)
    {
        switch (s.what)
        {
        case action::open:
            return open(s, h), true;
        case action::pair:
            return pair(s, h, other), true;
        case action::connect:
        case action::async_connect:
        case action::connect_refused:
        case action::async_connect_refused:
        case action::async_connect_stalled:
            return connect(s, h), true;
        default:
            return false;
        }
    }

    tracker<Network>& tracker_;
    common_steps<Network> common_;

private:
    template <class Object>
    void open(const step& s, holder<Object>& h)
    {
        error_code ec;
        h.object->open(endpoint().protocol(), ec);
        note(s, show(ec));
        if (!ec)
            h.id = tracker_.opened(h.object->native_handle());
    }

    void bind(const step& s, acceptor_holder& h, acceptor_holder& other)
    {
        tracker_.settle_before(h.id);
        error_code ec;
        // To an address that is taken, if there is another acceptor that has one.
        endpoint to = addresses_.free_one();
        if (&h != &other && other.id && other.id->listening)
            to = other.object->local_endpoint(ec);
        h.object->bind(to, ec);
        note(s, show(ec));
    }

    void listen(const step& s, acceptor_holder& h)
    {
        tracker_.settle_before(h.id);
        error_code ec;
        h.object->listen(64, ec);
        note(s, show(ec));
        if (!ec)
        {
            h.id->listening = true;
            tracker_.moves(*h.id);
        }
    }

    void pair(const step& s, socket_holder& h, socket_holder& other)
    {
        if (h.id || other.id || &h == &other)
            return note(s, "does not apply");
        acceptor_type a(tracker_.context(), addresses_.free_one());
        h.object->connect(a.local_endpoint());
        a.accept(*other.object);
        h.id = tracker_.opened(h.object->native_handle());
        other.id = tracker_.opened(other.object->native_handle());
        tracker_.accepted(*other.id, tracker_.connect(*h.id));
    }

    // Where the step goes, and who listens there.
    std::pair<endpoint, acceptor_holder*> target(const step& s)
    {
        if constexpr (addresses<Protocol>::is_tcp)
            if (s.what == action::async_connect_stalled)
                return {addresses_.full.endpoint(), nullptr};
        acceptor_holder& a = acceptors_[s.other % acceptors_.size()];
        bool const somebody =
            s.what == action::connect || s.what == action::async_connect;
        if (somebody && a.id && a.id->listening)
            return {a.object->local_endpoint(), &a};
        return {addresses_.nobodys(), nullptr};
    }

    void connect(const step& s, socket_holder& h)
    {
        tracker_.settle_before(h.id);
        // Not comparable, see doc/swap.md: a socket that has been connected, or refused,
        // by an asynchronous operation, whose outcome Asio's does not take from
        // connect(2). (Nor are two at a time.)
        if (h.id && (!h.id->can_connect || ends_a_pending_operation(h)))
            return note(s, "does not apply");
        auto const [to, acceptor] = target(s);
        if (acceptor && acceptor->id->moving)
            tracker_.settle();
        bool const synchronous =
            s.what == action::connect || s.what == action::connect_refused;
        // In non-blocking mode it would be the start of a connection only.
        if (synchronous && h.object->non_blocking())
            return note(s, "does not apply");
        if (!h.id)
            h.id = tracker_.opened(-1);
        auto const id = h.id;
        std::shared_ptr<connection> link;
        if (acceptor && !id->link)
        {
            link = tracker_.connect(*id);
            acceptor->id->queue.push_back(link);
            acceptor->id->moving = true;
        }
        auto const connected = [link, id](error_code ec, std::size_t)
        {
            if (ec && link)
                id->link.reset();
            id->refused = ec == boost::asio::error::connection_refused;
        };
        if (synchronous)
        {
            error_code ec;
            h.object->connect(to, ec);
            id->descriptor = h.object->native_handle();
            note(s, show(ec));
            connected(ec, 0);
            id->can_connect = !id->asynchronous; // which makes this one a bit so, too
        }
        else
        {
            auto op = tracker_.start(s, id, "", POLLOUT);
            h.object->async_connect(to, tracker_.handler(op, connected));
            id->descriptor = h.object->native_handle();
            id->can_connect = false;
        }
        tracker_.settle();
    }

    bool ends_a_pending_operation(const socket_holder& h) const
    {
        return !tracker_.pending_on(h.id).empty();
    }

    void accept(const step& s, acceptor_holder& h, socket_holder& peer)
    {
        tracker_.settle_before(h.id);
        tracker_.settle_before(peer.id);
        if (common_.is_reserved(peer))
            return note(s, "does not apply");
        if (h.id && h.id->listening && !peer.id && !h.object->non_blocking() &&
            !is_readable(h.id->descriptor))
            return note(s, "would wait");
        error_code ec;
        h.object->accept(*peer.object, ec);
        note(s, show(ec), ", ", peer.object->is_open());
        if (!ec)
            accepted(h.id, peer);
    }

    void accepted(const std::shared_ptr<identity>& acceptor, socket_holder& peer)
    {
        peer.id = tracker_.opened(peer.object->native_handle());
        if (acceptor->queue.empty())
            return tracker_.log().note("acceptor", "accepts what nobody has connected");
        tracker_.accepted(*peer.id, acceptor->queue.front());
        acceptor->queue.pop_front();
    }

    void async_accept(const step& s, acceptor_holder& h, socket_holder& peer)
    {
        tracker_.settle_before(h.id);
        tracker_.settle_before(peer.id);
        bool const reserved = common_.is_reserved(peer);
        bool const moves = s.what == action::async_move_accept;
        if (reserved || (moves && peer.id))
            return note(s, "does not apply");
        auto op = tracker_.start(s, h.id, peer.id ? "" : ".accept", POLLIN);
        if (peer.id)
            op->doomed = true;
        if (h.id && is_readable(h.id->descriptor))
            tracker_.moves(*h.id);
        peer.reserved = peer.was_reserved = true;
        auto const end = [this, &peer, id = h.id](error_code ec)
        {
            peer.reserved = false;
            if (!ec)
                accepted(id, peer);
        };
        if (!moves)
            return h.object->async_accept(
                *peer.object,
                tracker_.handler(op, [end](error_code ec, std::size_t) { end(ec); }));
        auto const slot = op->signal.slot();
        h.object->async_accept(boost::asio::bind_cancellation_slot(
            slot,
            [this, end, op, &peer, token = handler_token(tracker_.alive())](
                error_code ec, socket_type accepted_socket)
            {
                tracker_.finish(*op, ec, 0);
                if (!ec)
                    *peer.object = std::move(accepted_socket);
                end(ec);
            }));
    }

    addresses<Protocol> addresses_;
    std::array<socket_holder, 6> sockets_;
    std::array<acceptor_holder, 2> acceptors_;
};

} // namespace test::programs
