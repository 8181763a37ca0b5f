// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The file system, asynchronously.
#pragma once

#include <urio/fs/contents.hpp>
#include <urio/fs/copy.hpp>
#include <urio/fs/list.hpp>
#include <urio/fs/operations.hpp>
#include <urio/fs/send.hpp>
