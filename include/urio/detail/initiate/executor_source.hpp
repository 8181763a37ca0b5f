// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Where an operation that has no object is to run: an executor, or a context that has
// one.
#pragma once

#include <urio/config.hpp>

#include <boost/asio/execution/executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/is_executor.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

template <class T>
concept executor_type =
    boost::asio::execution::is_executor<T>::value || boost::asio::is_executor<T>::value;

/// Where an operation is to run: an executor, or a context that has one.
template <class T>
concept executor_source =
    executor_type<std::remove_cvref_t<T>> ||
    (std::is_convertible_v<T&, boost::asio::execution_context&> &&
     requires(std::remove_reference_t<T>& context) { context.get_executor(); });

template <executor_source Source>
auto executor_of(Source&& source)
{
    if constexpr (executor_type<std::remove_cvref_t<Source>>)
        return std::remove_cvref_t<Source>(source);
    else
        return source.get_executor();
}

template <class Source>
using executor_of_t = decltype(executor_of(std::declval<Source>()));

} // namespace detail
} // namespace urio::inline URIO_ABI
