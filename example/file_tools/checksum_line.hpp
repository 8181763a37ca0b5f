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

/// Reads the lines of lists, all that sha256sum(1) reads:
///     <digest>  <name>
///     <digest> *<name>
///     <digest> <name>          (if the first is like that)
///     SHA256 (<name>) = <digest>
/// with blanks before them, and a backslash before the rest if the name is escaped.
class checksum_parser
{
public:
    /// What a line says, without its end, or nothing if it is none.
    std::optional<expected_checksum> parse(std::string_view line);

private:
    std::optional<expected_checksum> parse_plain(std::string_view line);

    // Whether a name begins after one blank.
    std::optional<bool> one_blank_;
};

} // namespace file_tools
