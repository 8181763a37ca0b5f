// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The executor of urio::io_context, and how urio's executors become Asio's own
// where Asio erases or keeps them. Asio compares the type of an executor to that
// of its io_context's to see that it may invoke a handler directly; that must
// hold for ours, too.
#pragma once

#include <urio/any_io_executor.hpp>
#include <urio/detail/asio/asio_detail.hpp>

#include <boost/asio/execution.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{

class io_context;

namespace detail
{

/// Wraps an executor of boost::asio::io_context in a type of urio's own, which it
/// stays under require() and prefer().
template <class Inner>
class io_context_executor : public native_executor
{
public:
    explicit io_context_executor(Inner inner) noexcept : inner_(std::move(inner)) {}

    /// The stock executor.
    const Inner& inner() const noexcept { return inner_; }

    operator const Inner&() const noexcept { return inner_; }
    operator boost::asio::any_io_executor() const { return inner_; }

    template <class Property>
        requires(boost::asio::can_require<const Inner&, const Property&>::value)
    auto require(const Property& property) const
    {
        return wrap(boost::asio::require(inner_, property));
    }

    template <class Property>
        requires(boost::asio::can_prefer<const Inner&, const Property&>::value &&
                 !boost::asio::can_require<const Inner&, const Property&>::value)
    auto prefer(const Property& property) const
    {
        return wrap(boost::asio::prefer(inner_, property));
    }

    template <class Property>
        requires(boost::asio::can_query<const Inner&, const Property&>::value)
    decltype(auto) query(const Property& property) const noexcept
    {
        return boost::asio::query(inner_, property);
    }

    io_context& query(boost::asio::execution::context_t) const noexcept;

    template <class Function>
    void execute(Function&& function) const
    {
        inner_.execute(std::forward<Function>(function));
    }

    bool running_in_this_thread() const noexcept
    {
        return inner_.running_in_this_thread();
    }

    friend bool operator==(const io_context_executor& a,
                           const io_context_executor& b) noexcept
    {
        return a.inner_ == b.inner_;
    }

    friend bool operator!=(const io_context_executor& a,
                           const io_context_executor& b) noexcept
    {
        return a.inner_ != b.inner_;
    }

#if !defined(BOOST_ASIO_NO_TS_EXECUTORS)
    io_context& context() const noexcept;
    void on_work_started() const noexcept { inner_.on_work_started(); }
    void on_work_finished() const noexcept { inner_.on_work_finished(); }

    template <class Function, class Allocator>
    void dispatch(Function&& function, const Allocator& allocator) const
    {
        inner_.dispatch(std::forward<Function>(function), allocator);
    }

    template <class Function, class Allocator>
    void post(Function&& function, const Allocator& allocator) const
    {
        inner_.post(std::forward<Function>(function), allocator);
    }

    template <class Function, class Allocator>
    void defer(Function&& function, const Allocator& allocator) const
    {
        inner_.defer(std::forward<Function>(function), allocator);
    }
#endif

private:
    template <class Other>
    static io_context_executor<Other> wrap(Other other) noexcept
    {
        return io_context_executor<Other>(std::move(other));
    }

    Inner inner_;
};

/// The stock executor inside one of urio's, and the identity for all others.
template <class Executor>
struct stock_executor
{
    using type = Executor;
    static const type& get(const Executor& e) noexcept { return e; }
};

template <>
struct stock_executor<any_io_executor>
{
    using type = boost::asio::any_io_executor;
    static const type& get(const any_io_executor& e) noexcept { return e; }
};

template <class Inner>
struct stock_executor<io_context_executor<Inner>>
{
    using type = Inner;
    static const type& get(const io_context_executor<Inner>& e) noexcept
    {
        return e.inner();
    }
};

// handler_work's way to say "no second executor".
template <>
struct stock_executor<void>
{
    using type = void;
};

template <class Executor>
using stock_executor_t = typename stock_executor<Executor>::type;

template <class Executor>
concept has_stock_executor = !std::is_same_v<stock_executor_t<Executor>, Executor>;

} // namespace detail
} // namespace urio::inline URIO_ABI

// any_io_executor takes urio's executor through its conversion, and so holds the stock
// one.
template <class Inner>
struct boost::asio::execution::detail::is_valid_target_executor<
    urio::detail::io_context_executor<Inner>,
    boost::asio::any_io_executor::supportable_properties_type> : std::false_type
{
};

// The work that a handler holds on one of urio's executors is that on the stock one.
template <class Executor, class Candidate, class IoContext, class PolymorphicExecutor>
    requires urio::detail::has_stock_executor<Executor>
class boost::asio::detail::handler_work_base<Executor, Candidate, IoContext,
                                             PolymorphicExecutor, void>
    : public boost::asio::detail::handler_work_base<
          urio::detail::stock_executor_t<Executor>,
          urio::detail::stock_executor_t<Candidate>, IoContext, PolymorphicExecutor>
{
    using base =
        boost::asio::detail::handler_work_base<urio::detail::stock_executor_t<Executor>,
                                               urio::detail::stock_executor_t<Candidate>,
                                               IoContext, PolymorphicExecutor>;

public:
    explicit handler_work_base(int, int, const Executor& e) noexcept
        : base(0, 0, urio::detail::stock_executor<Executor>::get(e))
    {
    }

    template <class OtherExecutor>
    handler_work_base(bool base1_owns_work, const Executor& e,
                      const OtherExecutor& candidate) noexcept
        : base(base1_owns_work, urio::detail::stock_executor<Executor>::get(e),
               urio::detail::stock_executor<OtherExecutor>::get(candidate))
    {
    }
};
