// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Runs chains of blocking operations: one after another, or in a pool of threads.
#pragma once

#include "work.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <optional>

namespace bench
{

// The modes are loop; pool, whose threads do one operation after another; and offload: a
// loop gives operations to a pool, and their results come back to it, as in a program
// that has other things to do in the loop.
class blocking
{
public:
    explicit blocking(const work& w) : offload_(w.mode == "offload")
    {
        if (offload_ || w.mode == "pool")
            pool_.emplace(w.depth);
    }

    // f(chain) makes the chain's next operation, and returns false if there was none.
    template <class Chains, class F>
    void operator()(Chains& chains, const F& f)
    {
        if (!pool_)
            return take_turns(chains, f);
        for (auto& chain : chains)
            offload_ ? offload(chain, f) : post(chain, f);
        if (offload_)
            loop_.run();
        pool_->join();
    }

private:
    template <class Chains, class F>
    void take_turns(Chains& chains, const F& f)
    {
        for (bool any = true; any;)
        {
            any = false;
            for (auto& chain : chains)
                any |= f(chain);
        }
    }

    // Every operation goes through the pool's queue, as in a program that has others to
    // wait for its turn.
    template <class Chain, class F>
    void post(Chain& chain, const F& f)
    {
        boost::asio::post(*pool_,
                          [this, &chain, &f]
                          {
                              if (f(chain))
                                  post(chain, f);
                          });
    }

    template <class Chain, class F>
    void offload(Chain& chain, const F& f)
    {
        boost::asio::post(*pool_,
                          [this, &chain, &f, work = boost::asio::make_work_guard(loop_)]
                          {
                              bool const more = f(chain);
                              boost::asio::post(loop_,
                                                [this, &chain, &f, more]
                                                {
                                                    if (more)
                                                        offload(chain, f);
                                                });
                          });
    }

    bool offload_;
    boost::asio::io_context loop_{1};
    std::optional<boost::asio::thread_pool> pool_;
};

} // namespace bench
