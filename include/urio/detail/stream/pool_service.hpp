// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The pools of a context, which end before it does.
#pragma once

#include <urio/detail/service/event_service.hpp>
#include <urio/detail/stream/pool_state.hpp>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

#include <memory>

namespace urio::inline URIO_ABI
{
namespace detail
{

class receive_event;

class pool_service : public service_base<pool_service>
{
public:
    explicit pool_service(boost::asio::execution_context& context);

    void shutdown() override;

    std::shared_ptr<pool_state> make(const pool_options& options);

private:
    engine& engine_;
    std::shared_ptr<pool_list> list_ = std::make_shared<pool_list>();
};

template <class Executor>
std::shared_ptr<pool_state> make_pool(const Executor& ex, const pool_options& options)
{
    boost::asio::execution_context& context =
        boost::asio::query(ex, boost::asio::execution::context);
    return boost::asio::use_service<pool_service>(context).make(options);
}

} // namespace detail
} // namespace urio::inline URIO_ABI
