// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An echo server with callbacks, built once on urio and once on stock Asio from
// this one source. Prints its port, and ends when its standard input does.

#if defined(BENCH_STOCK_ASIO)
#include <boost/asio.hpp>
namespace net = boost::asio;
#else
#include <urio.hpp>
namespace net = urio;
#endif

#include <array>
#include <cstdio>
#include <memory>
#include <string>

namespace
{

using boost::system::error_code;
using net::ip::tcp;

class session : public std::enable_shared_from_this<session>
{
public:
    explicit session(tcp::socket s) : socket_(std::move(s)) {}

    void read()
    {
        socket_.async_read_some(net::buffer(data_),
                                [self = shared_from_this()](error_code ec, std::size_t n)
                                {
                                    if (!ec)
                                        self->write(n);
                                });
    }

private:
    void write(std::size_t n)
    {
        net::async_write(socket_, net::buffer(data_, n),
                         [self = shared_from_this()](error_code ec, std::size_t)
                         {
                             if (!ec)
                                 self->read();
                         });
    }

    tcp::socket socket_;
    std::array<char, 4096> data_;
};

void accept(tcp::acceptor& a)
{
    a.async_accept(
        [&a](error_code ec, tcp::socket s)
        {
            if (ec)
                return;
            s.set_option(tcp::no_delay(true));
            std::make_shared<session>(std::move(s))->read();
            accept(a);
        });
}

} // namespace

int main(int argc, char** argv)
{
    std::string const mode = argc > 1 ? argv[1] : "";
    std::unique_ptr<boost::asio::io_context> made;
#if !defined(BENCH_STOCK_ASIO)
    net::uring_options options;
    if (mode == "exclusive")
        options.threads = net::thread_mode::exclusive;
    if (mode == "epoll")
        options.backend = net::backend_choice::epoll;
    if (mode == "poll")
        options.backend = net::backend_choice::poll;
    if (mode != "hosted")
        made = std::make_unique<net::io_context>(1, options);
#endif
    if (!made)
        made = std::make_unique<boost::asio::io_context>(1);
    boost::asio::io_context& context = *made;
    // Brings Asio's reactor, which comes too late for urio's loop if that is there.
    boost::asio::steady_timer timer(context);

    tcp::acceptor acceptor(context, {net::ip::address_v4::loopback(), 0});
    acceptor.listen(4096);
    std::printf("%d\n", acceptor.local_endpoint().port());
    std::fflush(stdout);
    accept(acceptor);

    boost::asio::posix::stream_descriptor input(context, ::dup(0));
    char byte;
    input.async_read_some(boost::asio::buffer(&byte, 1),
                          [&](error_code, std::size_t) { context.stop(); });
    context.run();

#if !defined(BENCH_STOCK_ASIO)
    std::printf("%llu\n",
                static_cast<unsigned long long>(net::statistics_of(context).enters));
#endif
}
