// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Random programs of operations on sockets: what they are, and how one is made from a
// seed, printed and shrunk. They know nothing of what carries them out.
#pragma once

#include <array>
#include <cstddef>
#include <ostream>
#include <random>
#include <string>
#include <vector>

namespace test::programs
{

/// What a step does. Every step has a meaning in every state, be it an error or "does not
/// apply", so that any part of a program is a program.
enum class action : unsigned char
{
    // sockets
    open,
    connect,
    async_connect,
    connect_refused,
    async_connect_refused,
    async_connect_stalled,
    pair,
    send,
    async_send,
    async_write,
    receive,
    async_receive,
    async_read,
    stall,
    shutdown,
    available,
    option,
    endpoints,
    // sockets and acceptors
    wait,
    cancel,
    emit,
    timeout,
    close,
    destroy,
    non_blocking,
    move_construct,
    move_assign,
    release_and_assign,
    // acceptors
    open_acceptor,
    bind,
    listen,
    set_up_acceptor,
    accept,
    async_accept,
    async_move_accept,
    count
};

inline const char* name(action a)
{
    static constexpr std::array<const char*, static_cast<std::size_t>(action::count)>
        names{"open",
              "connect",
              "async_connect",
              "connect_refused",
              "async_connect_refused",
              "async_connect_stalled",
              "pair",
              "send",
              "async_send",
              "async_write",
              "receive",
              "async_receive",
              "async_read",
              "stall",
              "shutdown",
              "available",
              "option",
              "endpoints",
              "wait",
              "cancel",
              "emit",
              "timeout",
              "close",
              "destroy",
              "non_blocking",
              "move_construct",
              "move_assign",
              "release_and_assign",
              "open_acceptor",
              "bind",
              "listen",
              "set_up_acceptor",
              "accept",
              "async_accept",
              "async_move_accept"};
    return names[static_cast<std::size_t>(a)];
}

enum class family : unsigned char
{
    tcp,
    unix_stream,
    udp
};

struct step
{
    unsigned number; // stays when others are dropped
    family on;
    action what;
    bool on_acceptor;       // of the actions that both have
    unsigned object, other; // indices; taken modulo the number of objects
    std::size_t size;       // bytes, where there are any
    unsigned choice;        // between the variants of an action
    bool eager;             // go on without letting the operations take effect
    bool inside;            // from a handler
};

using program = std::vector<step>;

inline std::ostream& operator<<(std::ostream& out, const step& s)
{
    static constexpr std::array<const char*, 3> families{"tcp", "unix", "udp"};
    return out << s.number << ": " << families[static_cast<std::size_t>(s.on)] << ' '
               << (s.on_acceptor ? "acceptor " : "") << name(s.what) << ' ' << s.object
               << ", " << s.other << ", size " << s.size << ", choice " << s.choice
               << (s.eager ? ", eager" : "") << (s.inside ? ", inside a handler" : "");
}

/// Makes a program; the same for the same seed, everywhere.
class generator
{
public:
    explicit generator(unsigned seed) : random_(seed) {}

    program operator()()
    {
        program p;
        // Few programs would get far if every connection were left to chance.
        for (unsigned i = 0; i != 2; ++i)
        {
            p.push_back(make(family::tcp, action::pair, 2 * i));
            p.push_back(make(family::unix_stream, action::pair, 2 * i));
            p.push_back(make(family::udp, action::pair, 2 * i));
        }
        p.push_back(make(family::tcp, action::set_up_acceptor, 0));
        p.push_back(make(family::unix_stream, action::set_up_acceptor, 0));
        std::size_t const length = p.size() + 10 + below(60);
        while (p.size() != length)
        {
            // Most steps stay where the last one was, where they have something to meet.
            bool const stay = below(4) != 0;
            step s = make(stay ? p.back().on : static_cast<family>(below(3)),
                          any_action(), below(5));
            if (stay && below(3) != 0)
                s.object = p.back().object ^ (below(3) == 0 ? 1u : 0u);
            p.push_back(s);
        }
        for (unsigned i = 0; i != p.size(); ++i)
            p[i].number = i;
        return p;
    }

private:
    // Not a distribution of the standard library's, whose results are not specified.
    unsigned below(unsigned n) { return static_cast<unsigned>(random_() >> 4) % n; }

    action any_action()
    {
        // The middle of connections matters most.
        static constexpr std::array<action, 12> often{
            action::send,    action::async_send,    action::async_write,
            action::receive, action::async_receive, action::async_receive,
            action::cancel,  action::async_read,    action::emit,
            action::close,   action::async_accept,  action::async_connect};
        if (below(2) == 0)
            return often[below(static_cast<unsigned>(often.size()))];
        return static_cast<action>(below(static_cast<unsigned>(action::count)));
    }

    step make(family on, action what, unsigned object)
    {
        static constexpr std::array<std::size_t, 6> sizes{0, 1, 7, 100, 3000, 20'000};
        step s{};
        s.on = on;
        s.what = what;
        s.on_acceptor = below(4) == 0;
        s.object = object;
        s.other = what == action::pair ? object + 1 : below(5);
        s.size = sizes[below(static_cast<unsigned>(sizes.size()))];
        s.choice = below(12);
        s.eager = below(3) == 0;
        s.inside = below(4) == 0;
        return s;
    }

    std::minstd_rand random_;
};

/// The program without the steps that it does not need to fail.
template <class Fails>
program shrink(program p, Fails fails)
{
    for (std::size_t part = p.size() / 2; part != 0;)
    {
        bool smaller = false;
        for (std::size_t at = 0; at < p.size();)
        {
            program candidate(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(at));
            if (at + part < p.size())
                candidate.insert(candidate.end(),
                                 p.begin() + static_cast<std::ptrdiff_t>(at + part),
                                 p.end());
            if (fails(candidate))
            {
                p = std::move(candidate);
                smaller = true;
            }
            else
                at += part;
        }
        // Without one step another may have become superfluous.
        if (!(smaller && part == 1))
            part /= 2;
    }
    return p;
}

} // namespace test::programs
