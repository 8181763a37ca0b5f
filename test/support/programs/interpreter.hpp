// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Runs a random program on a network and returns what was observed.
#pragma once

#include "datagram_steps.hpp"
#include "stream_steps.hpp"

#include <boost/asio/post.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace test::programs
{

template <class Network>
class interpreter
{
public:
    explicit interpreter(mode m) : context_(Network::make_context(m)) {}

    std::vector<std::string> run(const program& p)
    {
        for (const step& s : p)
        {
            if (s.inside)
            {
                bool done = false;
                boost::asio::post(*context_,
                                  [&]
                                  {
                                      execute(s);
                                      done = true;
                                  });
                while (!done)
                    Network::turn(*context_);
            }
            else
                execute(s);
            if (!s.eager)
                tracker_.settle();
            if (tracker_.is_stuck())
                break;
        }
        tracker_.settle();
        auto& log = tracker_.log();
        log.note("end", tracker_.handlers_alive(), " handlers pending");
        if (p.size() % 2 == 0 && !tracker_.is_stuck())
            close_everything();
        // What is still pending is destroyed without being invoked.
        objects_.reset();
        context_.reset();
        log.note("end", tracker_.handlers_alive(), " handlers left");
        return log.lines();
    }

private:
    void close_everything()
    {
        step s{};
        s.number = 1000;
        s.what = action::close;
        for (auto on : {family::tcp, family::unix_stream, family::udp})
            for (bool acceptors : {true, false})
                for (unsigned object = 0; object != 6; ++object)
                {
                    s.on = on;
                    s.on_acceptor = acceptors;
                    s.object = object;
                    execute(s);
                }
        tracker_.settle();
    }

    struct objects
    {
        explicit objects(tracker<Network>& t) : tcp(t), unix_stream(t), datagrams(t) {}

        stream_steps<Network, typename Network::tcp> tcp;
        stream_steps<Network, typename Network::unix_stream> unix_stream;
        datagram_steps<Network> datagrams;
    };

    void execute(const step& s)
    {
        switch (s.on)
        {
        case family::tcp:
            return objects_->tcp.run(s);
        case family::unix_stream:
            return objects_->unix_stream.run(s);
        case family::udp:
            return objects_->datagrams.run(s);
        }
    }

    std::unique_ptr<typename Network::context> context_;
    tracker<Network> tracker_{*context_};
    std::unique_ptr<objects> objects_ = std::make_unique<objects>(tracker_);
};

} // namespace test::programs
