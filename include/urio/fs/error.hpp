// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Exceptions that name the path.
#pragma once

#include <urio/config.hpp>

#include <boost/asio/associator.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <string>
#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace fs
{

/// What the operations of urio::fs report where errors are exceptions: by use_awaitable
/// and use_future. Its text names the operation and the paths.
class filesystem_error : public boost::system::system_error
{
public:
    filesystem_error(boost::system::error_code ec, const char* operation,
                     std::string path1, std::string path2 = {});

    /// The path that the operation was given.
    const std::string& path1() const noexcept { return path1_; }

    /// The second one, or nothing.
    const std::string& path2() const noexcept { return path2_; }

private:
    std::string path1_, path2_;
};

} // namespace fs

namespace detail
{

/// Whether a completion token makes exceptions of errors, so that nobody sees a code.
template <class Token>
inline constexpr bool throws_errors = false;
template <class Executor>
inline constexpr bool throws_errors<boost::asio::use_awaitable_t<Executor>> = true;
template <class Allocator>
inline constexpr bool throws_errors<boost::asio::use_future_t<Allocator>> = true;
template <class Token, class Executor>
inline constexpr bool throws_errors<boost::asio::executor_binder<Token, Executor>> =
    throws_errors<Token>;
template <class Token, class Allocator>
inline constexpr bool throws_errors<boost::asio::allocator_binder<Token, Allocator>> =
    throws_errors<Token>;
template <class Token, class Slot>
inline constexpr bool throws_errors<boost::asio::cancellation_slot_binder<Token, Slot>> =
    throws_errors<Token>;

/// The signature of an operation with results `T`.
template <class Token, class... T>
using fs_signature = std::conditional_t<throws_errors<std::remove_cvref_t<Token>>,
                                        void(std::exception_ptr, T...),
                                        void(boost::system::error_code, T...)>;

/// Which paths an operation is about, for the text of its exception.
struct fs_subject
{
    const char* operation;
    std::string path1 = {}, path2 = {};
};

/// A handler whose arguments another function makes: `adapter(handler, arguments…)`.
template <class Handler, class Adapter>
class adapted_handler
{
public:
    adapted_handler(Handler&& h, Adapter a)
        : handler_(std::move(h))
        , adapter_(std::move(a))
    {
    }

    template <class... T>
    void operator()(T&&... arguments)
    {
        std::move(adapter_)(std::move(handler_), std::forward<T>(arguments)...);
    }

    const Handler& handler() const noexcept { return handler_; }

private:
    Handler handler_;
    Adapter adapter_;
};

/// Gives the handler an exception in place of an error code.
struct throwing_adapter
{
    template <class Handler, class... T>
    void operator()(Handler&& handler, boost::system::error_code ec, T&&... results) &&
    {
        std::exception_ptr e;
        if (ec)
            e = std::make_exception_ptr(fs::filesystem_error(ec, subject.operation,
                                                             std::move(subject.path1),
                                                             std::move(subject.path2)));
        std::forward<Handler>(handler)(std::move(e), std::forward<T>(results)...);
    }

    fs_subject subject;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

// What is associated with the handler is so with the one around it.
template <template <class, class> class Associator, class Handler, class Adapter,
          class Default>
struct boost::asio::associator<Associator,
                               urio::detail::adapted_handler<Handler, Adapter>, Default>
    : Associator<Handler, Default>
{
    static auto get(const urio::detail::adapted_handler<Handler, Adapter>& h) noexcept
    {
        return Associator<Handler, Default>::get(h.handler());
    }

    static auto get(const urio::detail::adapted_handler<Handler, Adapter>& h,
                    const Default& d) noexcept
    {
        return Associator<Handler, Default>::get(h.handler(), d);
    }
};
