// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The service of POSIX descriptors and pipes.
#pragma once

#include <urio/detail/engine/engine.hpp>
#include <urio/detail/initiate/async_op.hpp>
#include <urio/detail/op/connection.hpp>
#include <urio/detail/op/file_transfer.hpp>
#include <urio/detail/seam/hand_over.hpp>
#include <urio/detail/service/service_map.hpp>
#include <urio/detail/system/readiness.hpp>

#include <boost/asio/posix/descriptor_base.hpp>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Descriptors on an engine: pipes, terminals, eventfds, whatever read(2) and write(2)
/// work on. The interface is that of Asio's reactive_descriptor_service, from which it
/// does not derive: a conversion between the two would slice. Synchronous calls are
/// Asio's own.
class descriptor_service : public service_base<descriptor_service>
{
public:
    using native_handle_type = int;
    using wait_type = boost::asio::posix::descriptor_base::wait_type;

    struct implementation_type
    {
        int descriptor_ = -1;
        descriptor_ops::state_type state_ = 0;
        io_object* object_ = nullptr;

        // For Asio's own descriptors, which move from it.
        operator stock_descriptor_service::implementation_type&()
        {
            return hand_over_to_stock(*this);
        }
    };

    stock_service_pointer<stock_descriptor_service> operator&() noexcept
    {
        return stock_service_pointer<stock_descriptor_service>(context());
    }

    explicit descriptor_service(boost::asio::execution_context& context);

    // The engine has shut down what was pending.
    void shutdown() override {}

    void construct(implementation_type& impl) noexcept { impl = {}; }
    void move_construct(implementation_type& impl, implementation_type& other) noexcept
    {
        impl = std::exchange(other, {});
    }
    void move_assign(implementation_type& impl, descriptor_service&,
                     implementation_type& other) noexcept
    {
        destroy(impl);
        impl = std::exchange(other, {});
    }
    void destroy(implementation_type& impl) noexcept;
    /// Take the descriptor of an object on Asio's own service.
    void adopt(implementation_type& impl, stock_descriptor_service& service,
               stock_descriptor_service::implementation_type& other);

    bool is_open(const implementation_type& impl) const noexcept
    {
        return impl.descriptor_ != -1;
    }
    int native_handle(const implementation_type& impl) const noexcept
    {
        return impl.descriptor_;
    }

    error_code assign(implementation_type& impl, int descriptor, error_code& ec);
    error_code close(implementation_type& impl, error_code& ec);
    int release(implementation_type& impl, error_code& ec);
    /// Throws boost::system::system_error where the other form reports an error.
    int release(implementation_type& impl);
    error_code cancel(implementation_type& impl, error_code& ec);

    template <class Command>
    error_code io_control(implementation_type& impl, Command& command, error_code& ec)
    {
        descriptor_ops::ioctl(impl.descriptor_, impl.state_, command.name(),
                              static_cast<ioctl_arg_type*>(command.data()), ec);
        note_mode(impl);
        return ec;
    }

    bool non_blocking(const implementation_type& impl) const noexcept
    {
        return (impl.state_ & descriptor_ops::user_set_non_blocking) != 0;
    }
    error_code non_blocking(implementation_type& impl, bool mode, error_code& ec)
    {
        descriptor_ops::set_user_non_blocking(impl.descriptor_, impl.state_, mode, ec);
        note_mode(impl);
        return ec;
    }
    bool native_non_blocking(const implementation_type& impl) const noexcept
    {
        return (impl.state_ & descriptor_ops::internal_non_blocking) != 0;
    }
    error_code native_non_blocking(implementation_type& impl, bool mode, error_code& ec)
    {
        descriptor_ops::set_internal_non_blocking(impl.descriptor_, impl.state_, mode,
                                                  ec);
        note_mode(impl);
        return ec;
    }

    error_code wait(implementation_type& impl, wait_type w, error_code& ec);

    template <class Handler, class IoExecutor>
    void async_wait(implementation_type& impl, wait_type w, Handler& handler,
                    const IoExecutor& ex)
    {
        short const events = events_of(w);
        start<wait_op>(impl, lane::unordered, "async_wait", handler, ex,
                       events == 0 ? -EINVAL : 0, false, events);
    }

    template <class Buffers>
    std::size_t write_some(implementation_type& impl, const Buffers& buffers,
                           error_code& ec)
    {
        if constexpr (is_null_buffers<Buffers>)
            return wait(impl, wait_type::wait_write, ec), 0;
        else
        {
            buffer_sequence_adapter<boost::asio::const_buffer, Buffers> bufs(buffers);
            flush_before(impl, wait_type::wait_write, bufs.total_size());
            return descriptor_ops::sync_write(impl.descriptor_, impl.state_,
                                              bufs.buffers(), bufs.count(),
                                              bufs.all_empty(), ec);
        }
    }

    template <class Buffers>
    std::size_t read_some(implementation_type& impl, const Buffers& buffers,
                          error_code& ec)
    {
        if constexpr (is_null_buffers<Buffers>)
            return wait(impl, wait_type::wait_read, ec), 0;
        else
        {
            flush_before(impl, wait_type::wait_read, 0);
            buffer_sequence_adapter<boost::asio::mutable_buffer, Buffers> bufs(buffers);
            return descriptor_ops::sync_read(impl.descriptor_, impl.state_,
                                             bufs.buffers(), bufs.count(),
                                             bufs.all_empty(), ec);
        }
    }

    template <class Buffers, class Handler, class IoExecutor>
    void async_write_some(implementation_type& impl, const Buffers& buffers,
                          Handler& handler, const IoExecutor& ex)
    {
        using op =
            file_write_op<Buffers,
                          file_places<boost::asio::const_buffer, Buffers, Handler>>;
        start_transfer<op>(impl, lane::write, wait_type::wait_write, "async_write_some",
                           buffers, handler, ex);
    }

    template <class Buffers, class Handler, class IoExecutor>
    void async_read_some(implementation_type& impl, const Buffers& buffers,
                         Handler& handler, const IoExecutor& ex)
    {
        using op =
            file_read_op<Buffers,
                         file_places<boost::asio::mutable_buffer, Buffers, Handler>>;
        start_transfer<op>(impl, lane::read, wait_type::wait_read, "async_read_some",
                           buffers, handler, ex);
    }

private:
    /// Have what was started on this descriptor under way before a synchronous call, and
    /// all else if that has to wait.
    void flush_before(implementation_type& impl, wait_type w, std::size_t size) noexcept;

    void note_mode(implementation_type& impl) noexcept
    {
        if (is_open(impl))
            engine_.mode_changed(*impl.object_);
    }

    static stock_descriptor_service::implementation_type&
    hand_over_to_stock(implementation_type& impl);

    /// 0 if there is no such kind of wait.
    static short events_of(wait_type w) noexcept;

    template <class Op, class Buffers, class Handler, class IoExecutor>
    void start_transfer(implementation_type& impl, lane l, wait_type w, const char* name,
                        const Buffers& buffers, Handler& handler, const IoExecutor& ex)
    {
        if constexpr (is_null_buffers<Buffers>)
            start<null_buffers_op>(impl, lane::unordered, name, handler, ex, 0, false,
                                   events_of(w));
        else
        {
            typename Op::view const view(buffers);
            // The position, where there is one, is that of the open file, which others
            // may use, too.
            start<Op>(impl, l, name, handler, ex, 0, view.size() == 0, view, buffers,
                      file_position{true, 0},
                      is_open(impl) && !impl.object_->traits().bounded);
        }
    }

    /// Start an operation, or complete it at once: with an error if there is one, or if
    /// the descriptor is closed; and if there is nothing to do.
    template <class Op, class Handler, class IoExecutor, class... Args>
    void start(implementation_type& impl, lane l, const char* name, Handler& handler,
               const IoExecutor& ex, int error, bool nothing_to_do, Args&&... args)
    {
        initiate<Op>(
            engine_, impl.object_, l, handler, ex,
            [&](Op& op)
            {
                BOOST_ASIO_HANDLER_CREATION(
                    (context(), op, "descriptor", &impl,
                     static_cast<std::uintmax_t>(impl.descriptor_), name));
                (void)name;
                op.set_result(error);
                if (error == 0 && !nothing_to_do && !is_open(impl))
                    op.set_result(-EBADF);
                return op.result() < 0 || nothing_to_do ? initiation::immediate
                                                        : initiation::start;
            },
            std::forward<Args>(args)...);
    }

    engine& engine_;
};

// The moves are inline so that Asio's own service is in a program only where it is used:
// cmake/replace_asio.ld looks for it.

inline void
descriptor_service::adopt(implementation_type& impl, stock_descriptor_service& service,
                          stock_descriptor_service::implementation_type& other)
{
    construct(impl);
    if (!service.is_open(other))
        return;
    refuse_if_pending(other.*member_of(stock_descriptor_data_{}));
    error_code ec;
    assign(impl, service.native_handle(other), ec);
    throw_error(ec, "move");
    impl.state_ = other.*member_of(stock_descriptor_state_{});
    service.release(other);
}

inline stock_descriptor_service::implementation_type&
descriptor_service::hand_over_to_stock(implementation_type& impl)
{
    // The constructor that asked moves from it at once.
    thread_local stock_descriptor_service::implementation_type target;
    if (impl.descriptor_ != -1)
    {
        hand_over(*impl.object_,
                  [&](boost::asio::execution_context& context)
                  {
                      auto& stock =
                          boost::asio::use_service<stock_descriptor_service>(context);
                      error_code ec;
                      stock.construct(target);
                      stock.assign(target, impl.descriptor_, ec);
                      throw_error(ec, "move");
                  });
        target.*member_of(stock_descriptor_state_{}) = impl.state_;
        impl = {};
    }
    return target;
}

template <>
struct replacement<stock_descriptor_service>
{
    using type = descriptor_service;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
