// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The service of what is asked of the file system by path.
#pragma once

#include <urio/detail/initiate/async_op.hpp>
#include <urio/detail/op/path_calls.hpp>

#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

class fs_service : public service_base<fs_service>
{
public:
    explicit fs_service(boost::asio::execution_context& context);

    // The engine has shut down what was pending.
    void shutdown() override {}

    /// Any thread. The handler is moved from.
    template <class Call, class Handler, class IoExecutor>
    void async_call(Call&& call, const char* name, Handler& handler, const IoExecutor& ex)
    {
        using op = call_op<Call>;
        bool const valid = is_valid(call);
        initiate<op>(
            engine_, &object_, lane::unordered, handler, ex,
            [&](op& o)
            {
                BOOST_ASIO_HANDLER_CREATION((context(), o, "fs", this, 0, name));
                (void)name;
                o.set_result(valid ? 0 : -EINVAL);
                return valid ? initiation::start : initiation::immediate;
            },
            std::move(call));
    }

private:
    template <class Call>
    static bool is_valid(const Call& call) noexcept
    {
        bool valid = true;
        if constexpr (requires { call.where; })
            valid = call.where.valid();
        if constexpr (requires { call.to; })
            valid = valid && call.to.valid();
        if constexpr (requires { call.target; })
            valid = valid && call.target.find('\0') == std::string::npos;
        return valid;
    }

    engine& engine_;
    // What has no descriptor is pending on this one.
    io_object& object_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
