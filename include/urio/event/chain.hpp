// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that run one after another without the program in between.
#pragma once

#include <urio/detail/event/chain_front.hpp>
#include <urio/detail/initiate/executor_source.hpp>
#include <urio/detail/op/opcodes.hpp>
#include <urio/detail/service/event_service.hpp>
#include <urio/event/timeout.hpp>

#include <boost/asio/async_result.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{

/// What has become of one link: its error and what event_type's `result()` has made of
/// it.
template <event_type E>
using chain_result = detail::chain_result_base<event_result_t<E>>;

/// Events, and how the kernel goes from one to the next: what link(), hard_link() and
/// link_timeout() return.
template <event_type... Es>
class chain
{
public:
    using links_type = std::array<detail::chain_link, sizeof...(Es)>;

    chain(const links_type& links, Es... events) noexcept
        : links_(links)
        , events_(std::move(events)...)
    {
    }

    std::tuple<Es...>& events() & noexcept { return events_; }
    const std::tuple<Es...>& events() const& noexcept { return events_; }
    std::tuple<Es...>&& events() && noexcept { return std::move(events_); }

    const links_type& links() const noexcept { return links_; }

private:
    links_type links_;
    std::tuple<Es...> events_;
};

namespace event
{

/// The limit that link_timeout() sets, as a link of its own: it ends with ETIME if it was
/// reached and has ended the event, with `operation_aborted` if the event was faster, and
/// with another error if there was nothing left to cancel when it was reached.
/// IORING_OP_LINK_TIMEOUT, Linux 5.5.
class link_limit
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::link_timeout;

    /// What is below 0 is 0.
    explicit link_limit(std::chrono::nanoseconds d) noexcept
        : time(to_timespec(d < d.zero() ? d.zero() : d))
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    std::chrono::nanoseconds limit() const noexcept
    {
        return std::chrono::seconds(time.seconds) +
               std::chrono::nanoseconds(time.nanoseconds);
    }
    /// The kernel may tell how many operations it has cancelled.
    int settled(int res) const noexcept;

    timespec time;
};

} // namespace event

namespace detail
{

template <event_type E>
chain<E> to_chain(E&& e)
{
    return {{chain_link::none}, std::move(e)};
}

template <class... Es>
chain<Es...> to_chain(chain<Es...>&& c)
{
    return std::move(c);
}

template <class... As, class... Bs>
chain<As..., Bs...> join(chain<As...>&& a, chain_link how, chain<Bs...>&& b)
{
    std::array<chain_link, sizeof...(As) + sizeof...(Bs)> links;
    std::copy(a.links().begin(), a.links().end(), links.begin());
    links[sizeof...(As) - 1] = how;
    // Neither does what ends an event for the sake of a limit end the chain.
    if constexpr (sizeof...(As) > 1)
        if (how == chain_link::hard &&
            limits_a_link<std::tuple_element_t<sizeof...(As) - 1, std::tuple<As...>>>)
            links[sizeof...(As) - 2] = how;
    std::copy(b.links().begin(), b.links().end(), links.begin() + sizeof...(As));
    return std::apply(
        [&](As&&... as)
        {
            return std::apply(
                [&](Bs&&... bs)
                {
                    return chain<As..., Bs...>(links, std::move(as)..., std::move(bs)...);
                },
                std::move(b).events());
        },
        std::move(a).events());
}

template <class Chain>
Chain join_all(chain_link, Chain&& c)
{
    return std::move(c);
}

template <class A, class B, class... Rest>
auto join_all(chain_link how, A&& a, B&& b, Rest&&... rest)
{
    return join_all(how, join(std::move(a), how, std::move(b)), std::move(rest)...);
}

template <class T>
inline constexpr bool is_chain = false;
template <class... Es>
inline constexpr bool is_chain<chain<Es...>> = true;

template <class T>
concept linkable = event_type<T> || is_chain<T>;

template <class Chain>
struct chain_types;
template <class... Es>
struct chain_types<chain<Es...>>
{
    using front = chain_front<chain<Es...>, Es...>;
    using results = std::tuple<chain_result<Es>...>;
    using signature = void(boost::system::error_code, results, chain<Es...>);
};

template <class Executor>
struct initiate_chain_of
{
    using executor_type = Executor;

    const executor_type& get_executor() const noexcept { return executor; }

    template <class Handler, class Chain>
    void operator()(Handler&& handler, Chain c) const
    {
        event_service& service = event_service_of(executor);
        non_const_lvalue<Handler> h(handler);
        initiate_chain<typename chain_types<Chain>::front>(
            service.get_engine(), service.common_object(), h.value, executor,
            std::move(c));
    }

    Executor executor;
};

} // namespace detail

/// Links events, or chains: each begins when the one before has succeeded. If that fails,
/// or does less than it was asked for (a short read or write), the rest ends with
/// `operation_aborted` without having begun. IOSQE_IO_LINK, io_uring_enter(2).
template <detail::linkable... Ts>
    requires(sizeof...(Ts) > 1)
auto link(Ts... parts)
{
    return detail::join_all(detail::chain_link::soft,
                            detail::to_chain(std::move(parts))...);
}

/// Links events, or chains: each begins when the one before has ended, whatever has
/// become of it. IOSQE_IO_HARDLINK, Linux 5.5.
template <detail::linkable... Ts>
    requires(sizeof...(Ts) > 1)
auto hard_link(Ts... parts)
{
    return detail::join_all(detail::chain_link::hard,
                            detail::to_chain(std::move(parts))...);
}

/// An event that is cancelled if it takes longer than that, from its begin; the limit is
/// a link of its own, and has a result. What is cancelled may have done something: a
/// receive may have taken bytes from a socket. What waits in a thread of the kernel's (a
/// splice, a file) is not ended by Linux's limit, as of 6.18. IORING_OP_LINK_TIMEOUT,
/// Linux 5.5.
template <event_type E>
chain<E, event::link_limit> link_timeout(E e, std::chrono::nanoseconds limit)
{
    return {{detail::chain_link::soft, detail::chain_link::none},
            std::move(e),
            event::link_limit(limit)};
}

/// Carries out a chain: `void(error_code, std::tuple<chain_result<Es>...>,
/// chain<Es...>)`.
/**
 * The entries are given to the kernel together, in one call. The error is that of the
 * first link that failed by itself (ETIME, stream_timeout, if a limit was reached), else
 * that of those that were cancelled; `operation_aborted` is what links end with that have
 * not begun. The events come back in any case. A chain that is longer than the ring, or
 * has an operation that the kernel lacks, and every chain where the context does not run
 * on io_uring, is run link by link by the same rules.
 *
 * Any thread. Supports terminal, partial and total cancellation, of all links that have
 * not ended. A fork (fork_prepare) cancels chains that are in the kernel. One allocation,
 * and one more if the cancellation slot is connected.
 */
template <
    detail::executor_source Source, class... Es,
    class Token = boost::asio::default_completion_token_t<detail::executor_of_t<Source>>>
auto async_submit(Source&& source, chain<Es...> c, Token&& token = Token())
{
    using initiation = detail::initiate_chain_of<detail::executor_of_t<Source>>;
    return boost::asio::async_initiate<
        Token, typename detail::chain_types<chain<Es...>>::signature>(
        initiation{detail::executor_of(source)}, token, std::move(c));
}

} // namespace urio::inline URIO_ABI
