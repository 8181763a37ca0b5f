// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Memory to read into and to write from.
#pragma once

#include <urio/reactor/config.hpp>

#include <cstddef>
#include <type_traits>

namespace urio::reactor
{
namespace detail
{

template <class B>
constexpr std::size_t bytes_of(const B& b) noexcept
{
    using element = std::remove_pointer_t<decltype(b.data())>;
    if constexpr (std::is_void_v<element>)
        return b.size();
    else
    {
        static_assert(std::is_trivially_copyable_v<element>);
        return b.size() * sizeof(element);
    }
}

} // namespace detail

/// Memory that is written to; not owned.
/**
 * Converts from whatever has data() and size(): std::string, std::vector, std::array,
 * std::span, and Asio's buffers.
 */
struct mutable_buffer
{
    void* data = nullptr;
    std::size_t size = 0;

    constexpr mutable_buffer() = default;
    constexpr mutable_buffer(void* d, std::size_t n) noexcept : data(d), size(n) {}

    template <class B>
        requires requires(B& b) {
            static_cast<void*>(b.data());
            b.size();
        }
    constexpr mutable_buffer(B&& b) noexcept : data(b.data())
                                             , size(detail::bytes_of(b))
    {
    }

    template <class T, std::size_t N>
    constexpr mutable_buffer(T (&array)[N]) noexcept : data(array)
                                                     , size(sizeof array)
    {
    }
};

/// Memory that is only read; not owned. An array counts whole: "ab" is three bytes, and
/// std::string_view("ab") is two.
struct const_buffer
{
    const void* data = nullptr;
    std::size_t size = 0;

    constexpr const_buffer() = default;
    constexpr const_buffer(const void* d, std::size_t n) noexcept : data(d), size(n) {}

    template <class B>
        requires requires(const B& b) {
            static_cast<const void*>(b.data());
            b.size();
        }
    constexpr const_buffer(const B& b) noexcept
        : data(b.data())
        , size(detail::bytes_of(b))
    {
    }

    template <class T, std::size_t N>
    constexpr const_buffer(const T (&array)[N]) noexcept : data(array)
                                                         , size(sizeof array)
    {
    }
};

} // namespace urio::reactor
