// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Puts Asio's own sockets, acceptors, descriptors and pipes on urio, whatever their
// executor, in a program whose sources are not touched: this header is to be the first
// that each source file includes (`-include urio/replace_asio.hpp`), of all source files
// of the program. The CMake target urio::replace_asio does that, and has the linker check
// it, see doc/contexts.md.
#pragma once

#if !defined(URIO_REPLACE_ASIO)
#define URIO_REPLACE_ASIO
#endif

#include <urio/descriptors.hpp>
#include <urio/sockets.hpp>

static_assert(
    urio::detail::is_urio_executor<boost::asio::any_io_executor>,
    "urio: <urio/replace_asio.hpp> comes before all other headers of urio's and Asio's");
