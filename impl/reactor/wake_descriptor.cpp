// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "wake_descriptor.hpp"

#include "descriptor_flags.hpp"
#include "platform.hpp"

#include <cerrno>
#include <cstdint>

#include <unistd.h>

#if defined(URIO_REACTOR_HAS_EVENTFD)
#include <sys/eventfd.h>
#endif

namespace urio::reactor::detail
{

wake_descriptor::wake_descriptor(waker_kind kind)
{
#if defined(URIO_REACTOR_HAS_EVENTFD)
    if (kind != waker_kind::pipe)
    {
        read_ = write_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        throw_if(last_error(read_ < 0), "eventfd");
        return;
    }
#else
    static_cast<void>(kind);
#endif
    int ends[2];
    throw_if(make_pipe(ends), "pipe");
    read_ = ends[0];
    write_ = ends[1];
}

wake_descriptor::~wake_descriptor()
{
    ::close(read_);
    if (write_ != read_)
        ::close(write_);
}

void wake_descriptor::signal(error_code& ec) const noexcept
{
    std::uint64_t const one = 1;
    for (;;)
    {
        auto const n = ::write(write_, &one, sizeof one);
        if (n >= 0)
        {
            ec.clear();
            return;
        }
        if (errno == EAGAIN)
            drain(); // it is full: an edge needs a write that succeeds
        else if (errno != EINTR)
        {
            ec = last_error(true);
            return;
        }
    }
}

void wake_descriptor::drain() const noexcept
{
    char data[4096];
    for (;;)
    {
        auto const n = ::read(read_, data, sizeof data);
        if (n != sizeof data && !(n < 0 && errno == EINTR))
            return;
    }
}

} // namespace urio::reactor::detail
