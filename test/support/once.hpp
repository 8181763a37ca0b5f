// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Handlers that must be called exactly once, or never.
#pragma once

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <utility>

namespace test
{

/// Wraps a function: the test fails if it is destroyed without having been called, or is
/// called twice. Can be moved only, so that nothing can keep a copy.
template <class Function>
class once_handler
{
public:
    explicit once_handler(Function f) : function_(std::move(f)) {}

    once_handler(once_handler&& other) noexcept
        : function_(std::move(other.function_))
        , armed_(std::exchange(other.armed_, false))
    {
    }

    once_handler& operator=(once_handler&&) = delete;

    ~once_handler() { BOOST_CHECK_MESSAGE(!armed_, "a handler was not called"); }

    template <class... Args>
    void operator()(Args&&... args)
    {
        BOOST_CHECK_MESSAGE(std::exchange(armed_, false), "a handler was called twice");
        function_(std::forward<Args>(args)...);
    }

private:
    Function function_;
    bool armed_ = true;
};

template <class Function>
once_handler<Function> once(Function f)
{
    return once_handler<Function>(std::move(f));
}

/// A handler that must be destroyed without being called. `alive` counts the handlers
/// that have not been destroyed yet.
class never
{
public:
    explicit never(std::atomic<int>& alive) : alive_(&alive) { ++*alive_; }

    never(never&& other) noexcept : alive_(std::exchange(other.alive_, nullptr)) {}

    never& operator=(never&&) = delete;

    ~never()
    {
        if (alive_)
            --*alive_;
    }

    template <class... Args>
    void operator()(Args&&...)
    {
        BOOST_ERROR("a handler was called that should not have been");
    }

private:
    std::atomic<int>* alive_;
};

} // namespace test
