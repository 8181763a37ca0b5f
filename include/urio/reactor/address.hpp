// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Addresses of sockets.
#pragma once

#include <urio/reactor/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace urio::reactor
{

/// An IPv4 or IPv6 address with a port. A value.
class socket_address
{
public:
    /// Neither.
    socket_address() = default;

    /// From text as to_string() gives it: `127.0.0.1:80`, `[::1]:80`. Names are not
    /// looked up. Throws, or yields, `invalid_argument`.
    explicit socket_address(std::string_view text);
    socket_address(std::string_view text, error_code& ec);

    static socket_address v4(const std::array<std::uint8_t, 4>& ip, std::uint16_t port);
    static socket_address v6(const std::array<std::uint8_t, 16>& ip, std::uint16_t port,
                             std::uint32_t scope = 0);

    /// From a `sockaddr_in` or `sockaddr_in6`, for instance an Asio endpoint's data() and
    /// size(). Neither if it is of another family.
    static socket_address from_native(const void* data, std::size_t size) noexcept;

    bool is_v4() const noexcept;
    bool is_v6() const noexcept;
    std::uint16_t port() const noexcept;
    std::string to_string() const;

    /// The `sockaddr`.
    const void* data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }

    friend bool operator==(const socket_address&, const socket_address&) = default;

private:
    alignas(8) unsigned char data_[32] = {};
    std::size_t size_ = 0;
};

std::ostream& operator<<(std::ostream& out, const socket_address& a);

/// The address of a Unix domain socket: a path, an abstract name, or nothing. A value.
class unix_address
{
public:
    /// Unnamed.
    unix_address() = default;

    /// A path. Throws, or yields, `invalid_argument` if it is too long (unix(7)) or
    /// contains a zero.
    explicit unix_address(std::string_view path);
    unix_address(std::string_view path, error_code& ec);

    /// A name outside the file system, of any bytes. Linux only: throws, or yields,
    /// `operation_not_supported` elsewhere.
    static unix_address abstract(std::string_view name);
    static unix_address abstract(std::string_view name, error_code& ec);

    /// From a `sockaddr_un`.
    static unix_address from_native(const void* data, std::size_t size) noexcept;

    bool is_unnamed() const noexcept;
    bool is_abstract() const noexcept;
    /// Empty if it is not a path.
    std::string_view path() const noexcept;
    /// Empty if it is not abstract.
    std::string_view abstract_name() const noexcept;

    /// The `sockaddr`.
    const void* data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }

    friend bool operator==(const unix_address&, const unix_address&) = default;

private:
    alignas(8) unsigned char data_[128] = {};
    std::size_t size_ = 0;
};

/// Prints the path, `@` and the abstract name, or `(unnamed)`.
std::ostream& operator<<(std::ostream& out, const unix_address& a);

} // namespace urio::reactor
