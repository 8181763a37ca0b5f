// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The selector on kqueue, on Linux: compiled against a test double of kqueue(2), see
// support/sys/event.h, and held to the suite that the others pass (but for TCP, whose
// tests are about flags that are the system's own). That shows that it asks for what it
// means, as far as the manual page goes; it does not show how a BSD answers.

#define URIO_REACTOR_HAS_KQUEUE 1
#define URIO_REACTOR_HAS_KQUEUE_USER 1
#include "support/sys/kqueue_double.hpp"

#include "reactor/kqueue.cpp"

#define URIO_TEST_SELECTORS ::test::on_doubles
#include "reactor.hpp"

namespace test
{

inline reactor::poll make_on_double(reactor::selector_kind, reactor::waker_kind waker)
{
    namespace detail = reactor::detail;
    return detail::access::make_poll(detail::make_kqueue_selector(waker));
}

inline const auto on_doubles = boost::unit_test::data::make<configuration>(
    {{reactor::selector_kind::kqueue, reactor::waker_kind::kqueue_user, make_on_double},
     {reactor::selector_kind::kqueue, reactor::waker_kind::pipe, make_on_double}});

} // namespace test

#include "reactor_edges.cpp"
#include "reactor_registration.cpp"
#include "reactor_sources.cpp"
#include "reactor_traps.cpp"
#include "reactor_udp.cpp"
#include "reactor_unix.cpp"
#include "reactor_wait.cpp"
#include "reactor_waker.cpp"
