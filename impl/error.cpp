// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/error.hpp>

#include <string>

namespace urio::inline URIO_ABI
{
namespace
{

class category final : public boost::system::error_category
{
public:
    const char* name() const noexcept override { return "urio"; }

    std::string message(int value) const override
    {
        switch (static_cast<errc>(value))
        {
        case errc::disabled_by_sysctl:
            return "io_uring is disabled by the sysctl kernel.io_uring_disabled";
        case errc::blocked_by_policy:
            return "io_uring is blocked, probably by a seccomp profile";
        case errc::kernel_too_old:
            return "the kernel is too old: urio needs Linux 5.11 with io_uring";
        case errc::reactor_already_running:
            return "the execution context already has a reactor of its own: call "
                   "urio::install before anything is constructed on it, or use "
                   "urio::io_context";
        case errc::already_installed:
            return "the execution context already has urio's loop, with its own options";
        case errc::operations_pending:
            return "operations are pending on the socket or descriptor: it cannot move "
                   "between urio and Asio";
        case errc::wrong_thread:
            return "an exclusive context may be run only by the thread that ran it "
                   "first";
        case errc::forked_without_notification:
            return "the process was forked, and the child did not call notify_fork";
        case errc::completion_lost:
            return "the kernel lost the completion of the operation";
        case errc::misaligned:
            return "the address, the size or the offset of a direct transfer is not "
                   "aligned as the file system asks";
        case errc::no_threads:
            return "no thread could be started for the operation, which needs one (see "
                   "RLIMIT_NPROC and the cgroup's pids.max)";
        case errc::memory_limit:
            return "RLIMIT_MEMLOCK, which counts for all processes of the user, leaves "
                   "no room for a ring";
        }
        return "unknown urio error";
    }

    boost::system::error_condition
    default_error_condition(int value) const noexcept override
    {
        switch (static_cast<errc>(value))
        {
        case errc::misaligned:
            return boost::system::errc::invalid_argument;
        case errc::no_threads:
            return boost::system::errc::resource_unavailable_try_again;
        case errc::memory_limit:
            return boost::system::errc::not_enough_memory;
        default:
            return {value, *this};
        }
    }
};

} // namespace

const boost::system::error_category& error_category() noexcept
{
    static const category instance;
    return instance;
}

} // namespace urio::inline URIO_ABI
