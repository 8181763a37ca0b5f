// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A descriptor that somebody else owns, as a source.
#pragma once

#include <urio/reactor/registry.hpp>

namespace urio::reactor
{

/// Registers a descriptor that it does not own.
/**
 * Has no state: any source_fd of the same descriptor can reregister or deregister it,
 * and one descriptor may be registered with several polls. The descriptor should be in
 * non-blocking mode; deregister it before it is closed.
 *
 * With edge and poll(2) the reactor cannot see that an operation would have blocked:
 * reregister() then, or use trigger::level, or `io_source`, which sees it. That works
 * with the other selectors, too.
 */
class source_fd
{
public:
    explicit source_fd(int fd) noexcept : fd_(fd) {}

    int native_handle() const noexcept { return fd_; }

    void register_with(const registry& r, token t, interest i, trigger when,
                       error_code& ec);
    void reregister_with(const registry& r, token t, interest i, trigger when,
                         error_code& ec);
    void deregister_from(const registry& r, error_code& ec);

private:
    int fd_;
};

} // namespace urio::reactor
