// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Access to private members of Asio's classes: an explicit instantiation may name
// them, and hands a pointer to the member to a friend function.
#pragma once

#include <urio/config.hpp>

namespace urio::inline URIO_ABI
{
namespace detail
{

template <class Tag, auto Member>
struct member_access
{
    friend constexpr auto member_of(Tag) { return Member; }
};

} // namespace detail
} // namespace urio::inline URIO_ABI

/// Defines `tag`, so that `object.*member_of(tag{})` is the member. To be used in
/// namespace urio::detail.
#define URIO_NAME_MEMBER(tag, type, member)                                              \
    struct tag                                                                           \
    {                                                                                    \
        friend constexpr auto member_of(tag);                                            \
    };                                                                                   \
    template struct member_access<tag, &type::member>

// GCC wonders whether the friend was meant to be a template.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
