// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Tokens, interests and events as text, for logs and tests.

#include <urio/reactor/event.hpp>
#include <urio/reactor/interest.hpp>

#include <initializer_list>
#include <ostream>
#include <utility>

namespace urio::reactor
{
namespace
{

/// Prints the names of what is true, with bars between.
void print(std::ostream& out, std::initializer_list<std::pair<bool, const char*>> names)
{
    const char* before = "";
    for (auto const& [is, name] : names)
        if (is)
        {
            out << before << name;
            before = " | ";
        }
}

} // namespace

std::ostream& operator<<(std::ostream& out, token t)
{
    return out << "token(" << t.value << ')';
}

std::ostream& operator<<(std::ostream& out, interest i)
{
    print(out, {{i.is_readable(), "readable"},
                {i.is_writable(), "writable"},
                {i.is_priority(), "priority"},
                {i.is_aio(), "aio"},
                {i.is_lio(), "lio"}});
    return out;
}

std::ostream& operator<<(std::ostream& out, const event& e)
{
    out << e.token() << ": ";
    print(out, {{e.is_readable(), "readable"},
                {e.is_writable(), "writable"},
                {e.is_error(), "error"},
                {e.is_read_closed(), "read_closed"},
                {e.is_write_closed(), "write_closed"},
                {e.is_priority(), "priority"},
                {e.is_aio(), "aio"},
                {e.is_lio(), "lio"}});
    auto const flags = out.setf(std::ios_base::hex, std::ios_base::basefield);
    out << " (0x" << e.native_flags() << ')';
    out.flags(flags);
    return out;
}

} // namespace urio::reactor
