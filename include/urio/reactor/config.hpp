// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the reactor's headers stand on. The reactor is the lowest layer of urio: its
// headers include nothing of Asio's, of the rest of urio's, or of the system's.
#pragma once

#if __cplusplus < 202002L
#error "urio needs C++20"
#endif

#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <type_traits>

/// Readiness events for descriptors on epoll(7), poll(2) or kqueue(2): mio, in C++.
namespace urio::reactor
{

using boost::system::error_code;

namespace detail
{

class selector;
struct access;

/// Throws boost::system::system_error if there is an error.
void throw_if(const error_code& ec, const char* what);

/// Calls the overload of a function that sets an error_code, and throws instead.
template <class F>
decltype(auto) checked(const char* what, F f)
{
    error_code ec;
    if constexpr (std::is_void_v<decltype(f(ec))>)
    {
        f(ec);
        throw_if(ec, what);
    }
    else
    {
        auto result = f(ec);
        throw_if(ec, what);
        return result;
    }
}

} // namespace detail
} // namespace urio::reactor
