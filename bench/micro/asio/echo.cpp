// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Messages that bounce between connected sockets, all in one loop: with callbacks.

#include "net.hpp"
#include "trips.hpp"

#include <deque>

namespace bench
{
namespace
{

class pair
{
public:
    template <class Context>
    pair(Context& context, trips& t) : trips_(t)
                                     , near_(context)
                                     , far_(context)
    {
        net::local::connect_pair(near_, far_);
    }

    void start()
    {
        receive_far();
        send_near();
    }

private:
    void send_near()
    {
        ++message_[0];
        net::async_write(near_, net::buffer(message_),
                         [this](error_code, std::size_t) { receive_near(); });
    }

    void receive_near()
    {
        near_.async_read_some(net::buffer(answer_),
                              [this](error_code, std::size_t n)
                              {
                                  if (trips_.another(message_, answer_, n))
                                      send_near();
                                  else
                                      near_.close();
                              });
    }

    // Until the other end is closed.
    void receive_far()
    {
        far_.async_read_some(net::buffer(copy_),
                             [this](error_code ec, std::size_t n)
                             {
                                 if (ec)
                                     far_.close();
                                 else
                                     send_far(n);
                             });
    }

    void send_far(std::size_t n)
    {
        net::async_write(far_, net::buffer(copy_, n),
                         [this](error_code, std::size_t) { receive_far(); });
    }

    trips& trips_;
    net::local::stream_protocol::socket near_, far_;
    message message_{}, answer_{}, copy_{};
};

void echo(State& state)
{
    with_loop(
        [&](auto& context)
        {
            trips t(state);
            std::deque<pair> pairs;
            for (std::int64_t i = 0; i != state.range(0); ++i)
                pairs.emplace_back(context, t);
            t.begin();
            for (pair& p : pairs)
                p.start();
            context.run();
            t.finish();
        });
}
BENCHMARK(echo)->Arg(1)->Arg(32)->Arg(256)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench
