// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Whoever waits for a completion of an event of several.
#pragma once

#include <urio/detail/event/multi_state.hpp>

#include <boost/asio/cancellation_type.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <tuple>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// What the user waits with.
template <class E>
class multi_front : public multi_waiter
{
public:
    using result_type = typename event_traits<E>::result_type;

    auto results(bool)
    {
        multi_item const& i = this->item();
        auto const error = event_op_base::error_of(i.result, event_traits<E>::opcode());
        auto value = i.result >= 0
                         ? event_traits<E>::result(state_->event(), i.result, i.flags)
                         : result_type();
        // A stream's errors are its last items all the same.
        if constexpr (pooled_event<E>)
            return std::tuple(error, std::move(value));
        else
            return std::tuple(error, std::move(value), i.last);
    }

protected:
    multi_front(scheduler_operation::func_type complete,
                std::shared_ptr<multi_state<E>> s) noexcept
        : multi_waiter(complete)
        , state_(std::move(s))
    {
    }

    ~multi_front() = default;

private:
    std::shared_ptr<multi_state<E>> state_;
};

/// Of a cancellation slot: whoever waits does not any more; the stream goes on.
template <class E>
class multi_cancellation
{
public:
    explicit multi_cancellation(std::weak_ptr<multi_state<E>> s) noexcept
        : state_(std::move(s))
    {
    }

    void operator()(boost::asio::cancellation_type_t type) noexcept
    {
        auto const s = state_.lock();
        if (!s || !asks_for_cancellation(type))
            return;
        if (multi_waiter* const w = s->core.stop_waiting())
        {
            s->get_engine().post_immediate(*w, false);
            s->stop_starving();
        }
    }

private:
    std::weak_ptr<multi_state<E>> state_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
