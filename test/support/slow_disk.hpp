// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A disk that is at work for as long as a test wants: operations on files that have been
// started cannot end, nor be stopped.
#pragma once

#include "faults.hpp"
#include "test.hpp"

#include <urio/detail/engine/engine.hpp>
#include <urio/detail/loop/loop.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

namespace test
{

/// On io_uring the kernel does not see what is submitted; on the reactor all threads of
/// the pool are busy. Meanwhile the context may be polled, but must not be run.
class slow_disk
{
public:
    explicit slow_disk(boost::asio::execution_context& c)
    {
        if (on_uring())
            withheld_.emplace([](auto...) { return -EINTR; });
        else
            occupy_pool(urio::detail::use_engine(c));
    }

    slow_disk(const slow_disk&) = delete;
    slow_disk& operator=(const slow_disk&) = delete;
    ~slow_disk() { resume(); }

    /// The disk goes on; what was started may end.
    void resume()
    {
        withheld_.reset();
        std::lock_guard l(gate_->mutex);
        gate_->open = true;
        gate_->changed.notify_all();
    }

private:
    struct gate
    {
        std::mutex mutex;
        std::condition_variable changed;
        bool open = false;
        unsigned waiting = 0;
    };

    class blocker final : public urio::detail::io_operation
    {
    public:
        explicit blocker(std::shared_ptr<gate> g)
            : io_operation(kind_, &complete)
            , gate_(std::move(g))
        {
        }

    private:
        static int perform(io_operation& op)
        {
            gate& g = *static_cast<blocker&>(op).gate_;
            std::unique_lock l(g.mutex);
            ++g.waiting;
            g.changed.notify_all();
            g.changed.wait(l, [&] { return g.open; });
            return 0;
        }

        static void complete(void*, urio::detail::scheduler_operation* op,
                             const error_code&, std::size_t)
        {
            delete static_cast<blocker*>(op);
        }

        static constexpr urio::detail::op_kind kind_{.perform = &perform, .disk = true};
        std::shared_ptr<gate> gate_;
    };

    void occupy_pool(urio::detail::engine& e)
    {
        urio::detail::io_object& object = e.open_object(-1, {.bounded = true});
        unsigned const threads = urio::uring_options().file_threads;
        for (unsigned n = threads; n != 0; --n)
            if (!e.start(object, *new blocker(gate_), urio::detail::lane::unordered))
                throw std::runtime_error("no thread");
        {
            std::unique_lock l(gate_->mutex);
            gate_->changed.wait(l, [&] { return gate_->waiting == threads; });
        }
        // The last of them frees it.
        (void)e.retire(object);
    }

    std::optional<faults> withheld_;
    std::shared_ptr<gate> gate_ = std::make_shared<gate>();
};

} // namespace test
