// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/reactor/address.hpp>

#include <boost/system/errc.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <ostream>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace urio::reactor
{
namespace
{

error_code invalid() noexcept
{
    return make_error_code(boost::system::errc::invalid_argument);
}

sa_family_t family_of(const void* data, std::size_t size) noexcept
{
    sockaddr head{};
    std::memcpy(&head, data, std::min(size, sizeof head));
    return size == 0 ? sa_family_t{AF_UNSPEC} : head.sa_family;
}

constexpr std::size_t path_at = offsetof(sockaddr_un, sun_path);
constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path);

/// The path as it is stored, without the zeros at its end.
std::string_view stored(const unsigned char* data, std::size_t size) noexcept
{
    if (size <= path_at)
        return {};
    return {reinterpret_cast<const char*>(data) + path_at, size - path_at};
}

} // namespace

socket_address socket_address::v4(const std::array<std::uint8_t, 4>& ip,
                                  std::uint16_t port)
{
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    std::memcpy(&a.sin_addr, ip.data(), ip.size());
    return from_native(&a, sizeof a);
}

socket_address socket_address::v6(const std::array<std::uint8_t, 16>& ip,
                                  std::uint16_t port, std::uint32_t scope)
{
    sockaddr_in6 a{};
    a.sin6_family = AF_INET6;
    a.sin6_port = htons(port);
    a.sin6_scope_id = scope;
    std::memcpy(&a.sin6_addr, ip.data(), ip.size());
    return from_native(&a, sizeof a);
}

socket_address socket_address::from_native(const void* data, std::size_t size) noexcept
{
    static_assert(sizeof(sockaddr_in6) <= sizeof(data_));
    socket_address result;
    auto const family = family_of(data, size);
    if ((family == AF_INET && size >= sizeof(sockaddr_in)) ||
        (family == AF_INET6 && size >= sizeof(sockaddr_in6)))
    {
        result.size_ = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
        std::memcpy(result.data_, data, result.size_);
    }
    return result;
}

socket_address::socket_address(std::string_view text)
{
    error_code ec;
    *this = socket_address(text, ec);
    detail::throw_if(ec, "socket_address");
}

socket_address::socket_address(std::string_view text, error_code& ec)
{
    ec = invalid();
    auto const colon = text.rfind(':');
    if (colon == text.npos)
        return;
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    auto const parsed = std::from_chars(text.data() + colon + 1, end, port);
    if (parsed.ec != std::errc() || parsed.ptr != end)
        return;
    std::string ip(text.substr(0, colon));
    std::array<std::uint8_t, 4> four;
    std::array<std::uint8_t, 16> six;
    if (::inet_pton(AF_INET, ip.c_str(), four.data()) == 1)
        *this = v4(four, port);
    else if (ip.size() > 2 && ip.front() == '[' && ip.back() == ']' &&
             ::inet_pton(AF_INET6, ip.substr(1, ip.size() - 2).c_str(), six.data()) == 1)
        *this = v6(six, port);
    else
        return;
    ec = {};
}

bool socket_address::is_v4() const noexcept
{
    return family_of(data_, size_) == AF_INET;
}

bool socket_address::is_v6() const noexcept
{
    return family_of(data_, size_) == AF_INET6;
}

std::uint16_t socket_address::port() const noexcept
{
    // The port is at the same place in both.
    static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
    std::uint16_t port;
    std::memcpy(&port, data_ + offsetof(sockaddr_in, sin_port), sizeof port);
    return ntohs(port);
}

std::string socket_address::to_string() const
{
    char text[INET6_ADDRSTRLEN] = "";
    if (is_v4())
    {
        ::inet_ntop(AF_INET, data_ + offsetof(sockaddr_in, sin_addr), text, sizeof text);
        return std::string(text) + ':' + std::to_string(port());
    }
    if (!is_v6())
        return "(none)";
    ::inet_ntop(AF_INET6, data_ + offsetof(sockaddr_in6, sin6_addr), text, sizeof text);
    return '[' + std::string(text) + "]:" + std::to_string(port());
}

std::ostream& operator<<(std::ostream& out, const socket_address& a)
{
    return out << a.to_string();
}

unix_address::unix_address(std::string_view path)
{
    error_code ec;
    *this = unix_address(path, ec);
    detail::throw_if(ec, "unix_address");
}

unix_address::unix_address(std::string_view path, error_code& ec)
{
    ec = {};
    // One byte is for the zero, which not every system can do without.
    if (path.size() >= longest_path || path.find('\0') != path.npos)
    {
        ec = invalid();
        return;
    }
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    std::memcpy(a.sun_path, path.data(), path.size());
    *this = from_native(&a, path.empty() ? path_at : path_at + path.size() + 1);
}

unix_address unix_address::abstract(std::string_view name)
{
    return detail::checked("unix_address",
                           [&](error_code& ec) { return abstract(name, ec); });
}

unix_address unix_address::abstract(std::string_view name, error_code& ec)
{
    ec = {};
#if defined(__linux__)
    if (name.size() < longest_path)
    {
        sockaddr_un a{};
        a.sun_family = AF_UNIX;
        std::memcpy(a.sun_path + 1, name.data(), name.size());
        return from_native(&a, path_at + 1 + name.size());
    }
    ec = invalid();
#else
    static_cast<void>(name);
    ec = make_error_code(boost::system::errc::operation_not_supported);
#endif
    return {};
}

unix_address unix_address::from_native(const void* data, std::size_t size) noexcept
{
    static_assert(sizeof(sockaddr_un) <= sizeof(data_));
    unix_address result;
    if (family_of(data, size) == AF_UNIX)
    {
        // The kernel may count a zero after a path of full length.
        result.size_ = std::min(size, sizeof(sockaddr_un));
        std::memcpy(result.data_, data, result.size_);
    }
    return result;
}

bool unix_address::is_unnamed() const noexcept
{
    return path().empty() && !is_abstract();
}

bool unix_address::is_abstract() const noexcept
{
#if defined(__linux__)
    auto const s = stored(data_, size_);
    return !s.empty() && s.front() == '\0';
#else
    return false;
#endif
}

std::string_view unix_address::path() const noexcept
{
    auto const s = stored(data_, size_);
    return s.substr(0, s.find('\0'));
}

std::string_view unix_address::abstract_name() const noexcept
{
    return is_abstract() ? stored(data_, size_).substr(1) : std::string_view();
}

std::ostream& operator<<(std::ostream& out, const unix_address& a)
{
    if (a.is_abstract())
        return out << '@' << a.abstract_name();
    return out << (a.is_unnamed() ? std::string_view("(unnamed)") : a.path());
}

} // namespace urio::reactor
