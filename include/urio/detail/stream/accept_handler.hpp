// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// From an accepted descriptor to the user's socket.
#pragma once

#include <urio/detail/system/unique_descriptor.hpp>

#include <boost/asio/associator.hpp>
#include <boost/system/error_code.hpp>

#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

template <class Handler, class Socket>
class accept_handler
{
public:
    using protocol_type = typename Socket::protocol_type;

    // No executor_type: Asio would take it for the handler's.
    template <class H>
    accept_handler(H&& h, const typename Socket::executor_type& sockets,
                   const protocol_type& p)
        : handler(std::forward<H>(h))
        , socket_(sockets)
        , protocol_(p)
    {
    }

    void operator()(boost::system::error_code ec, unique_descriptor d, bool)
    {
        if (!ec)
        {
            socket_.assign(protocol_, d.get(), ec);
            if (!ec)
                (void)d.release();
        }
        std::move(handler)(ec, std::move(socket_));
    }

    Handler handler;

private:
    Socket socket_;
    protocol_type protocol_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

/// It runs, allocates and is cancelled as the handler that it wraps.
template <template <class, class> class Associator, class Handler, class Socket,
          class Default>
struct boost::asio::associator<Associator, urio::detail::accept_handler<Handler, Socket>,
                               Default> : Associator<Handler, Default>
{
    static auto get(const urio::detail::accept_handler<Handler, Socket>& h) noexcept
    {
        return Associator<Handler, Default>::get(h.handler);
    }
    static auto get(const urio::detail::accept_handler<Handler, Socket>& h,
                    const Default& d) noexcept
    {
        return Associator<Handler, Default>::get(h.handler, d);
    }
};
