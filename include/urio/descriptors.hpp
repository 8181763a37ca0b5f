// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Asio's descriptor and pipe templates with urio's executor as the default. They are
// aliases, so that these are Asio's own types.
#pragma once

#include <urio/any_io_executor.hpp>
#include <urio/detail/seam/io_object_impl.hpp>
#include <urio/detail/service/descriptor_service.hpp>

#include <boost/asio/basic_readable_pipe.hpp>
#include <boost/asio/basic_writable_pipe.hpp>
#include <boost/asio/connect_pipe.hpp>
#include <boost/asio/posix/basic_descriptor.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

namespace urio::inline URIO_ABI
{

template <class Executor = any_io_executor>
using basic_readable_pipe = boost::asio::basic_readable_pipe<Executor>;

template <class Executor = any_io_executor>
using basic_writable_pipe = boost::asio::basic_writable_pipe<Executor>;

/// The read end of a pipe, with the default executor.
using readable_pipe = basic_readable_pipe<>;

/// The write end of a pipe, with the default executor.
using writable_pipe = basic_writable_pipe<>;

namespace posix
{

template <class Executor = any_io_executor>
using basic_descriptor = boost::asio::posix::basic_descriptor<Executor>;

template <class Executor = any_io_executor>
using basic_stream_descriptor = boost::asio::posix::basic_stream_descriptor<Executor>;

/// A descriptor to wait for, with the default executor.
using descriptor = basic_descriptor<>;

/// A descriptor to read from and write to, with the default executor.
using stream_descriptor = basic_stream_descriptor<>;

} // namespace posix
} // namespace urio::inline URIO_ABI
