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
constexpr std::string_view tag = "SHA256";

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

bool is_blank(char c) noexcept
{
    return c == ' ' || c == '\t';
}

std::string_view without_blanks(std::string_view text) noexcept
{
    auto const first = std::ranges::find_if_not(text, is_blank);
    return {first, text.end()};
}

std::optional<expected_checksum> expect(std::string_view digest, std::string_view name)
{
    expected_checksum result{std::string(digest), std::string(name)};
    std::ranges::transform(result.digest, result.digest.begin(), lower);
    if (digest.size() != digits || !std::ranges::all_of(result.digest, is_digit))
        return std::nullopt;
    return result;
}

// What follows the parenthesis.
std::optional<expected_checksum> parse_tagged(std::string_view line)
{
    auto const end = line.rfind(')');
    if (end == line.npos)
        return std::nullopt;
    std::string_view const rest = without_blanks(line.substr(end + 1));
    if (!rest.starts_with('='))
        return std::nullopt;
    return expect(without_blanks(rest.substr(1)), line.substr(0, end));
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

std::optional<expected_checksum> checksum_parser::parse(std::string_view line)
{
    line = without_blanks(line);
    bool const escaped = line.starts_with('\\');
    if (escaped)
        line.remove_prefix(1);
    std::optional<expected_checksum> result;
    if (line.starts_with(tag))
    {
        line.remove_prefix(tag.size());
        if (line.starts_with(' '))
            line.remove_prefix(1);
        if (line.starts_with('('))
            result = parse_tagged(line.substr(1));
    }
    else
        result = parse_plain(line);
    if (!result || !escaped)
        return result;
    auto name = unescape(result->name);
    if (!name)
        return std::nullopt;
    result->name = std::move(*name);
    return result;
}

std::optional<expected_checksum> checksum_parser::parse_plain(std::string_view line)
{
    if (line.size() < digits + 2 || !is_blank(line[digits]))
        return std::nullopt;
    std::string_view name = line.substr(digits + 1);
    bool const marked = name.size() > 1 && (name[0] == ' ' || name[0] == '*');
    // With one blank before all names a name may begin like that itself.
    if (!marked && one_blank_ == false)
        return std::nullopt;
    auto const result = expect(line.substr(0, digits), name);
    if (!result)
        return std::nullopt;
    if (!one_blank_)
        one_blank_ = !marked;
    if (!*one_blank_)
        return expect(line.substr(0, digits), name.substr(1));
    return result;
}

} // namespace file_tools
