// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The echo server of echo_server_epoll.cpp on urio::reactor: on epoll, or on poll(2) with
// the argument `poll`.

#include <urio/reactor.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace
{

using namespace urio::reactor;
namespace errc = boost::system::errc;

constexpr token listener_token(0);
constexpr token input_token(1);
constexpr std::size_t first_connection = 2;

struct connection
{
    explicit connection(tcp_stream s) : stream(std::move(s)) {}

    bool advance()
    {
        error_code ec;
        for (;;)
        {
            while (begin != end)
            {
                begin += stream.write(const_buffer(data + begin, end - begin), ec);
                if (ec)
                    return ec == errc::operation_would_block;
            }
            std::size_t const n = stream.read(data, ec);
            if (ec)
                return ec == errc::operation_would_block;
            if (n == 0)
                return false;
            begin = 0;
            end = n;
        }
    }

    tcp_stream stream;
    std::size_t begin = 0;
    std::size_t end = 0;
    char data[4096];
};

class server
{
public:
    explicit server(selector_kind kind) : poll_({.selector = kind})
    {
        poll_.registry().register_source(listener_, listener_token, interest::readable);
        poll_.registry().register_source(input_, input_token, interest::readable);
    }

    std::uint16_t port() const { return listener_.local_address().port(); }

    // Returns the number of waits.
    std::uint64_t run()
    {
        events ready(256);
        for (std::uint64_t waits = 1;; ++waits)
        {
            poll_.wait(ready);
            for (const event& e : ready)
            {
                if (e.token() == input_token)
                    return waits;
                if (e.token() == listener_token)
                    accept();
                else if (auto& c = connections_[e.token().value - first_connection];
                         c && !c->advance())
                    c.reset();
            }
        }
    }

private:
    void accept()
    {
        for (;;)
        {
            error_code ec;
            auto [stream, peer] = listener_.accept(ec);
            if (ec)
                return;
            stream.set_nodelay(true, ec);
            connections_.push_back(std::make_unique<connection>(std::move(stream)));
            poll_.registry().register_source(
                connections_.back()->stream,
                token(first_connection + connections_.size() - 1),
                interest::readable | interest::writable);
        }
    }

    urio::reactor::poll poll_;
    tcp_listener listener_ = tcp_listener::bind(socket_address::v4({127, 0, 0, 1}, 0));
    source_fd input_{0};
    std::vector<std::unique_ptr<connection>> connections_; // by token
};

} // namespace

int main(int argc, char** argv)
try
{
    bool const on_poll = argc > 1 && std::string(argv[1]) == "poll";
    server s(on_poll ? selector_kind::poll : selector_kind::automatic);
    std::printf("%d\n", s.port());
    std::fflush(stdout);
    std::printf("%llu\n", static_cast<unsigned long long>(s.run()));
}
catch (const std::exception& e)
{
    std::fprintf(stderr, "echo_server_reactor: %s\n", e.what());
    return 1;
}
