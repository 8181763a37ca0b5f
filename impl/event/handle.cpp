// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/handle.hpp>

#include "entry.hpp"

#include <urio/detail/loop/loop.hpp>

#include <boost/system/system_error.hpp>

#include <unistd.h>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{
file_place::~file_place()
{
    if (slot_ >= 0)
        engine_->release_slot(slot_);
    put(-1);
}

void file_place::put(int descriptor) const noexcept
{
    if (int const old = std::exchange(descriptor_, descriptor); old >= 0)
        ::close(old);
}

int file_place::take() const noexcept
{
    return std::exchange(descriptor_, -1);
}

std::shared_ptr<file_place> open_place(boost::asio::execution_context& context)
{
    engine& e = use_engine(context);
    if (!e.knows(IORING_OP_NOP))
        return std::make_shared<file_place>(nullptr, -1);
    int const slot = e.reserve_slot();
    if (slot < 0)
        throw boost::system::system_error(-slot, boost::system::system_category(),
                                          "urio::event::file_slot");
    try
    {
        return std::make_shared<file_place>(&e, slot);
    }
    catch (...)
    {
        e.release_slot(slot);
        throw;
    }
}

} // namespace detail

namespace event
{
int handle::number() const noexcept
{
    if (!place_)
        return number_;
    return place_->slot() >= 0 ? place_->slot() : place_->descriptor();
}

bool handle::is_slot() const noexcept
{
    return place_ && place_->slot() >= 0;
}

int handle::descriptor() const noexcept
{
    return place_ ? place_->descriptor() : number_;
}

} // namespace event
} // namespace urio::inline URIO_ABI
