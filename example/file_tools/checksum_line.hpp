// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The lines that sha256sum(1) writes and reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace file_tools
{

/// A name as it is written, and whether that differs from the name.
struct escaped_name
{
    std::string text;
    bool escaped;
};

/// Backslash and newline (and carriage return) are written as \\, \n (and \r).
escaped_name escape(std::string_view name);

/// "<digest>  <name>", without a newline; with a backslash before if the name is escaped.
std::string checksum_line(const std::string& digest, std::string_view name);

struct expected_checksum
{
    std::string digest, name;
};

/// What such a line says, or nothing if it is none.
std::optional<expected_checksum> parse_checksum_line(std::string_view line);

} // namespace file_tools
