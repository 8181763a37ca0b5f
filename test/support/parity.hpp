// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The same scenario on Asio's own sockets and on urio's, and what can be seen of each.
#pragma once

#include "once.hpp"
#include "test.hpp"

#include <algorithm>
#include <concepts>
#include <poll.h>
#include <sstream>
#include <type_traits>
#include <utility>
#include <vector>

namespace test
{

/// The names of a scenario's types: Asio's.
struct stock
{
    using tcp = boost::asio::ip::tcp;
    using udp = boost::asio::ip::udp;
    using icmp = boost::asio::ip::icmp;
    using local_stream = boost::asio::local::stream_protocol;
    using local_datagram = boost::asio::local::datagram_protocol;
    using generic_stream = boost::asio::generic::stream_protocol;
    using generic_datagram = boost::asio::generic::datagram_protocol;
    using generic_raw = boost::asio::generic::raw_protocol;
    using generic_seq_packet = boost::asio::generic::seq_packet_protocol;
#if __has_include(<boost/asio/local/seq_packet_protocol.hpp>)
    using local_seq_packet = boost::asio::local::seq_packet_protocol;
#endif

    template <class Socket>
    static void connect_pair(Socket& a, Socket& b, error_code& ec)
    {
        boost::asio::local::connect_pair(a, b, ec);
    }
};

/// The names of a scenario's types: urio's.
struct on_urio
{
    using tcp = urio::ip::tcp;
    using udp = urio::ip::udp;
    using icmp = urio::ip::icmp;
    using local_stream = urio::local::stream_protocol;
    using local_datagram = urio::local::datagram_protocol;
    using generic_stream = urio::generic::stream_protocol;
    using generic_datagram = urio::generic::datagram_protocol;
    using generic_raw = urio::generic::raw_protocol;
    using generic_seq_packet = urio::generic::seq_packet_protocol;
#if __has_include(<boost/asio/local/seq_packet_protocol.hpp>)
    using local_seq_packet = urio::local::seq_packet_protocol;
#endif

    template <class Socket>
    static void connect_pair(Socket& a, Socket& b, error_code& ec)
    {
        urio::local::connect_pair(a, b, ec);
    }
};

// What a scenario's results look like in its log.

inline std::string line(const std::string& what, const error_code& ec)
{
    if (!ec)
        return what + ": success";
    return what + ": " + ec.category().name() + ' ' + std::to_string(ec.value()) + " (" +
           ec.message() + ')';
}

inline std::string line(const std::string& what, const error_code& ec, std::size_t bytes)
{
    return line(what, ec) + ", " + std::to_string(bytes) + " bytes";
}

template <class Value>
    requires(!std::convertible_to<const Value&, error_code>)
std::string line(const std::string& what, const Value& value)
{
    std::ostringstream text;
    text << what << " = " << std::boolalpha << value;
    return text.str();
}

using lines = std::vector<std::string>;

/// Carries out the operations of a scenario and writes down what comes of them.
class record
{
public:
    explicit record(boost::asio::io_context& c) : context_(c) {}
    record(const record&) = delete;
    record& operator=(const record&) = delete;

    boost::asio::io_context& context() const { return context_; }
    const lines& result() const { return lines_; }

    /// Stands before every line that follows.
    void section(std::string prefix) { prefix_ = std::move(prefix); }

    template <class Value>
    void note(const std::string& what, const Value& value)
    {
        lines_.push_back(line(prefix_ + what, value));
    }

    /// A synchronous operation, called with an error_code.
    template <class Function>
    void sync(const std::string& what, Function f)
    {
        // Something that success has to clear.
        error_code ec = boost::asio::error::no_permission;
        if constexpr (std::is_same_v<decltype(f(ec)), std::size_t>)
        {
            std::size_t const bytes = f(ec);
            lines_.push_back(line(prefix_ + what, ec, bytes));
        }
        else
        {
            f(ec);
            lines_.push_back(line(prefix_ + what, ec));
        }
    }

    /// What a function throws.
    template <class Function>
    void throws(const std::string& what, Function f)
    {
        error_code thrown;
        try
        {
            f();
        }
        catch (const boost::system::system_error& e)
        {
            thrown = e.code();
        }
        lines_.push_back(line(prefix_ + what, thrown));
    }

    /// Initiates an asynchronous operation, for which the function gets a handler.
    template <class Function>
    void start(const std::string& what, Function f)
    {
        f(once(completion{*this, prefix_ + what}));
    }

    /// Lets what has been started get as far as it can now.
    void turn()
    {
        context_.restart();
        context_.poll();
    }

    /// Runs until everything that was started has completed.
    void finish() { run(context_); }

    /// An asynchronous operation that completes without anything else.
    template <class Function>
    void async(const std::string& what, Function f)
    {
        start(what, std::move(f));
        finish();
    }

private:
    struct completion
    {
        record& to;
        std::string what;

        void operator()(const error_code& ec) { to.lines_.push_back(line(what, ec)); }
        void operator()(const error_code& ec, std::size_t bytes)
        {
            to.lines_.push_back(line(what, ec, bytes));
        }
    };

    boost::asio::io_context& context_;
    std::string prefix_;
    lines lines_;
};

using scenario = void (*)(record&);

/// Runs a scenario on Asio and on urio. All results must be equal, and the expected ones
/// be among them, so that both being wrong in the same way is noticed.
inline void check_parity(mode m, scenario with_asio, scenario with_urio,
                         const lines& expected)
{
    boost::asio::io_context asio;
    record of_asio(asio);
    with_asio(of_asio);

    mode_context ours(m);
    record of_urio(ours);
    with_urio(of_urio);

    BOOST_TEST(of_urio.result() == of_asio.result(), boost::test_tools::per_element());
    for (const std::string& e : expected)
        BOOST_TEST(std::count(of_urio.result().begin(), of_urio.result().end(), e) == 1,
                   "not once in the log: " << e);
}

/// The error that a socket has pending, which asking for it takes.
class pending_error
{
public:
    template <class Protocol>
    int level(const Protocol&) const
    {
        return SOL_SOCKET;
    }
    template <class Protocol>
    int name(const Protocol&) const
    {
        return SO_ERROR;
    }
    template <class Protocol>
    int* data(const Protocol&)
    {
        return &value_;
    }
    template <class Protocol>
    std::size_t size(const Protocol&) const
    {
        return sizeof value_;
    }
    template <class Protocol>
    void resize(const Protocol&, std::size_t)
    {
    }

    error_code value() const
    {
        return {value_, boost::asio::error::get_system_category()};
    }

private:
    int value_ = -1;
};

/// Takes the pending error into the log.
template <class Socket>
void note_pending_error(record& r, const std::string& what, Socket& socket)
{
    pending_error pending;
    r.sync(what + " option", [&](error_code& ec) { socket.get_option(pending, ec); });
    r.note(what, pending.value());
}

/// Waits, outside of any loop, until a socket has these events (poll(2)'s).
inline void await_events(int descriptor, short events)
{
    ::pollfd p{descriptor, events, 0};
    BOOST_REQUIRE_EQUAL(::poll(&p, 1, 30'000), 1);
}

/// Waits for what the peer's refusal brings.
inline void await_error(int descriptor)
{
    await_events(descriptor, 0);
}

inline bool has_ipv6()
{
    boost::asio::io_context c;
    boost::asio::ip::udp::socket s(c);
    error_code ec;
    s.open(boost::asio::ip::udp::v6(), ec);
    if (!ec)
        s.bind({boost::asio::ip::address_v6::loopback(), 0}, ec);
    return !ec;
}

} // namespace test
