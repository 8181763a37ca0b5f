// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/event/chain_core.hpp>

#include <boost/system/system_error.hpp>

#include <cerrno>
#include <exception>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Of the timer: it counts as a part of the link that it limits.
struct chain_core::limit_handler
{
    explicit limit_handler(chain_core& c) noexcept : chain(&c) {}
    limit_handler(limit_handler&& other) noexcept
        : chain(std::exchange(other.chain, nullptr))
    {
    }
    ~limit_handler()
    {
        if (chain) // never called
            chain->part_done(true, nullptr);
    }

    void operator()(boost::system::error_code ec)
    {
        chain_core& c = *std::exchange(chain, nullptr);
        if (!ec)
        {
            c.late_ = true;
            c.engine_->cancel(c.members_[c.current_].id);
        }
        c.part_done(false, &c);
    }

    chain_core* chain;
};

bool chain_core::start(engine& e, io_object& common,
                       const boost::asio::any_io_executor& ex)
{
    engine_ = &e;
    common_ = &common;
    for (std::size_t i = 0; i != members_.size(); ++i)
    {
        ops_[i] = members_[i].op;
        ops_[i]->ring_.link = members_[i].link;
        // Nothing has arrived: what is abandoned gives up what its result says.
        ops_[i]->set_result(-ECANCELED);
    }
    left_ = members_.size();
    by_kernel_ = true;
    if (e.start_chain(common, ops_))
        return true;

    by_kernel_ = false;
    executor_ = ex;
    for (chain_member_info const& m : members_)
        m.leave_chain(*m.op);
    return advance();
}

void chain_core::member_done(void* owner)
{
    if (by_kernel_)
    {
        if (!owner)
            destroyed_ = true;
        if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1)
            finish_(*this, destroyed_ ? nullptr : owner);
        return;
    }
    if (timer_)
        timer_->cancel();
    part_done(!owner, owner);
}

// The link that runs now, and its limit: whoever comes last goes on.
void chain_core::part_done(bool destroyed, void* owner)
{
    if (destroyed)
        destroyed_ = true;
    if (left_.fetch_sub(1, std::memory_order_acq_rel) != 1)
        return;
    if (destroyed_)
        return finish_(*this, nullptr);
    evaluate();
    if (!advance())
        finish_(*this, owner);
}

// Starts the next link, and those after it that end at once. False if there is none left.
bool chain_core::advance()
{
    for (; current_ != members_.size(); evaluate())
        if (run_current())
            return true;
    return false;
}

// Whether it has begun, and will tell.
bool chain_core::run_current()
{
    chain_member_info& m = members_[current_];
    if (m.limit)
    {
        // What it is a limit to has ended, because of it or by itself.
        bool const was_late = late_.exchange(false);
        bool const has_ended_it = members_[current_ - 1].op->result() == -ECANCELED;
        m.op->set_result(!was_late ? -ECANCELED : has_ended_it ? -ETIME : -EALREADY);
        engine_->unreserve(*m.op);
        return false;
    }
    if (broken_ || stopped())
    {
        m.op->set_result(-ECANCELED);
        engine_->unreserve(*m.op);
        return false;
    }
    try
    {
        io_object* object = common_;
        if (std::optional<int> const result = m.begin(*m.op, *engine_, object))
        {
            m.op->set_result(*result);
            engine_->unreserve(*m.op);
            return false;
        }
        m.op->set_result(-ECANCELED);
        // One for the time that this function takes.
        left_ = has_limit() ? 3 : 2;
        if (has_limit())
        {
            timer_.emplace(executor_, *members_[current_ + 1].limit);
            timer_->async_wait(limit_handler(*this));
        }
        if (!engine_->start(*object, *m.op, lane::unordered))
        {
            if (timer_)
                timer_->cancel();
            left_.fetch_sub(1, std::memory_order_acq_rel);
        }
        else if (stopped() || late_)
            engine_->cancel(m.id); // that was too early for it
    }
    catch (const std::exception& error)
    {
        auto const* const known =
            dynamic_cast<const boost::system::system_error*>(&error);
        m.op->set_result(known ? -EOWNERDEAD : -ENOMEM); // a child that may not go on
        engine_->unreserve(*m.op);
        if (!timer_)
            return false;
        timer_->cancel();
        // A timer that could not be set has counted as one that was destroyed.
        destroyed_ = false;
        left_.fetch_sub(1, std::memory_order_acq_rel);
    }
    // False if all of it has ended meanwhile.
    return left_.fetch_sub(1, std::memory_order_acq_rel) != 1;
}

// Whether the chain goes on after the current link.
void chain_core::evaluate()
{
    chain_member_info const& m = members_[current_];
    if (!m.limit)
    {
        timer_.reset();
        // A limit stands between a link and the next.
        if (m.link == chain_link::soft && !m.succeeded(*m.op))
            broken_ = true;
    }
    ++current_;
}

} // namespace detail
} // namespace urio::inline URIO_ABI
