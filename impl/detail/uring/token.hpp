// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What a completion entry's user_data says: a tag, and for operations their name.
#pragma once

#include "../engine/op_table.hpp"

#include <cstdint>

namespace urio::inline URIO_ABI
{
namespace detail
{

enum class tag : std::uint64_t
{
    operation = 1,
    cancellation, ///< the rest names the operation to be cancelled
    wakeup,
    wakeup_poll,
    watch,
    cancel_all,
};

struct token
{
    static constexpr std::uint64_t make(tag t, std::uint64_t name = 0) noexcept
    {
        return static_cast<std::uint64_t>(t) << op_name::bits | name;
    }

    static constexpr tag kind(std::uint64_t user_data) noexcept
    {
        return static_cast<tag>(user_data >> op_name::bits);
    }

    static constexpr std::uint64_t name(std::uint64_t user_data) noexcept
    {
        return user_data & op_name::mask;
    }
};

} // namespace detail
} // namespace urio::inline URIO_ABI
