// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "availability.hpp"

#include "../system/liburing.hpp"

#include <urio/error.hpp>

#include <boost/system/system_error.hpp>

#include <cerrno>
#include <fstream>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// The value of kernel.io_uring_disabled (Linux 6.6): 0 if anybody may use io_uring, 1
// if only privileged processes and members of kernel.io_uring_group may, 2 if nobody
// may.
int disabled_by_sysctl()
{
    std::ifstream file("/proc/sys/kernel/io_uring_disabled");
    int value = 0;
    return file >> value ? value : 0;
}

std::string kernel_release()
{
    ::utsname name{};
    return ::uname(&name) == 0 ? name.release : "unknown";
}

// CAP_IPC_LOCK lifts the limit, if it is that of the system and not that of a container
// with users of its own.
bool may_lock_any_amount() noexcept
{
    ::__user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    ::__user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {};
    if (::syscall(SYS_capget, &header, sets) != 0 ||
        !(sets[0].effective & (1u << CAP_IPC_LOCK)))
        return false;
    constexpr ::ino_t initial_user_namespace = 0xEFFFFFFD; // PROC_USER_INIT_INO
    struct ::stat s;
    return ::stat("/proc/self/ns/user", &s) != 0 || s.st_ino == initial_user_namespace;
}

::rlim_t memory_limit() noexcept
{
    ::rlimit limit{};
    return ::getrlimit(RLIMIT_MEMLOCK, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

} // namespace

// The memory of a ring is accounted to its user before Linux 5.12, and since 6.14 again,
// where io_create_region() allocates it (io_uring/memmap.c).
bool is_memory_limit(int error) noexcept
{
    return error == ENOMEM && memory_limit() != RLIM_INFINITY && !may_lock_any_amount();
}

std::string describe_memory_limit()
{
    return "RLIMIT_MEMLOCK, which counts for all processes of the user, is " +
           std::to_string(memory_limit() / 1024) + " KiB";
}

// What urio says of the kernel holds for the process: it is not asked again. Memory may
// be there the next time.
bool is_lasting(const boost::system::error_code& error) noexcept
{
    return error.category() == error_category() && error != errc::memory_limit;
}

std::string missing_features(unsigned features)
{
    struct
    {
        unsigned bit;
        const char* name;
    } const required[] = {
        {IORING_FEAT_NODROP, "IORING_FEAT_NODROP (Linux 5.5)"},
        {IORING_FEAT_SUBMIT_STABLE, "IORING_FEAT_SUBMIT_STABLE (Linux 5.5)"},
        {IORING_FEAT_RW_CUR_POS, "IORING_FEAT_RW_CUR_POS (Linux 5.6)"},
        {IORING_FEAT_FAST_POLL, "IORING_FEAT_FAST_POLL (Linux 5.7)"},
        {IORING_FEAT_EXT_ARG, "IORING_FEAT_EXT_ARG (Linux 5.11)"},
    };

    std::string missing;
    for (auto const& feature : required)
        if (!(features & feature.bit))
            missing += (missing.empty() ? "" : ", ") + std::string(feature.name);
    return missing;
}

std::string missing_operations(const std::bitset<256>& known)
{
    struct
    {
        unsigned number;
        const char* name;
    } const required[] = {
        {IORING_OP_NOP, "IORING_OP_NOP"},
        {IORING_OP_READV, "IORING_OP_READV"},
        {IORING_OP_WRITEV, "IORING_OP_WRITEV"},
        {IORING_OP_POLL_ADD, "IORING_OP_POLL_ADD"},
        {IORING_OP_ASYNC_CANCEL, "IORING_OP_ASYNC_CANCEL"},
    };

    std::string missing;
    for (auto const& operation : required)
        if (!known[operation.number])
            missing += (missing.empty() ? "" : ", ") + std::string(operation.name);
    return missing;
}

void throw_unavailable(int error)
{
    using boost::system::system_error;

    switch (error)
    {
    case EPERM:
    case EACCES:
        switch (int const value = disabled_by_sysctl())
        {
        case 0:
            throw system_error(errc::blocked_by_policy,
                               "io_uring_setup was refused although the sysctl "
                               "kernel.io_uring_disabled allows it");
        default:
            throw system_error(errc::disabled_by_sysctl,
                               "kernel.io_uring_disabled is " + std::to_string(value));
        }
    case ENOSYS:
    case EINVAL: // flags and sizes that every kernel since 5.5 knows
        throw system_error(errc::kernel_too_old,
                           "this kernel (" + kernel_release() +
                               ") has no io_uring, or a seccomp profile says so: urio "
                               "needs Linux 5.11");
    case ENOMEM:
        if (is_memory_limit(error))
            throw system_error(errc::memory_limit, describe_memory_limit());
        [[fallthrough]];
    default:
        throw system_error(error, boost::system::system_category(), "io_uring_setup");
    }
}

void throw_too_old(const std::string& missing)
{
    throw boost::system::system_error(
        errc::kernel_too_old, "this kernel (" + kernel_release() + ") lacks " + missing);
}

} // namespace detail
} // namespace urio::inline URIO_ABI
