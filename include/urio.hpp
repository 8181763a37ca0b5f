// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// All of urio: write `namespace net = urio;` where it said
// `namespace net = boost::asio;`.
#pragma once

#include <urio/any_io_executor.hpp>
#include <urio/backend.hpp>
#include <urio/buffer_registration.hpp>
#include <urio/descriptors.hpp>
#include <urio/detail/seam/guards.hpp>
#include <urio/error.hpp>
#include <urio/files.hpp>
#include <urio/fs.hpp>
#include <urio/generic.hpp>
#include <urio/install.hpp>
#include <urio/io_context.hpp>
#include <urio/ip.hpp>
#include <urio/local.hpp>
#include <urio/names.hpp>
#include <urio/reactor_service.hpp>
#include <urio/sockets.hpp>
