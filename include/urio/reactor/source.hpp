// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What can be registered: the concept, and a type that holds any.
#pragma once

#include <urio/reactor/interest.hpp>
#include <urio/reactor/token.hpp>

#include <concepts>
#include <memory>
#include <utility>

namespace urio::reactor
{

class registry;

/// Something that can be registered with a `registry`.
/**
 * urio's own sockets and pipes are sources, and so are `source_fd` and `io_source<T>`.
 * A class of one's own that consists of sources passes the calls on to them; errors are
 * reported through the error_code, which the function clears if there is none.
 *
 * The functions are for the registry to call: a program calls
 * `registry::register_source(s, ...)`, which calls `s.register_with(registry, ...)`.
 */
template <class S>
concept source =
    requires(S& s, const registry& r, token t, interest i, trigger when, error_code& ec) {
        s.register_with(r, t, i, when, ec);
        s.reregister_with(r, t, i, when, ec);
        s.deregister_from(r, ec);
    };

/// A source of any type, owned. A source itself.
/**
 * Move-only. The functions may not be called on an object that was moved from.
 */
class any_source
{
    struct base
    {
        virtual ~base() = default;
        virtual void add(const registry&, token, interest, trigger, error_code&) = 0;
        virtual void change(const registry&, token, interest, trigger, error_code&) = 0;
        virtual void remove(const registry&, error_code&) = 0;
    };

    template <source S>
    struct holder final : base
    {
        explicit holder(S&& s) : held_(std::move(s)) {}

        void add(const registry& r, token t, interest i, trigger when,
                 error_code& ec) override
        {
            held_.register_with(r, t, i, when, ec);
        }

        void change(const registry& r, token t, interest i, trigger when,
                    error_code& ec) override
        {
            held_.reregister_with(r, t, i, when, ec);
        }

        void remove(const registry& r, error_code& ec) override
        {
            held_.deregister_from(r, ec);
        }

        S held_;
    };

public:
    template <class S>
        requires(!std::same_as<S, any_source> && std::move_constructible<S> && source<S>)
    any_source(S s) : held_(std::make_unique<holder<S>>(std::move(s)))
    {
    }

    /// The source that it holds, or null if that is of another type.
    template <source S>
    S* target() noexcept
    {
        auto* const h = dynamic_cast<holder<S>*>(held_.get());
        return h ? &h->held_ : nullptr;
    }

    void register_with(const registry& r, token t, interest i, trigger when,
                       error_code& ec)
    {
        held_->add(r, t, i, when, ec);
    }

    void reregister_with(const registry& r, token t, interest i, trigger when,
                         error_code& ec)
    {
        held_->change(r, t, i, when, ec);
    }

    void deregister_from(const registry& r, error_code& ec) { held_->remove(r, ec); }

private:
    std::unique_ptr<base> held_;
};

} // namespace urio::reactor
