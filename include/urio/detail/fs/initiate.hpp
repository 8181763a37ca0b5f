// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// From the functions of urio::fs to their operations.
#pragma once

#include <urio/detail/asio/executor.hpp>
#include <urio/detail/initiate/executor_source.hpp>
#include <urio/detail/service/fs_service.hpp>
#include <urio/fs/error.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

template <class Call>
fs_subject subject_of(const char* operation, const Call& call)
{
    fs_subject s{operation};
    if constexpr (requires { call.target; })
        s.path1 = call.target, s.path2 = call.where.path();
    else if constexpr (requires { call.where; })
        s.path1 = call.where.path();
    if constexpr (requires { call.to; })
        s.path2 = call.to.path();
    return s;
}

/// Starts a call by path. If `Throws`, the handler takes an exception.
template <class Executor, bool Throws>
struct initiate_fs_call
{
    using executor_type = Executor;

    const executor_type& get_executor() const noexcept { return executor; }

    template <class Handler, class Call>
    void operator()(Handler&& handler, Call call, const char* name) const
    {
        if constexpr (Throws)
        {
            fs_subject subject = subject_of(name, call);
            adapted_handler<std::decay_t<Handler>, throwing_adapter> h(
                std::forward<Handler>(handler), {std::move(subject)});
            start(h, std::move(call), name);
        }
        else
        {
            non_const_lvalue<Handler> h(handler);
            start(h.value, std::move(call), name);
        }
    }

    template <class Handler, class Call>
    void start(Handler& handler, Call&& call, const char* name) const
    {
        boost::asio::execution_context& context =
            boost::asio::query(executor, boost::asio::execution::context);
        boost::asio::use_service<fs_service>(context).async_call(std::move(call), name,
                                                                 handler, executor);
    }

    Executor executor;
};

/// An operation that completes with an error and `T`.
template <class... T, class Source, class Token, class Call>
auto async_fs_call(Source&& source, Token&& token, const char* name, Call&& call)
{
    using initiation = initiate_fs_call<executor_of_t<Source>,
                                        throws_errors<std::remove_cvref_t<Token>>>;
    return boost::asio::async_initiate<Token, fs_signature<Token, T...>>(
        initiation{executor_of(source)}, token, std::forward<Call>(call), name);
}

} // namespace detail
} // namespace urio::inline URIO_ABI
