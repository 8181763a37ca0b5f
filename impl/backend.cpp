// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/backend.hpp>

#include "detail/loop/loop.hpp"
#include "detail/uring/availability.hpp"
#include "detail/uring/ring.hpp"
#include <urio/detail/process/process_mutex.hpp>

#include <boost/system/system_error.hpp>

#include <memory>
#include <mutex>
#include <optional>

namespace urio::inline URIO_ABI
{
namespace
{

uring_features ask_kernel()
{
    uring_features answer;
    try
    {
        uring_options options;
        options.entries = 2;
        detail::ring const ring(options);
        answer.available = true;
        answer.reason = "io_uring is available";
        answer.features = ring.features();
        answer.operations = ring.operations();
    }
    catch (const boost::system::system_error& e)
    {
        answer.error = e.code();
        answer.reason = e.what();
    }
    return answer;
}

} // namespace

const char* to_string(backend b) noexcept
{
    switch (b)
    {
    case backend::uring:
        return "io_uring";
    case backend::epoll:
        return "epoll";
    case backend::kqueue:
        return "kqueue";
    case backend::poll:
        return "poll";
    default:
        return "none";
    }
}

const char* to_string(loop_kind k) noexcept
{
    switch (k)
    {
    case loop_kind::native:
        return "native";
    case loop_kind::hosted:
        return "hosted";
    default:
        return "none";
    }
}

backend_info backend_of(boost::asio::execution_context& context)
{
    backend_info info;
    try
    {
        detail::loop& loop = detail::loop::use(context);
        loop.get_engine();
        detail::made_engine const& made = loop.made();
        info.kind = made.kind;
        info.error = made.error;
        info.reason = made.reason;
        info.threads = loop.threads();
        info.loop = loop.kind();
        info.setup_flags = made.setup_flags;
        info.entries = made.entries;
    }
    catch (const boost::system::system_error& e)
    {
        info.error = e.code();
        info.reason = e.what();
    }
    return info;
}

namespace
{

detail::engine* existing_engine(boost::asio::execution_context& context)
{
    detail::loop* const loop = detail::loop::find(context);
    return loop ? loop->existing_engine() : nullptr;
}

} // namespace

statistics statistics_of(boost::asio::execution_context& context)
{
    detail::engine* const e = existing_engine(context);
    return e ? e->counters() : statistics();
}

void submit(boost::asio::execution_context& context) noexcept
{
    if (detail::engine* const e = existing_engine(context))
        e->flush();
}

uring_features features()
{
    static process::process_mutex mutex;
    static std::optional<uring_features> known;
    std::lock_guard l(mutex);
    if (known)
        return *known;
    uring_features answer = ask_kernel();
    if (answer.available || detail::is_lasting(answer.error))
        known = answer;
    return answer;
}

} // namespace urio::inline URIO_ABI
