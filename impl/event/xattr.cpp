// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/xattr.hpp>

#include "entry.hpp"

#include <sys/xattr.h>

namespace urio::inline URIO_ABI
{
namespace event
{
namespace
{

void fill_attribute(io_uring_sqe& entry, std::uint8_t opcode, int descriptor,
                    const std::string& attribute, const std::string& value) noexcept
{
    fill(entry, opcode, descriptor, c_string(attribute),
         static_cast<std::uint32_t>(value.size()), address(value.data()));
}

} // namespace

void setxattr::prepare(io_uring_sqe& entry) noexcept
{
    fill_attribute(entry, opcode, 0, attribute, value);
    entry.addr3 = address(c_string(path));
    entry.xattr_flags = static_cast<std::uint32_t>(flags);
}

int setxattr::perform() noexcept
{
    return detail::or_error(::setxattr(c_string(path), c_string(attribute), value.data(),
                                       value.size(), flags));
}

void fsetxattr::prepare(io_uring_sqe& entry) noexcept
{
    fill_attribute(entry, opcode, descriptor, attribute, value);
    entry.xattr_flags = static_cast<std::uint32_t>(flags);
}

int fsetxattr::perform() noexcept
{
    return detail::or_error(
        ::fsetxattr(descriptor, c_string(attribute), value.data(), value.size(), flags));
}

void getxattr::prepare(io_uring_sqe& entry) noexcept
{
    fill_attribute(entry, opcode, 0, attribute, buffer);
    entry.addr3 = address(c_string(path));
}

int getxattr::perform() noexcept
{
    return detail::or_error(
        ::getxattr(c_string(path), c_string(attribute), buffer.data(), buffer.size()));
}

void fgetxattr::prepare(io_uring_sqe& entry) noexcept
{
    fill_attribute(entry, opcode, descriptor, attribute, buffer);
}

int fgetxattr::perform() noexcept
{
    return detail::or_error(
        ::fgetxattr(descriptor, c_string(attribute), buffer.data(), buffer.size()));
}

} // namespace event
} // namespace urio::inline URIO_ABI
