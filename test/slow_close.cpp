// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Closing a descriptor may take its time: a network file system writes back what it has,
// a socket lingers. Here close(2) of one descriptor does not end before the test allows
// it, and whoever starts something meanwhile does not wait for that.

#include "file.hpp"
#include "test.hpp"

#include <atomic>
#include <memory>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace
{

using namespace test;
namespace net = urio;
using local = net::local::stream_protocol;

std::atomic<int> slow_descriptor{-1};
std::atomic<bool> closing{false}, may_end{false};

} // namespace

extern "C" int close(int descriptor)
{
    int expected = descriptor;
    if (descriptor >= 0 && slow_descriptor.compare_exchange_strong(expected, -1))
    {
        closing = true;
        may_end.wait(false);
    }
    return static_cast<int>(::syscall(SYS_close, descriptor));
}

BOOST_DATA_TEST_CASE(a_close_that_takes_its_time, every_mode, m)
{
    closing = may_end = false;
    temporary_file t("x");
    mode_context c(m);
    auto file =
        std::make_unique<net::random_access_file>(c, t.path(), net::file_base::read_only);
    auto work = net::make_work_guard(c);
    std::atomic<bool> busy{false}, go_on{false};
    std::thread loop([&] { c.run(); });
    net::post(c,
              [&]
              {
                  busy = true;
                  busy.notify_all();
                  go_on.wait(false);
              });
    busy.wait(false);

    // The loop has not seen the request, which is about the descriptor's number: so that
    // is closed by whoever lets go of it last, the loop, or, on a reactor, a thread of
    // the pool.
    bool done = false;
    file->async_size([&](error_code, std::uint64_t) { done = true; });
    slow_descriptor = file->native_handle();
    std::thread owner([&] { file.reset(); });
    go_on = true;
    go_on.notify_all();
    auto const limit = std::chrono::steady_clock::now() + patience;
    while (!closing && std::chrono::steady_clock::now() < limit)
        std::this_thread::yield();
    // (Boost.Test is for one thread at a time.)
    bool const was_closing = closing;

    char byte;
    local::socket first(c), second(c);
    net::local::connect_pair(first, second);
    first.async_receive(net::buffer(&byte, 1), [](error_code, std::size_t) {});
    first.cancel();
    bool const was_held_up = may_end;

    may_end = true;
    may_end.notify_all();
    owner.join();
    work.reset();
    loop.join();
    BOOST_CHECK(was_closing);
    BOOST_CHECK(!was_held_up);
    BOOST_CHECK(done);
    BOOST_CHECK_EQUAL(slow_descriptor, -1);
}
