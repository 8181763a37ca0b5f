// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The seam itself. Asio's front ends (basic_socket, basic_socket_acceptor, …)
// hold an io_object_impl<Service, Executor>; this partial specialisation puts
// urio's service there where the executor is urio's.
#pragma once

#include <urio/any_io_executor.hpp>
#include <urio/detail/service/service_map.hpp>

#include <boost/asio/query.hpp>

#include <memory>
#include <type_traits>

template <class StockService, class Executor>
    requires(urio::detail::is_urio_executor<Executor> &&
             urio::detail::replaced_service<StockService>)
class boost::asio::detail::io_object_impl<StockService, Executor>
{
public:
    using service_type = typename urio::detail::replacement<StockService>::type;
    using implementation_type = typename service_type::implementation_type;
    using executor_type = Executor;

    explicit io_object_impl(int, const executor_type& ex)
        : service_(std::addressof(find_service(ex)))
        , executor_(ex)
    {
        service_->construct(implementation_);
    }

    template <class ExecutionContext>
    explicit io_object_impl(int, int, ExecutionContext& context)
        : service_(std::addressof(boost::asio::use_service<service_type>(
              static_cast<execution_context&>(context))))
        , executor_(context.get_executor())
    {
        service_->construct(implementation_);
    }

    io_object_impl(io_object_impl&& other)
        : service_(other.service_)
        , executor_(other.executor_)
    {
        service_->move_construct(implementation_, other.implementation_);
    }

    // From an object with another executor type, of the same or of another
    // protocol, on urio or not.
    template <class OtherService, class OtherExecutor>
    io_object_impl(io_object_impl<OtherService, OtherExecutor>&& other)
        : service_(std::addressof(find_service(other.get_executor())))
        , executor_(other.get_executor())
    {
        if constexpr (!urio::detail::is_urio_executor<OtherExecutor>)
            service_->adopt(implementation_, other.get_service(),
                            other.get_implementation());
        else if constexpr (std::is_same_v<OtherService, StockService>)
            service_->move_construct(implementation_, other.get_implementation());
        else
            service_->converting_move_construct(implementation_, other.get_service(),
                                                other.get_implementation());
    }

    ~io_object_impl() { service_->destroy(implementation_); }

    io_object_impl& operator=(io_object_impl&& other)
    {
        if (this != std::addressof(other))
        {
            service_->move_assign(implementation_, *other.service_,
                                  other.implementation_);
            // Executors can be copied, but need not be assignable.
            std::destroy_at(std::addressof(executor_));
            std::construct_at(std::addressof(executor_), other.executor_);
            service_ = other.service_;
        }
        return *this;
    }

    io_object_impl(const io_object_impl&) = delete;
    io_object_impl& operator=(const io_object_impl&) = delete;

    const executor_type& get_executor() noexcept { return executor_; }
    service_type& get_service() { return *service_; }
    const service_type& get_service() const { return *service_; }
    implementation_type& get_implementation() { return implementation_; }
    const implementation_type& get_implementation() const { return implementation_; }

private:
    template <class AnyExecutor>
    static service_type& find_service(const AnyExecutor& ex)
    {
        execution_context& context = boost::asio::query(ex, execution::context);
        return boost::asio::use_service<service_type>(context);
    }

    service_type* service_;
    implementation_type implementation_;
    executor_type executor_;
};
