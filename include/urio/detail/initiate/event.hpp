// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The start of events: by the engine, if it knows the operation, or else by the event's
// own system call.
#pragma once

#include <urio/detail/engine/engine.hpp>
#include <urio/detail/op/event_op.hpp>

#include <cerrno>
#include <optional>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// An engine's object for a descriptor that is waited for, where that takes one. The
/// descriptor is a duplicate: the original may have an object already.
class awaited_object
{
public:
    awaited_object() noexcept = default;
    awaited_object(const awaited_object&) = delete;
    awaited_object& operator=(const awaited_object&) = delete;
    ~awaited_object() { close(); }

    /// Returns a negative error number, or 0. Throws std::bad_alloc.
    int open(engine& e, int descriptor);
    void close() noexcept;
    io_object* get() const noexcept { return object_; }

private:
    engine* engine_ = nullptr;
    io_object* object_ = nullptr;
};

/// What an operation needs that is not started with `engine::start_chain()`.
template <class Base>
class startable : public Base
{
public:
    using Base::Base;

    /// The result, if it has ended by this; else it is to be started on `object`, which
    /// may have become another. Throws what engine::start() throws.
    std::optional<int> begin(engine& e, io_object*& object, bool try_first = true)
    {
        using traits = typename Base::traits;
        if constexpr (requires { this->use_call(); })
        {
            // One that the kernel could carry out, but not with what there is.
            if (!this->use_call() && e.knows(traits::opcode()))
                return {};
        }
        else if (e.knows(traits::opcode()))
            return {};
        if constexpr (!traits::has_perform)
            return result_operation_missing;
        else
        {
            bool const waits = this->wake_events_ != 0;
            if (traits::may_wait(this->event()))
            {
                this->use_pool();
                return {};
            }
            if (try_first || !waits || this->awaited_descriptor() < 0)
            {
                int result;
                do
                    result = this->event().perform();
                while (result == -EINTR);
                if (!waits || result != -EAGAIN)
                    return result;
            }
            if (!e.waits_by_object())
                return {};
            if (!awaited_.get())
                if (int const error = awaited_.open(e, this->awaited_descriptor()))
                    return error;
            object = awaited_.get();
            return {};
        }
    }

protected:
    ~startable() = default;

private:
    awaited_object awaited_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
