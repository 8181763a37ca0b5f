// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Which engine a context gets.
#pragma once

#include <urio/backend.hpp>
#include <urio/detail/engine/engine.hpp>
#include <urio/options.hpp>

#include <memory>
#include <string>

namespace urio::inline URIO_ABI
{
namespace detail
{

struct made_engine
{
    std::unique_ptr<detail::engine> engine;
    backend kind = backend::none;
    /// Why it is this one.
    std::string reason;
    /// What io_uring refused with, if that is why.
    boost::system::error_code error;
    /// The ring's flags, and the entries of its submission queue.
    unsigned setup_flags = 0;
    unsigned entries = 0;
};

/// Makes the engine that the options and the environment ask for. Throws
/// boost::system::system_error if it cannot be had, std::invalid_argument for options out
/// of range.
made_engine make_engine(scheduler& s, const uring_options& options);

} // namespace detail
} // namespace urio::inline URIO_ABI
