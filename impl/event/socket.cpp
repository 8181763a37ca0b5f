// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/socket.hpp>

#include "entry.hpp"

#include <algorithm>
#include <cstring>
#include <sys/socket.h>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace event
{
namespace
{

// SOCKET_URING_OP_GETSOCKOPT and …_SETSOCKOPT, and fields of the entry that liburing 2.3
// does not name: `level` and `optname` are where `addr` is, `optlen` where `file_index`,
// `optval` where `addr3`.
constexpr std::uint32_t get_option = 2, set_option = 3;

void fill_option(io_uring_sqe& entry, std::uint8_t opcode, const handle& target,
                 std::uint32_t command, int level, int option,
                 const std::string& value) noexcept
{
    fill(entry, opcode, target);
    std::memcpy(&entry.off, &command, sizeof(command));
    std::uint32_t const which[2] = {static_cast<std::uint32_t>(level),
                                    static_cast<std::uint32_t>(option)};
    static_assert(sizeof(which) == sizeof(entry.addr));
    std::memcpy(&entry.addr, which, sizeof(which));
    entry.file_index = static_cast<std::uint32_t>(value.size());
    entry.addr3 = address(value.data());
}

} // namespace

static_assert(address_storage::capacity() == sizeof(::sockaddr_storage));

const ::sockaddr* address_storage::data() const noexcept
{
    return reinterpret_cast<const ::sockaddr*>(bytes_.data());
}

void address_storage::assign(const void* a, std::size_t size) noexcept
{
    size_ = static_cast<std::uint32_t>(std::min(size, capacity()));
    std::memcpy(bytes_.data(), a, size_);
}

void socket::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, domain, nullptr, static_cast<std::uint32_t>(protocol),
         static_cast<std::uint64_t>(type));
    if (into.is_slot())
        into_slot(entry, into);
    else
        entry.off |= SOCK_CLOEXEC;
}

int socket::perform() noexcept
{
    return put_into(into,
                    detail::or_error(::socket(domain, type | SOCK_CLOEXEC, protocol)));
}

unique_descriptor socket::result(int res, unsigned) const noexcept
{
    return made_file(into, res);
}

void bind::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target, address.data(), 0, address.size());
}

int bind::perform() noexcept
{
    return detail::or_error(::bind(target.descriptor(), address.data(), address.size()));
}

void listen::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target, nullptr, static_cast<std::uint32_t>(backlog));
}

int listen::perform() noexcept
{
    return detail::or_error(::listen(target.descriptor(), backlog));
}

void accept::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target);
    entry.accept_flags = static_cast<std::uint32_t>(flags | SOCK_CLOEXEC);
}

// The listening socket may be in blocking mode, and somebody else be faster.
int accept::perform() noexcept
{
    return detail::without_waiting(
        target.descriptor(),
        [](int d, void* flags)
        {
            return detail::or_error(
                ::accept4(d, nullptr, nullptr, *static_cast<int*>(flags) | SOCK_CLOEXEC));
        },
        &flags);
}

void accept_multishot::prepare(io_uring_sqe& entry) noexcept
{
    accept::prepare(entry);
    entry.ioprio |= IORING_ACCEPT_MULTISHOT;
}

void connect::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target, address.data(), 0, address.size());
}

// What goes on in the background tells its end when it is asked for once more.
int connect::perform() noexcept
{
    int const result = detail::without_waiting(
        target.descriptor(),
        [](int s, void* a)
        {
            auto const& where = *static_cast<address_storage*>(a);
            return detail::or_error(::connect(s, where.data(), where.size()));
        },
        &address);
    bool const began = std::exchange(began_.value, result == -EINPROGRESS);
    if (result == -EINPROGRESS || (began && result == -EALREADY))
    {
        began_.value = true;
        return -EAGAIN;
    }
    return began && result == -EISCONN ? 0 : result;
}

void shutdown::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target, nullptr, static_cast<std::uint32_t>(how));
}

int shutdown::perform() noexcept
{
    return detail::or_error(::shutdown(target.descriptor(), how));
}

void setsockopt::prepare(io_uring_sqe& entry) noexcept
{
    fill_option(entry, opcode, target, set_option, level, option, value);
}

int setsockopt::perform() noexcept
{
    return detail::or_error(::setsockopt(target.descriptor(), level, option, value.data(),
                                         static_cast<::socklen_t>(value.size())));
}

void getsockopt::prepare(io_uring_sqe& entry) noexcept
{
    fill_option(entry, opcode, target, get_option, level, option, value);
}

int getsockopt::perform() noexcept
{
    auto size = static_cast<::socklen_t>(value.size());
    int const result = detail::or_error(
        ::getsockopt(target.descriptor(), level, option, value.data(), &size));
    return result < 0 ? result : static_cast<int>(size);
}

} // namespace event
} // namespace urio::inline URIO_ABI
