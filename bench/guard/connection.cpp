// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "context.hpp"
#include "loops.hpp"

namespace bench
{
namespace
{

using net::ip::tcp;

class connections
{
public:
    connections(context& c, std::uint64_t count)
        : acceptor_(c, {net::ip::address_v4::loopback(), 0})
        , address_(acceptor_.local_endpoint())
        , client_(c)
        , server_(c)
        , left_(count)
    {
    }

    void next()
    {
        if (left_ == 0)
            return;
        pending_ = 2;
        acceptor_.async_accept(
            [this](error_code ec, tcp::socket s)
            {
                require(ec);
                server_ = std::move(s);
                one_end_is_there();
            });
        client_.open(tcp::v4());
        // It is reset when it is closed: the port is free at once.
        client_.set_option(tcp::socket::linger(true, 0));
        client_.async_connect(address_,
                              [this](error_code ec)
                              {
                                  require(ec);
                                  one_end_is_there();
                              });
    }

    bool complete() const { return left_ == 0; }

private:
    void one_end_is_there()
    {
        if (--pending_ != 0)
            return;
        client_.close();
        server_.close();
        --left_;
        next();
    }

    tcp::acceptor acceptor_;
    tcp::endpoint address_;
    tcp::socket client_;
    tcp::socket server_;
    std::uint64_t left_;
    unsigned pending_ = 0;
};

} // namespace

findings connection(const request& r)
{
    context c(r);
    connections all(c, r.operations);
    all.next();
    c.run();
    if (!all.complete())
        throw std::runtime_error("connections are missing");
    return {};
}

} // namespace bench
