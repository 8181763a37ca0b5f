// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The five private members of Asio's epoll_reactor that the loop hook needs. If a
// version of Asio renames one, this file is where the build stops.
#pragma once

#include <urio/detail/asio/asio_detail.hpp>
#include <urio/detail/asio/member_access.hpp>

#include <boost/asio/detail/epoll_reactor.hpp>
#include <boost/asio/detail/scheduler_task.hpp>

#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

static_assert(std::is_same_v<stock_reactor, boost::asio::detail::epoll_reactor>,
              "urio: Asio is configured without epoll");
static_assert(std::is_base_of_v<boost::asio::detail::scheduler_task, stock_reactor> &&
                  !std::is_final_v<stock_reactor>,
              "urio: Asio's epoll_reactor can no longer be derived from as a task");
static_assert(std::is_same_v<decltype(stock_reactor::id),
                             boost::asio::detail::service_id<stock_reactor>>,
              "urio: Asio's services are no longer found by the type of their base");

URIO_NAME_MEMBER(reactor_epoll_fd_, stock_reactor, epoll_fd_);
URIO_NAME_MEMBER(reactor_timer_fd_, stock_reactor, timer_fd_);
URIO_NAME_MEMBER(reactor_mutex_, stock_reactor, mutex_);
URIO_NAME_MEMBER(reactor_descriptors_mutex_, stock_reactor,
                 registered_descriptors_mutex_);
URIO_NAME_MEMBER(reactor_timer_queues_, stock_reactor, timer_queues_);

template <class Tag>
auto& member(stock_reactor& reactor, Tag tag) noexcept
{
    return reactor.*member_of(tag);
}

using reactor_mutex = std::remove_reference_t<decltype(std::declval<stock_reactor&>().*
                                                       member_of(reactor_mutex_{}))>;

} // namespace detail
} // namespace urio::inline URIO_ABI
