// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The steps of random programs on UDP sockets.
#pragma once

#include "common_steps.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address_v4.hpp>

#include <array>
#include <memory>
#include <string>

namespace test::programs
{

template <class Network>
class datagram_steps
{
    using udp = typename Network::udp;
    using socket = typename udp::socket;
    using socket_holder = holder<socket>;
    using endpoint = typename udp::endpoint;
    using error_code = boost::system::error_code;

public:
    explicit datagram_steps(tracker<Network>& t) : tracker_(t), common_(t)
    {
        for (auto& h : sockets_)
            h.object = std::make_unique<socket>(t.context());
    }

    void run(const step& s)
    {
        socket_holder& h = at(s.object);
        socket_holder& other = at(s.other);
        if (common_.run(s, h, other))
            return;
        switch (s.what)
        {
        case action::pair:
            open(s, h);
            return open(s, other);
        case action::open:
        case action::open_acceptor:
        case action::set_up_acceptor:
            return open(s, h);
        case action::connect:
        case action::connect_refused:
        case action::async_connect:
        case action::async_connect_refused:
            return connect(s, h, other);
        case action::send:
        case action::async_send:
        case action::async_write:
            return send(s, h, other);
        case action::receive:
        case action::async_receive:
        case action::async_read:
            return receive(s, h);
        case action::available:
            return available(s, h);
        default:
            return common_.note(s, "does not apply");
        }
    }

private:
    socket_holder& at(unsigned n) { return sockets_[n % sockets_.size()]; }

    void open(const step& s, socket_holder& h)
    {
        error_code ec;
        h.object->open(udp::v4(), ec);
        common_.note(s, show(ec));
        if (ec)
            return;
        h.id = tracker_.opened(h.object->native_handle());
        h.object->bind({boost::asio::ip::address_v4::loopback(), 0}, ec);
        common_.note(s, show(ec));
    }

    // Ports differ, whose they are does not.
    std::string whose(const endpoint& e)
    {
        for (unsigned n = 0; n != sockets_.size(); ++n)
        {
            error_code ec;
            if (sockets_[n].object->local_endpoint(ec) == e && !ec)
                return "from socket " + std::to_string(n);
        }
        return e == endpoint() ? "from nobody" : "from a socket that is gone";
    }

    // Everybody may have something to do with it.
    void settle() { tracker_.settle(); }

    void connect(const step& s, socket_holder& h, socket_holder& other)
    {
        settle();
        if (!h.id || !other.id)
            return common_.note(s, "does not apply");
        endpoint const to = other.object->local_endpoint();
        if (s.what == action::connect || s.what == action::connect_refused)
        {
            error_code ec;
            h.object->connect(to, ec);
            return common_.note(s, show(ec));
        }
        auto op = tracker_.start(s, h.id, "", POLLOUT);
        h.object->async_connect(to, tracker_.handler(op, [](error_code, std::size_t) {}));
        settle();
    }

    void send(const step& s, socket_holder& h, socket_holder& other)
    {
        settle();
        bool const to_other = s.choice % 3 != 0;
        if (to_other && !other.id)
            return common_.note(s, "does not apply");
        std::string data(s.size, static_cast<char>('a' + s.number % 26));
        endpoint const to = to_other ? other.object->local_endpoint() : endpoint();
        if (s.what == action::send)
        {
            auto const buffer = boost::asio::buffer(data);
            error_code ec;
            std::size_t const n = to_other ? h.object->send_to(buffer, to, 0, ec)
                                           : h.object->send(buffer, 0, ec);
            common_.note(s, show(ec), ", ", n);
        }
        else
        {
            auto op = tracker_.start(s, h.id, ".write", POLLOUT);
            op->buffer = std::move(data);
            auto const buffer = boost::asio::buffer(op->buffer);
            auto handler = tracker_.handler(op, [](error_code, std::size_t) {});
            if (to_other)
                h.object->async_send_to(buffer, to, std::move(handler));
            else
                h.object->async_send(buffer, std::move(handler));
        }
        settle();
    }

    void receive(const step& s, socket_holder& h)
    {
        tracker_.settle_before(h.id);
        // The order of a wait and a transfer is not comparable, see common_steps.hpp.
        if (tracker_.is_waiting(h.id, POLLIN))
            return common_.note(s, "does not apply");
        bool const readable = h.id && is_readable(h.id->descriptor);
        bool const with_sender = s.choice % 2 != 0;
        if (s.what == action::receive)
        {
            if (h.id && !readable && !h.object->non_blocking())
                return common_.note(s, "would wait");
            std::string data(s.size, '\0');
            endpoint sender;
            error_code ec;
            auto const buffer = boost::asio::buffer(data);
            std::size_t const n = with_sender
                                      ? h.object->receive_from(buffer, sender, 0, ec)
                                      : h.object->receive(buffer, 0, ec);
            return common_.note(s, show(ec), ", ", n, ", checksum ", checksum(data), ' ',
                                whose(sender));
        }
        auto op = tracker_.start(s, h.id, ".read", POLLIN, s.size);
        if (readable)
            tracker_.moves(*h.id);
        auto const buffer = boost::asio::buffer(op->buffer);
        if (!with_sender)
            return h.object->async_receive(
                buffer, tracker_.handler(op, [](error_code, std::size_t) {}));
        auto sender = std::make_shared<endpoint>();
        h.object->async_receive_from(
            buffer, *sender,
            tracker_.handler(op, [this, sender, s](error_code, std::size_t)
                             { common_.note(s, whose(*sender)); }));
    }

    void available(const step& s, socket_holder& h)
    {
        tracker_.settle_before(h.id);
        error_code ec;
        std::size_t const n = h.object->available(ec);
        common_.note(s, show(ec), ", ", n);
    }

    tracker<Network>& tracker_;
    common_steps<Network> common_;
    std::array<socket_holder, 4> sockets_;
};

} // namespace test::programs
