// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/stream/pool_service.hpp>

#include <urio/detail/loop/loop.hpp>

#include <mutex>

namespace urio::inline URIO_ABI
{
namespace detail
{

pool_service::pool_service(boost::asio::execution_context& context)
    : service_base<pool_service>(context)
    , engine_(use_engine(context))
{
}

std::shared_ptr<pool_state> pool_service::make(const pool_options& options)
{
    return std::make_shared<pool_state>(engine_, list_, options);
}

// Whoever waits for a buffer may own the last reference to a pool, whose end needs the
// list.
void pool_service::shutdown()
{
    op_queue<scheduler_operation> waiters; // which destroys them
    std::lock_guard<process::process_mutex> l(list_->mutex);
    for (pool_state* const pool : list_->pools)
        pool->detach(waiters);
}

} // namespace detail
} // namespace urio::inline URIO_ABI
