// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/initiate/event.hpp>

#include <urio/detail/system/unique_descriptor.hpp>

#include <fcntl.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

int awaited_object::open(engine& e, int descriptor)
{
    unique_descriptor own(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    if (own.get() < 0)
        return -errno;
    object_ = &e.open_object(own.get(), {});
    engine_ = &e;
    (void)own.release();
    return 0;
}

void awaited_object::close() noexcept
{
    if (!object_)
        return;
    int const descriptor = object_->descriptor();
    if (engine_->retire(*std::exchange(object_, nullptr)) ==
        engine::ownership::caller_closes)
        ::close(descriptor);
}

} // namespace detail
} // namespace urio::inline URIO_ABI
