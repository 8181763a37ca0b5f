// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/process.hpp>

#include "entry.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace event
{
struct waitid::information
{
    ::siginfo_t native{};
};

waitid::waitid(int w, int i, int o)
    : which(w)
    , id(i)
    , options(o)
    , information_(std::make_unique<information>())
{
}

waitid::waitid(waitid&&) noexcept = default;
waitid& waitid::operator=(waitid&&) noexcept = default;
waitid::~waitid() = default;

void waitid::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, id, nullptr, static_cast<std::uint32_t>(which),
         address(&information_->native));
    entry.file_index = static_cast<std::uint32_t>(options);
}

int waitid::perform() noexcept
{
    if (which == P_PID && process_.value.get() < 0)
    {
        process_.value =
            detail::unique_descriptor(static_cast<int>(::syscall(SYS_pidfd_open, id, 0)));
        // One that has not been waited for can be opened; one that is nobody's child is
        // waitid's to refuse.
        if (process_.value.get() < 0 && errno != ESRCH)
            return -errno;
    }
    information_->native.si_pid = 0;
    int const result =
        detail::or_error(::waitid(static_cast<::idtype_t>(which), static_cast<::id_t>(id),
                                  &information_->native, options | WNOHANG));
    if (result < 0 || information_->native.si_pid != 0 || (options & WNOHANG))
        return result;
    return descriptor() < 0 ? -EOPNOTSUPP : -EAGAIN;
}

child_status waitid::result(int, unsigned) const noexcept
{
    ::siginfo_t const& s = information_->native;
    return {s.si_pid, s.si_code, s.si_status};
}

int waitid::descriptor() const noexcept
{
    return which == P_PID ? process_.value.get() : which == P_PIDFD ? id : -1;
}

short waitid::readiness() const noexcept
{
    return POLLIN;
}

} // namespace event
} // namespace urio::inline URIO_ABI
