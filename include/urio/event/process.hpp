// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that are about other processes.
#pragma once

#include <urio/detail/op/opcodes.hpp>
#include <urio/event/handle.hpp>

#include <cstdint>
#include <memory>

struct io_uring_sqe;

namespace urio::inline URIO_ABI
{
namespace event
{

/// What has become of a child process.
struct child_status
{
    int pid = 0;
    int code = 0;   ///< CLD_EXITED, CLD_KILLED, …
    int status = 0; ///< the exit code, or the signal
};

/// waitid(2): child_status. `which` is P_PID, P_PGID, P_ALL or P_PIDFD, `options` WEXITED
/// and so on. The constructor throws std::bad_alloc. IORING_OP_WAITID, Linux 6.7; without
/// it a pidfd_open(2) is waited for (Linux 5.3), which takes P_PID or P_PIDFD.
class waitid
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::waitid;

    waitid(int which, int id, int options);
    waitid(waitid&&) noexcept;
    waitid& operator=(waitid&&) noexcept;
    ~waitid();

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    child_status result(int res, unsigned) const noexcept;
    int descriptor() const noexcept;
    short readiness() const noexcept;

    int which, id, options;

private:
    struct information;

    std::unique_ptr<information> information_;
    detail::transient<detail::unique_descriptor> process_;
};

} // namespace event
} // namespace urio::inline URIO_ABI
