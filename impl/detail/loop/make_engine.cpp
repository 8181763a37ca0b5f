// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "make_engine.hpp"

#include "../reactor_engine/reactor_engine.hpp"
#include "../uring/availability.hpp"
#include "../uring/uring_engine.hpp"

#include <boost/system/system_error.hpp>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

struct choice
{
    backend_choice what;
    std::string reason; // empty if nobody has asked for it
};

choice chosen_in_environment()
{
    const char* const value = std::getenv("URIO_BACKEND");
    if (!value || !*value)
        return {backend_choice::automatic, {}};
    struct
    {
        std::string_view name;
        backend_choice what;
    } constexpr known[] = {
        {"auto", backend_choice::automatic}, {"uring", backend_choice::uring},
        {"epoll", backend_choice::epoll},    {"kqueue", backend_choice::kqueue},
        {"poll", backend_choice::poll},      {"no_probe", backend_choice::no_probe},
    };
    for (auto const& k : known)
        if (k.name == value)
            return {k.what, "URIO_BACKEND is " + std::string(value)};
    throw std::invalid_argument(
        "urio: URIO_BACKEND is \"" + std::string(value) +
        "\", but must be auto, uring, epoll, kqueue, poll or no_probe");
}

choice choose(const uring_options& options)
{
    if (options.backend == backend_choice::automatic)
        return chosen_in_environment();
    return {options.backend, "the program's options ask for it"};
}

// That io_uring is not to be had is found out once; a lack of memory or of descriptors
// may pass, and what the options ask for is theirs alone. Neither locked, for a child
// process has no use for a thread's lock, nor ever freed.
std::atomic<const boost::system::system_error*> unavailable{nullptr};

const boost::system::system_error& remember(const boost::system::system_error& e)
{
    auto made = std::make_unique<const boost::system::system_error>(e);
    const boost::system::system_error* first = nullptr;
    if (unavailable.compare_exchange_strong(first, made.get(), std::memory_order_acq_rel))
        first = made.release();
    return *first;
}

made_engine make_uring(scheduler& s, const uring_options& options, std::string reason)
{
    auto e = std::make_unique<uring_engine>(s, options);
    ring const& r = e->get_ring();
    if (r.is_shortened())
        reason += ", with no more than " + std::to_string(r.entries()) +
                  " entries: " + describe_memory_limit();
    unsigned const flags = r.setup_flags(), entries = r.entries();
    return {std::move(e), backend::uring, std::move(reason), {}, flags, entries};
}

reactor::selector_kind selector_of(backend_choice c) noexcept
{
    switch (c)
    {
    case backend_choice::epoll:
        return reactor::selector_kind::epoll;
    case backend_choice::kqueue:
        return reactor::selector_kind::kqueue;
    case backend_choice::poll:
        return reactor::selector_kind::poll;
    default:
        return reactor::selector_kind::automatic;
    }
}

backend backend_of_selector(reactor::selector_kind k) noexcept
{
    switch (k)
    {
    case reactor::selector_kind::epoll:
        return backend::epoll;
    case reactor::selector_kind::kqueue:
        return backend::kqueue;
    default:
        return backend::poll;
    }
}

made_engine make_reactor(scheduler& s, const uring_options& options, backend_choice c,
                         std::string reason, boost::system::error_code why = {})
{
    reactor::selector_kind const wanted = selector_of(c);
    if (!reactor::supported(wanted))
        throw boost::system::system_error(
            make_error_code(boost::system::errc::operation_not_supported),
            std::string("urio: this system has no ") + reactor::to_string(wanted));
    auto e = std::make_unique<reactor_engine>(
        s, options,
        [wanted] { return reactor::detail::make_selector({.selector = wanted}); });
    backend const kind = backend_of_selector(e->selector());
    return {std::move(e), kind, std::move(reason), why, 0, 0};
}

made_engine make_automatic(scheduler& s, const uring_options& options)
{
    auto const without = [&](const boost::system::system_error& e)
    { return make_reactor(s, options, backend_choice::automatic, e.what(), e.code()); };
    if (auto const* const known = unavailable.load(std::memory_order_acquire))
        return without(*known);
    try
    {
        return make_uring(s, options, "io_uring is available");
    }
    catch (const boost::system::system_error& e)
    {
        if (is_lasting(e.code()))
            return without(remember(e));
        if (e.code() == errc::memory_limit)
            return without(e);
        throw;
    }
}

} // namespace

made_engine make_engine(scheduler& s, const uring_options& options)
{
    check(options);
    constexpr unsigned most_threads = 1024;
    if (options.file_threads == 0 || options.file_threads > most_threads)
        throw std::invalid_argument(
            "urio: uring_options::file_threads must be 1 to 1024");
    choice c = choose(options);
    switch (c.what)
    {
    case backend_choice::automatic:
        return make_automatic(s, options);
    case backend_choice::uring:
        return make_uring(s, options, std::move(c.reason));
    default:
        return make_reactor(s, options, c.what, std::move(c.reason));
    }
}

} // namespace detail
} // namespace urio::inline URIO_ABI
