// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/service/file_opening.hpp>

#include <new>

namespace urio::inline URIO_ABI
{
namespace detail
{

opening::opening(file_service& s, engine& e, file_service::implementation_type& f)
    : service_(s)
    , engine_(e)
    , file_(&f)
    , object_(&e.open_object(-1, {.bounded = true}))
{
}

bool opening::pending() const
{
    std::lock_guard l(mutex_);
    return file_ != nullptr;
}

void opening::cancel() noexcept
{
    std::lock_guard l(mutex_);
    if (file_)
        engine_.cancel(*object_);
}

void opening::give_up() noexcept
{
    {
        std::lock_guard l(mutex_);
        if (!std::exchange(file_, nullptr))
            return;
    }
    engine_.retire(*object_);
}

void opening::move(file_service::implementation_type& to,
                   file_service::implementation_type& from) noexcept
{
    std::lock_guard l(mutex_);
    to = std::exchange(from, {-1, nullptr, from.is_stream_, nullptr});
    if (file_)
        file_ = &to;
}

boost::system::error_code opening::finish(unique_descriptor descriptor, int flags,
                                          boost::system::error_code ec,
                                          bool alive) noexcept
{
    std::unique_lock l(mutex_);
    file_service::implementation_type* const file = std::exchange(file_, nullptr);
    if (!alive)
        return ec;
    if (!file)
        return boost::asio::error::operation_aborted;
    if (!ec)
        try
        {
            service_.adopt(*file, std::move(descriptor), flags);
        }
        catch (const std::bad_alloc&)
        {
            ec = boost::asio::error::no_memory;
        }
    l.unlock();
    engine_.retire(*object_);
    return ec;
}

} // namespace detail
} // namespace urio::inline URIO_ABI
