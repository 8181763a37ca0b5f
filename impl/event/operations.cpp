// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/operations.hpp>

#include <string>

namespace urio::inline URIO_ABI
{
namespace event
{
namespace
{

// First versions: the tables of io_uring_enter(2) and liburing's man pages.
constexpr operation_info table[] = {
    {0, "NOP", "nop", "5.1", fallback::at_once},
    {1, "READV", "read_vectored", "5.1", fallback::mixed},
    {2, "WRITEV", "write_vectored", "5.1", fallback::mixed},
    {3, "FSYNC", "fsync", "5.1", fallback::thread},
    {4, "READ_FIXED", "read_fixed", "5.1", fallback::mixed},
    {5, "WRITE_FIXED", "write_fixed", "5.1", fallback::mixed},
    {6, "POLL_ADD", "poll_add", "5.1", fallback::readiness},
    {7, "POLL_REMOVE", "poll_remove, poll_update", "5.1", fallback::none},
    {8, "SYNC_FILE_RANGE", "sync_file_range", "5.2", fallback::thread},
    {9, "SENDMSG", "sendmsg", "5.3", fallback::readiness},
    {10, "RECVMSG", "recvmsg", "5.3", fallback::readiness},
    {11, "TIMEOUT", "timeout, static_timeout", "5.4", fallback::readiness},
    {12, "TIMEOUT_REMOVE", "timeout_remove, timeout_update", "5.5", fallback::none},
    {13, "ACCEPT", "accept", "5.5", fallback::readiness},
    {14, "ASYNC_CANCEL", "async_cancel", "5.5", fallback::none},
    {15, "LINK_TIMEOUT", "link_timeout()", "5.5", fallback::engine},
    {16, "CONNECT", "connect", "5.5", fallback::readiness},
    {17, "FALLOCATE", "fallocate", "5.6", fallback::thread},
    {18, "OPENAT", "openat", "5.6", fallback::thread},
    {19, "CLOSE", "close", "5.6", fallback::thread},
    {20, "FILES_UPDATE", "files_update", "5.6", fallback::engine},
    {21, "STATX", "statx", "5.6", fallback::thread},
    {22, "READ", "read", "5.6", fallback::mixed},
    {23, "WRITE", "write", "5.6", fallback::mixed},
    {24, "FADVISE", "fadvise", "5.6", fallback::thread},
    {25, "MADVISE", "madvise", "5.6", fallback::thread},
    {26, "SEND", "send", "5.6", fallback::readiness},
    {27, "RECV", "recv", "5.6", fallback::readiness},
    {28, "OPENAT2", "openat2", "5.6", fallback::thread},
    {29, "EPOLL_CTL", "epoll_ctl", "5.6", fallback::at_once},
    {30, "SPLICE", "splice", "5.7", fallback::thread},
    {31, "PROVIDE_BUFFERS", "provide_buffers", "5.7", fallback::none},
    {32, "REMOVE_BUFFERS", "remove_buffers", "5.7", fallback::none},
    {33, "TEE", "tee", "5.8", fallback::thread},
    {34, "SHUTDOWN", "shutdown", "5.11", fallback::at_once},
    {35, "RENAMEAT", "renameat", "5.11", fallback::thread},
    {36, "UNLINKAT", "unlinkat", "5.11", fallback::thread},
    {37, "MKDIRAT", "mkdirat", "5.15", fallback::thread},
    {38, "SYMLINKAT", "symlinkat", "5.15", fallback::thread},
    {39, "LINKAT", "linkat", "5.15", fallback::thread},
    {40, "MSG_RING", "msg_ring, msg_ring_fd", "5.18", fallback::none},
    {41, "FSETXATTR", "fsetxattr", "5.19", fallback::thread},
    {42, "SETXATTR", "setxattr", "5.19", fallback::thread},
    {43, "FGETXATTR", "fgetxattr", "5.19", fallback::thread},
    {44, "GETXATTR", "getxattr", "5.19", fallback::thread},
    {45, "SOCKET", "socket", "5.19", fallback::at_once},
    {46, "URING_CMD", "uring_cmd, getsockopt, setsockopt", "5.19", fallback::at_once},
    {47, "SEND_ZC", "send_zc", "6.0", fallback::readiness},
    {48, "SENDMSG_ZC", "sendmsg_zc", "6.1", fallback::readiness},
    {49, "READ_MULTISHOT", "read_multishot", "6.7", fallback::none},
    {50, "WAITID", "waitid", "6.7", fallback::readiness},
    {51, "FUTEX_WAIT", "futex_wait", "6.7", fallback::none},
    {52, "FUTEX_WAKE", "futex_wake", "6.7", fallback::at_once},
    {53, "FUTEX_WAITV", "futex_waitv", "6.7", fallback::none},
    {54, "FIXED_FD_INSTALL", "fixed_fd_install", "6.8", fallback::engine},
    {55, "FTRUNCATE", "ftruncate", "6.9", fallback::thread},
    {56, "BIND", "bind", "6.11", fallback::at_once},
    {57, "LISTEN", "listen", "6.11", fallback::at_once},
    {58, "RECV_ZC", "none: needs a queue of a network interface", "6.15", fallback::none},
    {59, "EPOLL_WAIT", "epoll_wait", "6.15", fallback::readiness},
    {60, "READV_FIXED", "read_vectored_fixed", "6.15", fallback::mixed},
    {61, "WRITEV_FIXED", "write_vectored_fixed", "6.15", fallback::mixed},
    {62, "PIPE", "pipe", "6.16", fallback::at_once},
    {63, "NOP128", "none: urio's rings have entries of 64 bytes", "6.19", fallback::none},
    {64, "URING_CMD128", "none: urio's rings have entries of 64 bytes", "6.19",
     fallback::none},
};

class category final : public boost::system::error_category
{
public:
    const char* name() const noexcept override { return "urio.missing_operation"; }

    std::string message(int value) const override
    {
        for (operation_info const& o : table)
            if (o.opcode == value)
                return std::string("this kernel's io_uring, or the backend in use, does "
                                   "not have IORING_OP_") +
                       o.name + " (Linux " + o.since + "), and there is no fallback";
        return "the backend in use does not have this operation of io_uring, which names "
               "neither its opcode nor a fallback";
    }

    boost::system::error_condition default_error_condition(int) const noexcept override
    {
        return boost::system::errc::operation_not_supported;
    }
};

} // namespace

std::span<const operation_info> operations() noexcept
{
    return table;
}

const boost::system::error_category& missing_operation() noexcept
{
    static const category instance;
    return instance;
}

} // namespace event
} // namespace urio::inline URIO_ABI
