// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Runs chains of blocking operations: one after another, or in a pool of threads.
#pragma once

#include "work.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <optional>

namespace bench
{

// The modes are loop and pool.
class blocking
{
public:
    explicit blocking(const work& w)
    {
        if (w.mode == "pool")
            pool_.emplace(w.depth);
    }

    bool pooled() const { return pool_.has_value(); }

    // f(chain) makes the chain's next operation, and returns false if there was none.
    template <class Chains, class F>
    void operator()(Chains& chains, const F& f)
    {
        if (!pool_)
        {
            for (bool any = true; any;)
            {
                any = false;
                for (auto& chain : chains)
                    any |= f(chain);
            }
            return;
        }
        for (auto& chain : chains)
            post(chain, f);
        pool_->join();
    }

private:
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

    std::optional<boost::asio::thread_pool> pool_;
};

} // namespace bench
