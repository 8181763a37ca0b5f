// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Operations of urio::fs that are made of several: coroutines inside, whatever the
// completion token is.
#pragma once

#include <urio/detail/fs/initiate.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// The result of an operation that has none.
struct no_result
{
};

/// How an operation has ended, and what was done until then.
template <class T>
struct outcome
{
    std::exception_ptr error;
    T value{};
};

template <class T>
using fs_task = boost::asio::awaitable<outcome<T>, any_io_executor>;

/// The code that an exception stands for: `state_not_recoverable` if it is none of the
/// system's, nor one for lack of memory.
boost::system::error_code code_of(const std::exception_ptr& e);

/// Gives the handler what it has asked for of an outcome.
template <class T, bool Throws>
struct outcome_adapter
{
    template <class Handler>
    void operator()(Handler&& handler, std::exception_ptr failed, outcome<T> result) &&
    {
        if (failed)
            result.error = std::move(failed);
        if constexpr (Throws)
            finish(std::forward<Handler>(handler), std::move(result.error),
                   std::move(result.value));
        else
            finish(std::forward<Handler>(handler), code_of(result.error),
                   std::move(result.value));
    }

    template <class Handler, class Error>
    static void finish(Handler&& handler, Error&& error, T&& value)
    {
        if constexpr (std::is_same_v<T, no_result>)
            std::forward<Handler>(handler)(std::forward<Error>(error));
        else
            std::forward<Handler>(handler)(std::forward<Error>(error), std::move(value));
    }
};

/// Starts the coroutine that `make()` returns.
template <class Executor, class T, bool Throws>
struct initiate_fs_task
{
    using executor_type = Executor;

    const executor_type& get_executor() const noexcept { return executor; }

    template <class Handler, class Make>
    void operator()(Handler&& handler, Make make) const
    {
        boost::asio::co_spawn(
            any_io_executor(executor), make(),
            adapted_handler<std::decay_t<Handler>, outcome_adapter<T, Throws>>(
                std::forward<Handler>(handler), {}));
    }

    Executor executor;
};

template <class Token, class T>
struct fs_task_signature
{
    using type = fs_signature<Token, T>;
};
template <class Token>
struct fs_task_signature<Token, no_result>
{
    using type = fs_signature<Token>;
};

/// An operation that is the coroutine which `make()` returns: an fs_task<T>.
template <class T, class Source, class Token, class Make>
auto async_fs_task(Source&& source, Token&& token, Make make)
{
    using initiation = initiate_fs_task<executor_of_t<Source>, T,
                                        throws_errors<std::remove_cvref_t<Token>>>;
    return boost::asio::async_initiate<Token, typename fs_task_signature<Token, T>::type>(
        initiation{executor_of(source)}, token, std::move(make));
}

} // namespace detail
} // namespace urio::inline URIO_ABI
