// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The operation that a chain of events is: the user's handler, and the links.
#pragma once

#include <urio/detail/event/chain_core.hpp>
#include <urio/detail/initiate/async_op.hpp>
#include <urio/detail/initiate/event.hpp>

#include <boost/asio/cancellation_type.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <tuple>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// The event that limits the link before it.
template <class E>
concept limits_a_link = requires(const E& e) { e.limit(); };

template <class E>
class chain_member final : public startable<event_op<E>>
{
    using base = startable<event_op<E>>;

public:
    chain_member(E&& e) noexcept : base(&chain_member::complete, std::move(e))
    {
        this->use_chain();
    }

    chain_member_info describe(chain_core& c, chain_link link) noexcept
    {
        core_ = &c;
        chain_member_info m{this, &begin, &succeeded, &leave, op_id::none, link, {}};
        if constexpr (limits_a_link<E>)
            m.limit = this->event_.limit();
        return m;
    }

private:
    static std::optional<int> begin(io_operation& op, engine& e, io_object*& object)
    {
        return static_cast<chain_member&>(op).base::begin(e, object);
    }

    static bool succeeded(const io_operation& op)
    {
        return event_traits<E>::succeeded(static_cast<const chain_member&>(op).event_,
                                          op.result());
    }

    static void leave(io_operation& op) noexcept
    {
        static_cast<chain_member&>(op).leave_chain();
    }

    static void complete(void* owner, scheduler_operation* op,
                         const boost::system::error_code&, std::size_t)
    {
        static_cast<chain_member*>(op)->core_->member_done(owner);
    }

    chain_core* core_ = nullptr;
};

/// What has become of a link.
template <class R>
struct chain_result_base
{
    boost::system::error_code error;
    R value{};
};

/// The error of a chain: that of the first link that failed by itself; if there is none,
/// that of those that were cancelled.
class chain_error
{
public:
    void add(const boost::system::error_code& ec, bool is_limit) noexcept
    {
        bool const cancelled = ec == boost::asio::error::operation_aborted;
        // What else a limit says is that there was nothing left to cancel.
        if (!ec || (is_limit && ec != boost::system::errc::stream_timeout))
            return;
        if (!error_ || (only_cancelled_ && !cancelled))
        {
            error_ = ec;
            only_cancelled_ = cancelled;
        }
    }

    const boost::system::error_code& get() const noexcept { return error_; }

private:
    boost::system::error_code error_;
    bool only_cancelled_ = false;
};

template <class Chain, class... Es>
class chain_front : public scheduler_operation, public chain_core
{
    static constexpr std::size_t n = sizeof...(Es);

public:
    using result_type =
        std::tuple<chain_result_base<typename event_traits<Es>::result_type>...>;

    std::tuple<boost::system::error_code, result_type, Chain> results(bool)
    {
        chain_error error;
        return std::apply(
            [&](auto&... m)
            {
                (error.add(m.error(),
                           limits_a_link<std::remove_reference_t<decltype(m.event())>>),
                 ...);
                // In the order of the links, before the events are moved.
                result_type r(
                    chain_result_base<decltype(m.value())>{m.error(), m.value()}...);
                return std::tuple<boost::system::error_code, result_type, Chain>(
                    error.get(), std::move(r), Chain(links_, std::move(m.event())...));
            },
            members_);
    }

    std::array<chain_member_info, n>& information() noexcept { return information_; }

protected:
    chain_front(func_type complete, Chain&& c) noexcept
        : scheduler_operation(complete)
        , chain_core(information_, ops_, &finish)
        , links_(c.links())
        , members_(std::make_from_tuple<members>(std::move(c).events()))
    {
        describe(std::index_sequence_for<Es...>());
    }

    ~chain_front() = default;

private:
    using members = std::tuple<chain_member<Es>...>;

    template <std::size_t... I>
    void describe(std::index_sequence<I...>) noexcept
    {
        ((information_[I] = std::get<I>(members_).describe(*this, links_[I])), ...);
    }

    static void finish(chain_core& c, void* owner)
    {
        static_cast<chain_front&>(c).complete(owner, {}, 0);
    }

    std::array<chain_link, n> links_;
    members members_;
    std::array<chain_member_info, n> information_{};
    std::array<io_operation*, n> ops_{};
};

/// What a cancellation slot holds while a chain is pending.
template <std::size_t N>
class chain_cancellation
{
public:
    chain_cancellation(engine& e, const std::array<chain_member_info, N>& links,
                       std::shared_ptr<std::atomic<bool>> stop) noexcept
        : engine_(&e)
        , stop_(std::move(stop))
    {
        for (std::size_t i = 0; i != N; ++i)
            ids_[i] = links[i].id;
    }

    void operator()(boost::asio::cancellation_type_t type) noexcept
    {
        if (!asks_for_cancellation(type))
            return;
        stop_->store(true, std::memory_order_release);
        for (op_id const id : ids_)
            engine_->cancel(id);
    }

private:
    engine* engine_;
    std::shared_ptr<std::atomic<bool>> stop_;
    std::array<op_id, N> ids_;
};

/// The names of the links of a chain that is about to start, taken back if it does not.
class chain_reservation
{
public:
    chain_reservation(engine& e, std::span<chain_member_info> m) noexcept
        : engine_(e)
        , members_(m)
    {
    }
    chain_reservation(const chain_reservation&) = delete;
    chain_reservation& operator=(const chain_reservation&) = delete;
    ~chain_reservation()
    {
        if (!kept_)
            for (std::size_t i = 0; i != made_; ++i)
                engine_.unreserve(*members_[i].op);
    }

    void make()
    {
        for (; made_ != members_.size(); ++made_)
            members_[made_].id = engine_.reserve(*members_[made_].op);
    }

    void keep() noexcept { kept_ = true; }

private:
    engine& engine_;
    std::span<chain_member_info> members_;
    std::size_t made_ = 0;
    bool kept_ = false;
};

/// Constructs the operation of a chain and starts it, as initiate() does.
template <class Front, class Chain, class Handler, class IoExecutor>
void initiate_chain(engine& e, io_object& common, Handler& handler, const IoExecutor& ex,
                    Chain&& chain)
{
    using op_type = async_op<Front, Handler, IoExecutor>;

    bool const continuation = is_continuation(handler);
    auto slot = boost::asio::get_associated_cancellation_slot(handler);

    typename op_type::block b(handler);
    op_type::construct(b, ex, std::move(chain));

    chain_reservation names(e, b.op->information());
    names.make();
    if (slot.is_connected())
    {
        auto stop = std::make_shared<std::atomic<bool>>(false);
        b.op->set_stop(stop);
        using functor = chain_cancellation<
            std::tuple_size_v<std::remove_cvref_t<decltype(b.op->information())>>>;
        slot.template emplace<functor>(e, b.op->information(), std::move(stop));
    }
    // It may have completed, on another thread, before this returns.
    bool const pending = b.op->start(e, common, ex);
    names.keep();
    if (pending)
        b.release();
    else
        complete_at_once<op_type, Handler>(e, b, ex, continuation);
}

} // namespace detail
} // namespace urio::inline URIO_ABI
