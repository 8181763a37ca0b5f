// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The steps of random programs on stream sockets and their acceptors.
#pragma once

#include "common_steps.hpp"
#include "connecting_steps.hpp"
#include "stall.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/completion_condition.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <string>
#include <type_traits>

namespace test::programs
{

template <class Network, class Protocol>
class stream_steps : connecting_steps<Network, Protocol>
{
    using base = connecting_steps<Network, Protocol>;
    using typename base::socket_holder;
    using error_code = boost::system::error_code;
    using base::note;
    using base::tracker_;

public:
    explicit stream_steps(tracker<Network>& t) : base(t) {}

    void run(const step& s)
    {
        if (this->run_on_acceptor(s))
            return;
        socket_holder& h = this->socket(s.object);
        socket_holder& other = this->socket(s.other);
        if (this->common_.is_reserved(h) || this->common_.is_reserved(other))
            return note(s, "does not apply");
        if (this->common_.run(s, h, other) || this->run_connecting(s, h, other))
            return;
        // Not comparable: after a connection was refused, what a further operation
        // reports depends on who took that error, see doc/swap.md.
        if (h.id && h.id->refused)
            return note(s, "does not apply");
        switch (s.what)
        {
        case action::send:
        case action::async_send:
        case action::async_write:
            return send(s, h);
        case action::receive:
        case action::async_receive:
        case action::async_read:
            return receive(s, h);
        case action::stall:
            return stall(s, h);
        case action::shutdown:
            return shutdown(s, h);
        case action::available:
            return available(s, h);
        case action::option:
            return option(s, h);
        default:
            return endpoints(s, h);
        }
    }

private:
    static constexpr std::size_t room = 40'000; // any socket buffer has it

    // Bytes that depend on their place in the stream.
    static std::string make_data(identity* i, std::size_t size)
    {
        std::string data(size, '\0');
        for (char& c : data)
        {
            std::size_t const n = i ? i->position++ : 0;
            c = static_cast<char>(n * 131 + n / 251 + (i ? i->number : 0));
        }
        return data;
    }

    void send(const step& s, socket_holder& h)
    {
        identity* const i = h.id.get();
        // Several sends may be on their way, as long as nobody sees where one ends, and
        // none fails.
        const identity* const peer = i ? peer_of(*i) : nullptr;
        bool const joins = peer && s.what == action::async_send && i->sending &&
                           !i->shut_send && !peer->shut_receive &&
                           !tracker_.has_pending(peer, POLLIN);
        if (!joins)
            tracker_.settle_before(h.id);
        if (i && i->link && i->position - i->link->consumed[i->side] + s.size > room)
            return note(s, "does not fit");
        // Not comparable: after an error Asio waits for a further event, which may not
        // come; urio reports it again.
        if (i && i->send_has_failed && s.what != action::send)
            return note(s, "does not apply");
        // As it is while another send waits for a connection.
        if (i && tracker_.has_pending(i, POLLOUT) && !joins)
            return note(s, "does not apply");
        if (s.what == action::send && i && !poll_now(i->descriptor, POLLOUT))
            return note(s, "would wait");
        std::string data = make_data(i, s.size);
        if (i)
        {
            tracker_.moves(*i);
            i->sending = s.what == action::async_send;
        }
        auto const sent = [i = h.id](error_code ec, std::size_t n)
        {
            if (i && ec && ec != boost::asio::error::operation_aborted)
                i->send_has_failed = true;
            if (i && i->link)
                i->link->sent[i->side] += n;
        };
        if (s.what == action::send)
        {
            error_code ec;
            std::size_t const n = h.object->send(boost::asio::buffer(data), 0, ec);
            sent(ec, n);
            return note(s, show(ec), ", ", n);
        }
        auto op = tracker_.start(s, h.id, s.size == 0 ? "" : ".write", POLLOUT);
        op->buffer = std::move(data);
        auto const buffer = boost::asio::buffer(op->buffer);
        if (s.what == action::async_write)
            op->object = h.object.get();
        if (s.what == action::async_send)
            h.object->async_send(buffer, tracker_.handler(op, sent));
        else
            boost::asio::async_write(*h.object, buffer, tracker_.handler(op, sent));
    }

    bool is_reading(const std::shared_ptr<identity>& i) const
    {
        auto const all = tracker_.pending_on(i);
        return std::any_of(all.begin(), all.end(),
                           [](auto& op) { return op->what == name(action::async_read); });
    }

    void receive(const step& s, socket_holder& h)
    {
        tracker_.settle_before(h.id);
        identity* const i = h.id.get();
        // Reads in parts must not be mixed with others.
        if (i && (is_reading(h.id) || tracker_.is_waiting(h.id, POLLIN) ||
                  (s.what == action::async_read && tracker_.has_pending(i, POLLIN))))
            return note(s, "does not apply");
        // Not comparable: after an end or an error Asio waits for a further event, which
        // does not come; urio reports it again.
        if (i && i->receive_has_failed && s.what != action::receive)
            return note(s, "does not apply");
        bool const readable = i && is_readable(i->descriptor);
        auto const received = [i = h.id](error_code ec, std::size_t n)
        {
            if (i && i->link)
            {
                i->link->consumed[1 - i->side] += n;
                i->link->in_parts[1 - i->side] = 0;
            }
            if (i && ec && ec != boost::asio::error::operation_aborted)
                i->receive_has_failed = true;
        };
        if (s.what == action::receive)
        {
            if (i && !readable && s.size != 0 && !h.object->non_blocking())
                return note(s, "would wait");
            std::string data(s.size, '\0');
            error_code ec;
            std::size_t const n = h.object->receive(boost::asio::buffer(data), 0, ec);
            received(ec, n);
            return note(s, show(ec), ", ", n, ", checksum ",
                        checksum(std::string_view(data).substr(0, n)));
        }
        auto op = tracker_.start(s, h.id, s.size == 0 ? "" : ".read", POLLIN, s.size);
        if (s.size == 0)
            op->doomed = true;
        if (readable)
            tracker_.moves(*i);
        auto const buffer = boost::asio::buffer(op->buffer);
        if (s.what == action::async_read)
            op->object = h.object.get();
        if (s.what == action::async_receive)
            h.object->async_receive(buffer, tracker_.handler(op, received));
        else
            boost::asio::async_read(
                *h.object, buffer,
                [i = h.id](const error_code& ec, std::size_t n)
                {
                    if (i && i->link)
                        i->link->in_parts[1 - i->side] = n;
                    return boost::asio::transfer_all()(ec, n);
                },
                tracker_.handler(op, received));
    }

    void stall(const step& s, socket_holder& h)
    {
        tracker_.settle_before(h.id);
        socket_holder* const peer = h.id ? this->find_socket(peer_of(*h.id)) : nullptr;
        if (!peer || this->common_.is_reserved(*peer) || h.id->shut_send ||
            h.id->shut_receive || peer->id->shut_send || peer->id->shut_receive ||
            !tracker_.pending_on(h.id).empty() || !tracker_.pending_on(peer->id).empty())
            return note(s, "does not apply");
        tracker_.settle();
        stalled_write<Network, typename base::socket_type>(tracker_, *h.object,
                                                           *peer->object)
            .run(s.choice, [&](const std::string& text) { note(s, text); });
        error_code ignored;
        this->common_.forget(h);
        this->common_.forget(*peer);
        h.object->close(ignored);
        peer->object->close(ignored);
    }

    void shutdown(const step& s, socket_holder& h)
    {
        tracker_.settle_before(h.id);
        // Nor is the shutdown of a connection that is being made: io_uring tries again.
        if (this->common_.shutdown_differs(h.id.get()) ||
            tracker_.has_pending(h.id.get(), POLLOUT))
            return note(s, "does not apply");
        unsigned const how = s.choice % 3;
        error_code ec;
        h.object->shutdown(static_cast<boost::asio::socket_base::shutdown_type>(how), ec);
        note(s, show(ec));
        if (ec || !h.id)
            return;
        h.id->shut_receive |= how != 1;
        h.id->shut_send |= how != 0;
        tracker_.moves(*h.id);
    }

    void available(const step& s, socket_holder& h)
    {
        tracker_.settle_before(h.id);
        error_code ec;
        std::size_t const n = h.object->available(ec);
        note(s, show(ec), ", ", n);
    }

    void option(const step& s, socket_holder& h)
    {
        using boost::asio::socket_base;
        error_code ec;
        if (s.choice % 4 == 0)
        {
            h.object->set_option(socket_base::linger(s.choice % 3 == 0, 0), ec);
            socket_base::linger o;
            h.object->get_option(o, ec);
            return note(s, "linger, ", show(ec), ", ", o.enabled(), ' ', o.timeout());
        }
        h.object->set_option(socket_base::keep_alive(s.choice % 2 != 0), ec);
        socket_base::keep_alive o;
        h.object->get_option(o, ec);
        note(s, "keep_alive, ", show(ec), ", ", o.value());
    }

    void endpoints(const step& s, socket_holder& h)
    {
        tracker_.settle_before(h.id);
        error_code ec;
        h.object->local_endpoint(ec);
        note(s, "local ", show(ec));
        auto const remote = h.object->remote_endpoint(ec);
        note(s, "remote ", show(ec));
        socket_holder* const peer = h.id ? this->find_socket(peer_of(*h.id)) : nullptr;
        error_code other;
        if (!ec && peer)
            note(s, "the peer's: ", remote == peer->object->local_endpoint(other));
    }
};

} // namespace test::programs
