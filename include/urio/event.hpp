// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Any operation of io_uring, and all the ready-made ones.
#pragma once

#include <urio/event/cancellation.hpp>
#include <urio/event/chain.hpp>
#include <urio/event/file.hpp>
#include <urio/event/futex.hpp>
#include <urio/event/handle.hpp>
#include <urio/event/message.hpp>
#include <urio/event/multi.hpp>
#include <urio/event/name.hpp>
#include <urio/event/open.hpp>
#include <urio/event/operations.hpp>
#include <urio/event/path.hpp>
#include <urio/event/pipe.hpp>
#include <urio/event/poll.hpp>
#include <urio/event/process.hpp>
#include <urio/event/registered.hpp>
#include <urio/event/ring.hpp>
#include <urio/event/socket.hpp>
#include <urio/event/submission.hpp>
#include <urio/event/submit.hpp>
#include <urio/event/timeout.hpp>
#include <urio/event/transfer.hpp>
#include <urio/event/xattr.hpp>
