// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Some work of every kind, checked.
#pragma once

#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <exception>
#include <string>

namespace test
{

/// Echoes over a connection, reads of a file, a timer.
template <class Context>
void work(Context& c, int rounds = 20)
{
    temporary_file f(pattern(4096));
    urio::random_access_file file(c, f.path(), urio::file_base::read_only);
    tcp_pair p(c);
    auto const session = [&]() -> urio::awaitable<void>
    {
        for (int i = 0; i != rounds; ++i)
        {
            std::string out = pattern(1000, static_cast<unsigned>(i)), in(1000, '\0');
            co_await urio::async_write(p.first, urio::buffer(out), urio::use_awaitable);
            co_await urio::async_read(p.second, urio::buffer(in), urio::use_awaitable);
            BOOST_CHECK(in == out);
            std::size_t const n = co_await file.async_read_some_at(100, urio::buffer(in),
                                                                   urio::use_awaitable);
            BOOST_CHECK_EQUAL(n, 1000u);
            BOOST_CHECK(in == pattern(4096).substr(100, 1000));
        }
    };
    bool done = false;
    urio::co_spawn(c, session(),
                   [&](std::exception_ptr e)
                   {
                       BOOST_CHECK(!e);
                       done = true;
                   });
    urio::steady_timer t(c, 1ms);
    t.async_wait(once([](error_code ec) { BOOST_CHECK(!ec); }));
    run(c);
    BOOST_CHECK(done);
}

} // namespace test
