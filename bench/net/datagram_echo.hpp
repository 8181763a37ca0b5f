// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Datagrams to and fro.
#pragma once

#include "load.hpp"

namespace bench
{

/// One datagram is on its way from each socket. One that gets lost is sent again.
outcome datagram_echo(server_process& server, const load_options& options);

} // namespace bench
