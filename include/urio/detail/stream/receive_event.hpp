// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The event that a stream of received bytes is made of.
#pragma once

#include <urio/detail/op/opcodes.hpp>
#include <urio/detail/stream/pool_state.hpp>
#include <urio/event/transfer.hpp>
#include <urio/stream/buffer_pool.hpp>

#include <cstdint>
#include <memory>
#include <utility>

struct io_uring_sqe;

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Receives into a buffer that is chosen when there is data: by one entry each
/// (IORING_OP_RECV, Linux 5.19), by one for many (multishot, 6.0), or by recv(2).
class receive_event
{
public:
    using waiter_type = pool_waiter;

    static constexpr std::uint8_t opcode = opcodes::recv;

    /// The descriptor is `keep`'s, which may be an object of any kind. Of AF_UNIX sockets
    /// there is no multishot.
    receive_event(int descriptor, std::shared_ptr<void> keep, bool multishot,
                  std::shared_ptr<pool_state> pool) noexcept;

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    lease result(int res, unsigned flags) noexcept;
    int descriptor() const noexcept { return descriptor_; }
    short readiness() const noexcept { return readable; }

    // See pooled_event.
    int arrived(int result, std::uint32_t& flags, bool more) noexcept;
    bool again(int error) noexcept;
    bool uses_call() noexcept { return pool_->group() < 0; }
    void drop(std::uint32_t flags) noexcept;
    bool go_on(pool_waiter& w, bool& fails) noexcept { return pool_->go_on(w, fails); }
    void stop_waiting(pool_waiter& w) noexcept { pool_->stop_waiting(w); }
    void pass_on() noexcept { pool_->pass_on(); }

private:
    int descriptor_;
    std::shared_ptr<void> keep_;
    std::shared_ptr<pool_state> pool_;
    // What recv(2) has just filled.
    int filled_ = -1;
    bool multishot_;
    bool poll_first_ = true;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
