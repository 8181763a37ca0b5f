// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What every urio header stands on: the version, the namespace, and the checks
// that stop a build which cannot work, naming the reason.
#pragma once

#include <boost/asio/detail/config.hpp>
#include <boost/asio/version.hpp>
#include <boost/config/helper_macros.hpp>

#define URIO_VERSION_MAJOR 0
#define URIO_VERSION_MINOR 1
#define URIO_VERSION_PATCH 0

#if __cplusplus < 202002L
#error "urio needs C++20"
#endif

#if !defined(__linux__)
#error "urio runs on Linux only so far"
#endif

#if BOOST_ASIO_VERSION < 102600
#error "urio needs Boost 1.81 (Asio 1.26) or newer"
#elif BOOST_ASIO_VERSION >= 103900 && !defined(URIO_ALLOW_UNTESTED_ASIO)
#warning "urio is untested with this Asio (silence with URIO_ALLOW_UNTESTED_ASIO)"
#endif

#if defined(BOOST_ASIO_HAS_IO_URING_AS_DEFAULT) || !defined(BOOST_ASIO_HAS_EPOLL)
#error "urio stands in for Asio's epoll services: do not disable or replace them"
#endif

#if defined(BOOST_ASIO_USE_TS_EXECUTOR_AS_DEFAULT)
#error "urio does not support BOOST_ASIO_USE_TS_EXECUTOR_AS_DEFAULT"
#endif

#if !defined(BOOST_ASIO_HAS_EVENTFD) || !defined(BOOST_ASIO_HAS_TIMERFD)
#error "urio needs Asio's reactor as it is: do not disable eventfd or timerfd"
#endif

#if !defined(BOOST_ASIO_HAS_THREADS)
#error "urio needs threads: build without BOOST_ASIO_DISABLE_THREADS"
#endif

// The compiled part of urio and the program share classes of Asio whose layout
// depends on Asio's version and on handler tracking. The name of the inline
// namespace says which, so that a program built differently from the library
// fails to link, with a symbol that shows the difference, rather than to run.
#if defined(BOOST_ASIO_ENABLE_HANDLER_TRACKING)
#define URIO_ABI BOOST_JOIN(BOOST_JOIN(v0_asio_, BOOST_ASIO_VERSION), _tracking)
#else
#define URIO_ABI BOOST_JOIN(v0_asio_, BOOST_ASIO_VERSION)
#endif
