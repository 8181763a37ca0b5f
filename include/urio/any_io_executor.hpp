// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// urio::any_io_executor, whose type is the switch: an I/O object of Asio that is
// instantiated with it runs on urio's services.
#pragma once

#include <urio/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/strand.hpp>

#include <concepts>
#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{

/// A polymorphic executor, like boost::asio::any_io_executor, whose type selects
/// urio.
/**
 * It holds whatever boost::asio::any_io_executor holds, converts to and from it
 * without loss, and compares equal to it where the targets are equal. It differs in
 * type alone: Asio's I/O object templates that are instantiated with it, with a class
 * derived from it (as as_default_on does) or with a strand of it, run on urio.
 *
 * @par Thread safety
 * Distinct objects: safe. Shared objects: unsafe.
 */
class any_io_executor : public boost::asio::any_io_executor
{
    using base = boost::asio::any_io_executor;

public:
    /// Construct without a target.
    any_io_executor() noexcept = default;

    /// Construct without a target.
    any_io_executor(std::nullptr_t) noexcept {}

    /// Construct with a copy of an executor as the target.
    template <class Executor>
        requires(!std::derived_from<std::remove_cvref_t<Executor>, any_io_executor> &&
                 std::is_convertible_v<Executor, base>)
    any_io_executor(Executor&& executor) : base(std::forward<Executor>(executor))
    {
    }

    /// Construct with a copy of an executor, or without a target if that cannot be
    /// copied without an exception.
    template <class Executor>
        requires(!std::derived_from<std::remove_cvref_t<Executor>, any_io_executor> &&
                 std::is_constructible_v<base, std::nothrow_t, Executor>)
    any_io_executor(std::nothrow_t, Executor&& executor) noexcept
        : base(std::nothrow, std::forward<Executor>(executor))
    {
    }

    any_io_executor(std::nothrow_t, const any_io_executor& other) noexcept
        : base(std::nothrow, static_cast<const base&>(other))
    {
    }

    /// Do not call this: it is for boost::asio::require.
    template <class Property>
        requires(boost::asio::traits::require_member<const base::base_type&,
                                                     const Property&>::is_valid)
    any_io_executor require(const Property& property) const
    {
        return base::require(property);
    }

    /// Do not call this: it is for boost::asio::prefer.
    template <class Property>
        requires(boost::asio::traits::prefer_member<const base::base_type&,
                                                    const Property&>::is_valid)
    any_io_executor prefer(const Property& property) const
    {
        return base::prefer(property);
    }
};

namespace detail
{

/// The base of the executor classes of urio's own contexts.
struct native_executor
{
};

#if defined(URIO_REPLACE_ASIO)
/// Whether an I/O object with this executor runs on urio: all do.
template <class Executor>
inline constexpr bool is_urio_executor = true;
#else
/// Whether an I/O object with this executor runs on urio.
template <class Executor>
inline constexpr bool is_urio_executor = std::derived_from<Executor, any_io_executor> ||
                                         std::derived_from<Executor, native_executor>;

template <class Inner>
inline constexpr bool is_urio_executor<boost::asio::strand<Inner>> =
    is_urio_executor<Inner>;
#endif

} // namespace detail

} // namespace urio::inline URIO_ABI

// For the linker of a program that replaces Asio's objects, see cmake/replace_asio.ld:
// this source file does not.
#if !defined(URIO_REPLACE_ASIO) && !defined(URIO_SOURCE)
extern "C"
{
    __attribute__((weak, used,
                   visibility("hidden"))) extern const char urio_without_replace_asio = 0;
}
#endif
