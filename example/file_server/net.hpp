// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The one place that tells urio from stock Asio.
#pragma once

#include <string>

#if defined(FILE_SERVER_ON_STOCK_ASIO)

#include <boost/asio.hpp>
namespace net = boost::asio;

inline std::string backend_name(net::io_context&)
{
    return "stock Asio";
}

#else

#include <urio.hpp>
namespace net = urio;

inline std::string backend_name(net::io_context& context)
{
    return std::string("urio, ") + urio::to_string(urio::backend_of(context).kind);
}

#endif
