// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Joins an operation to the user's handler. All operations end here: the one
// place where results become arguments, memory is given back and the handler is
// called.
#pragma once

#include <urio/detail/asio/executor.hpp>
#include <urio/detail/asio/handler_memory.hpp>
#include <urio/detail/asio/immediate.hpp>
#include <urio/detail/engine/engine.hpp>
#include <urio/detail/op/operation.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_type.hpp>

#include <cerrno>
#include <cstddef>
#include <memory>
#include <new>
#include <tuple>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

using boost::system::error_code;

template <class Handler>
auto bind_results(Handler& handler, std::tuple<error_code>&& r)
{
    return binder1<Handler, error_code>(handler, std::get<0>(r));
}

template <class Handler>
auto bind_results(Handler& handler, std::tuple<error_code, std::size_t>&& r)
{
    return binder2<Handler, error_code, std::size_t>(handler, std::get<0>(r),
                                                     std::get<1>(r));
}

template <class Handler, class Object>
auto bind_results(Handler& handler, std::tuple<error_code, Object>&& r)
{
    return move_binder2<Handler, error_code, Object>(
        0, std::move(handler), std::get<0>(r), std::move(std::get<1>(r)));
}

/// A handler with the results of an operation that hands something back: a buffer, an
/// event.
template <class Handler, class Value, class Owned>
class owned_binder
{
public:
    owned_binder(Handler&& handler, const error_code& ec, Value&& value, Owned&& owned)
        : handler_(std::move(handler))
        , arg1_(ec)
        , arg2_(std::move(value))
        , owned_(std::move(owned))
    {
    }

    void operator()()
    {
        std::move(handler_)(static_cast<const error_code&>(arg1_), std::move(arg2_),
                            std::move(owned_));
    }

    // By the names of Asio's binders.
    Handler handler_;
    error_code arg1_;
    Value arg2_;

private:
    Owned owned_;
};

template <class Handler, class Value, class Owned>
auto bind_results(Handler& handler, std::tuple<error_code, Value, Owned>&& r)
{
    return owned_binder<Handler, Value, Owned>(std::move(handler), std::get<0>(r),
                                               std::move(std::get<1>(r)),
                                               std::move(std::get<2>(r)));
}

/// An operation of kind `Base` with its handler.
/**
 * `Base` is an io_operation that is constructed from (completion function, arguments…)
 * and has results(bool alive), which returns the handler's
 * arguments as a tuple. If `alive` is false the handler will not be invoked, and what
 * the operation has acquired is to be given up.
 */
template <class Base, class Handler, class IoExecutor>
class async_op final : public Base
{
    using work_type = handler_work<Handler, stock_executor_t<IoExecutor>>;

public:
    /// The memory of an operation and, once it is constructed, the operation.
    struct block
    {
        Handler* handler;
        void* memory;
        async_op* op = nullptr;

        explicit block(Handler& h)
            : handler(std::addressof(h))
            , memory(allocate_for<async_op>(h))
        {
        }

        block(Handler& h, async_op& o)
            : handler(std::addressof(h))
            , memory(std::addressof(o))
            , op(std::addressof(o))
        {
        }

        block(const block&) = delete;
        block& operator=(const block&) = delete;
        ~block()
        {
            if (memory) // most have been reset or released
                reset();
        }

        void reset() noexcept
        {
            if (!memory)
                return;
            if (op && handler == std::addressof(op->handler_))
            {
                // The allocator's memory may belong to the handler: it goes last.
                Handler last(std::move(op->handler_));
                handler = nullptr;
                free_with(last);
            }
            else
                free_with(*handler);
        }

        void free_with(Handler& h) noexcept
        {
            auto allocator = allocator_for<async_op>(h);
            if (op)
                std::exchange(op, nullptr)->~async_op();
            deallocate_with(allocator, std::exchange(memory, nullptr));
        }

        /// The engine has it now.
        void release() noexcept
        {
            op = nullptr;
            memory = nullptr;
        }
    };

    template <class... Args>
    static void construct(block& b, const IoExecutor& ex, Args&&... args)
    {
        b.op = ::new (b.memory) async_op(b, ex, std::forward<Args>(args)...);
        b.handler = std::addressof(b.op->handler_);
    }

#if defined(URIO_HAS_IMMEDIATE_EXECUTOR)
    /// It has completed within its initiating function, and the handler has an executor
    /// for that case.
    static void complete_immediately(block& initiated, const IoExecutor& ex)
    {
        async_op* const self = initiated.op;
        initiated.release();
        block b(self->handler_, *self);

        BOOST_ASIO_HANDLER_COMPLETION((*self));

        using io_executor = stock_executor_t<IoExecutor>;
        immediate_handler_work<Handler, io_executor> work(std::move(self->work_));
        auto function = bind_results(self->handler_, self->results(true));
        b.handler = std::addressof(function.handler_);
        b.reset();

        if constexpr (requires { std::size_t{function.arg2_}; })
            BOOST_ASIO_HANDLER_INVOCATION_BEGIN((function.arg1_, function.arg2_));
        else
            BOOST_ASIO_HANDLER_INVOCATION_BEGIN((function.arg1_));
        const io_executor& stock = stock_executor<IoExecutor>::get(ex);
        work.complete(function, function.handler_, std::addressof(stock));
        BOOST_ASIO_HANDLER_INVOCATION_END;
    }
#endif

private:
    template <class... Args>
    async_op(block& b, const IoExecutor& ex, Args&&... args)
        : Base(&async_op::complete, std::forward<Args>(args)...)
        , handler_(std::move(*b.handler))
        , work_(handler_, stock_executor<IoExecutor>::get(ex))
    {
    }

    ~async_op() = default;

    // The signature is that of a scheduler operation; what it is given does not
    // matter, because an operation knows its result.
    static void complete(void* owner, scheduler_operation* base, const error_code&,
                         std::size_t)
    {
        auto* self = static_cast<async_op*>(base);
        block b(self->handler_, *self);

        BOOST_ASIO_HANDLER_COMPLETION((*self));

        work_type work(std::move(self->work_));

        // The memory is given back before the handler runs, so that the handler's own
        // next operation gets it. The handler may own its allocator's memory, hence
        // it is moved out first, even if it is not going to be invoked.
        auto function = bind_results(self->handler_, self->results(owner != nullptr));
        b.handler = std::addressof(function.handler_);
        b.reset();

        if (owner)
        {
            fenced_block fence(fenced_block::half);
            if constexpr (requires { std::size_t{function.arg2_}; })
                BOOST_ASIO_HANDLER_INVOCATION_BEGIN((function.arg1_, function.arg2_));
            else
                BOOST_ASIO_HANDLER_INVOCATION_BEGIN((function.arg1_));
            work.complete(function, function.handler_);
            BOOST_ASIO_HANDLER_INVOCATION_END;
        }
    }

    Handler handler_;
    work_type work_;
};

/// Whether operations are cancelled by what is emitted: they have one way to be.
inline bool asks_for_cancellation(boost::asio::cancellation_type_t type) noexcept
{
    using boost::asio::cancellation_type;
    return !!(type & (cancellation_type::terminal | cancellation_type::partial |
                      cancellation_type::total));
}

/// What a cancellation slot holds while an operation is pending.
class op_cancellation
{
public:
    op_cancellation(engine& e, op_id id) noexcept : engine_(&e), id_(id) {}

    void operator()(boost::asio::cancellation_type_t type) noexcept
    {
        if (asks_for_cancellation(type))
            engine_->cancel(id_);
    }

private:
    engine* engine_;
    op_id id_;
};

/// The name of an operation that is about to start, taken back if it does not.
class name_reservation
{
public:
    explicit name_reservation(engine& e) noexcept : engine_(e) {}
    name_reservation(const name_reservation&) = delete;
    name_reservation& operator=(const name_reservation&) = delete;

    ~name_reservation()
    {
        if (op_)
            engine_.unreserve(*op_);
    }

    op_id make(io_operation& op)
    {
        op_id const id = engine_.reserve(op);
        op_ = &op;
        return id;
    }

    void keep() noexcept { op_ = nullptr; }

private:
    engine& engine_;
    io_operation* op_ = nullptr;
};

/// How an initiating function goes about an operation.
enum class initiation
{
    start,     ///< give it to the engine
    immediate, ///< it is complete as constructed
};

/// An operation has completed within its initiating function.
template <class AsyncOp, class Handler, class IoExecutor>
void complete_at_once(engine& e, typename AsyncOp::block& b, const IoExecutor& ex,
                      bool continuation)
{
    if constexpr (has_immediate_executor<Handler>)
        AsyncOp::complete_immediately(b, ex);
    else
    {
        e.post_immediate(*b.op, continuation);
        b.release();
    }
}

/// Construct the operation that an object ends with, and start it. It cannot be
/// cancelled. `prepare` is called with it before it starts; if an exception is thrown
/// since, nothing has been started, and `restore` is called.
template <class Base, class Handler, class IoExecutor, class Prepare, class Restore,
          class... Args>
void initiate_last(engine& e, io_object& object, Handler& handler, const IoExecutor& ex,
                   Prepare prepare, Restore restore, Args&&... args)
{
    using op_type = async_op<Base, Handler, IoExecutor>;

    typename op_type::block b(handler);
    op_type::construct(b, ex, std::forward<Args>(args)...);
    b.op->set_result(-ECANCELED);
    prepare(static_cast<Base&>(*b.op));
    try
    {
        e.retire(object, *b.op);
    }
    catch (...)
    {
        restore();
        throw;
    }
    b.release();
}

/// Construct an operation and start it.
/**
 * `prepare` is called with the operation before it starts and says how to go on; it may
 * choose the object. The handler is moved from; if an exception is thrown nothing has
 * been started, and the handler may or may not have been moved from.
 */
template <class Base, class Handler, class IoExecutor, class Prepare, class... Args>
void initiate(engine& e, io_object* const& object, lane l, Handler& handler,
              const IoExecutor& ex, Prepare prepare, Args&&... args)
{
    using op_type = async_op<Base, Handler, IoExecutor>;

    bool const continuation = is_continuation(handler);
    auto slot = boost::asio::get_associated_cancellation_slot(handler);

    typename op_type::block b(handler);
    op_type::construct(b, ex, std::forward<Args>(args)...);

    if (prepare(static_cast<Base&>(*b.op)) == initiation::immediate)
        return complete_at_once<op_type, Handler>(e, b, ex, continuation);
    // Nothing has arrived: an operation that is abandoned gives up what its result says.
    b.op->set_result(-ECANCELED);

    // The name must stand in the slot before the operation starts: it may complete,
    // on another thread, before start() returns.
    name_reservation reserved(e);
    if (slot.is_connected())
        slot.template emplace<op_cancellation>(e, reserved.make(*b.op));

    bool const pending = e.start(*object, *b.op, l);
    reserved.keep();
    if (pending)
        b.release();
    else
        complete_at_once<op_type, Handler>(e, b, ex, continuation);
}

} // namespace detail
} // namespace urio::inline URIO_ABI
