// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/service/event_service.hpp>

#include <urio/detail/loop/loop.hpp>

namespace urio::inline URIO_ABI
{
namespace detail
{

event_service::event_service(boost::asio::execution_context& context)
    : service_base<event_service>(context)
    , engine_(use_engine(context))
    , object_(engine_.open_object(-1, {}))
{
}

} // namespace detail
} // namespace urio::inline URIO_ABI
