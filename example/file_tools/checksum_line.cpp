// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "checksum_line.hpp"

#include <algorithm>

namespace file_tools
{
namespace
{

constexpr std::size_t digits = 64;

char lower(char c) noexcept
{
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_digit(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

std::optional<std::string> unescape(std::string_view text)
{
    std::string name;
    for (std::size_t i = 0; i != text.size(); ++i)
    {
        if (text[i] != '\\')
        {
            name += text[i];
            continue;
        }
        if (++i == text.size())
            return std::nullopt;
        switch (text[i])
        {
        case '\\':
            name += '\\';
            break;
        case 'n':
            name += '\n';
            break;
        case 'r':
            name += '\r';
            break;
        default:
            return std::nullopt;
        }
    }
    return name;
}

} // namespace

escaped_name escape(std::string_view name)
{
    if (name.find_first_of("\\\n\r") == name.npos)
        return {std::string(name), false};
    std::string text;
    for (char const c : name)
        if (c == '\\')
            text += "\\\\";
        else if (c == '\n')
            text += "\\n";
        else if (c == '\r')
            text += "\\r";
        else
            text += c;
    return {text, true};
}

std::string checksum_line(const std::string& digest, std::string_view name)
{
    auto const [text, escaped] = escape(name);
    return (escaped ? "\\" : "") + digest + "  " + text;
}

std::optional<expected_checksum> parse_checksum_line(std::string_view line)
{
    bool const escaped = line.starts_with('\\');
    if (escaped)
        line.remove_prefix(1);
    // A digest, a space, a space or an asterisk, and a name.
    if (line.size() < digits + 3 || line[digits] != ' ' ||
        (line[digits + 1] != ' ' && line[digits + 1] != '*'))
        return std::nullopt;
    expected_checksum result{std::string(line.substr(0, digits)), {}};
    std::ranges::transform(result.digest, result.digest.begin(), lower);
    if (!std::ranges::all_of(result.digest, is_digit))
        return std::nullopt;
    std::string_view const text = line.substr(digits + 2);
    if (!escaped)
        result.name = text;
    else if (auto name = unescape(text))
        result.name = std::move(*name);
    else
        return std::nullopt;
    return result;
}

} // namespace file_tools
