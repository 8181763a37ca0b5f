// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Streams: one start, many results; and the buffers for them.
#pragma once

#include <urio/stream/accept_stream.hpp>
#include <urio/stream/buffer_pool.hpp>
#include <urio/stream/pool_options.hpp>
#include <urio/stream/receive_stream.hpp>
