// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A descriptor that one thread makes readable for another: an eventfd or a pipe.
#pragma once

#include <urio/reactor/options.hpp>

namespace urio::reactor::detail
{

class wake_descriptor
{
public:
    /// `automatic` is what the system has. Throws boost::system::system_error.
    explicit wake_descriptor(waker_kind kind);
    wake_descriptor(const wake_descriptor&) = delete;
    wake_descriptor& operator=(const wake_descriptor&) = delete;
    ~wake_descriptor();

    /// What becomes readable.
    int fd() const noexcept { return read_; }

    /// Makes it readable, and is an edge if it is already. Any thread.
    void signal(error_code& ec) const noexcept;

    /// Makes it not readable.
    void drain() const noexcept;

private:
    int read_ = -1;
    int write_ = -1; // the same, if it is an eventfd
};

} // namespace urio::reactor::detail
