// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A read that is alone in flight is tried without the ring: what is in the page cache
// takes no entry.

#include "file.hpp"
#include "once.hpp"
#include "test.hpp"

#include <fcntl.h>
#include <string>
#include <sys/uio.h>
#include <unistd.h>

namespace
{

using namespace test;
namespace net = urio;
using net::file_base;

// Whether this file system tells what is in the page cache.
bool tells(const temporary_file& t)
{
    int const fd = ::open(t.path().c_str(), O_RDONLY | O_CLOEXEC);
    char b;
    ::iovec v{&b, 1};
    bool const told = ::preadv2(fd, &v, 1, 0, RWF_NOWAIT) == 1;
    ::close(fd);
    if (!told)
        BOOST_TEST_MESSAGE("the file system has no reads that do not wait");
    return told;
}

std::uint64_t at_once(boost::asio::io_context& c)
{
    return urio::statistics_of(c).immediate;
}

} // namespace

BOOST_DATA_TEST_CASE(one_after_another, every_mode, m)
{
    URIO_ON_URING_ONLY();
    mode_context c(m);
    temporary_file t("0123456789");
    net::stream_file f(c, t.path(), file_base::read_only);
    std::string got;
    char b;
    bool initiating = false;
    std::function<void()> read = [&]
    {
        initiating = true;
        f.async_read_some(net::buffer(&b, 1),
                          [&](error_code ec, std::size_t n)
                          {
                              BOOST_CHECK(!initiating);
                              if (ec == net::error::eof)
                                  return;
                              BOOST_REQUIRE(!ec);
                              BOOST_REQUIRE_EQUAL(n, 1u);
                              got += b;
                              read();
                          });
        initiating = false;
    };
    read();
    run(c);
    BOOST_CHECK_EQUAL(got, "0123456789");
    BOOST_CHECK_EQUAL(f.seek(0, file_base::seek_cur), 10u);
    // And the end.
    if (tells(t))
        BOOST_CHECK_EQUAL(at_once(c), 11u);
    BOOST_CHECK_EQUAL(urio::statistics_of(c).in_flight, 0u);
}

BOOST_DATA_TEST_CASE(one_of_several, every_mode, m)
{
    URIO_ON_URING_ONLY();
    mode_context c(m);
    temporary_file t("0123456789");
    net::random_access_file f(c, t.path(), file_base::read_only);
    std::string got(10, '\0');
    std::size_t handlers = 0;
    for (std::size_t i = 0; i != got.size(); ++i)
        f.async_read_some_at(i, net::buffer(&got[i], 1),
                             [&](error_code ec, std::size_t n)
                             {
                                 BOOST_CHECK(!ec);
                                 BOOST_CHECK_EQUAL(n, 1u);
                                 ++handlers;
                             });
    BOOST_CHECK_EQUAL(at_once(c), tells(t) ? 1u : 0u);
    run(c);
    BOOST_CHECK_EQUAL(handlers, got.size());
    BOOST_CHECK_EQUAL(got, "0123456789");
}

// Its cancellation comes too late, and does no harm.
BOOST_DATA_TEST_CASE(with_a_cancellation_slot, every_mode, m)
{
    URIO_ON_URING_ONLY();
    mode_context c(m);
    temporary_file t("0123456789");
    net::random_access_file f(c, t.path(), file_base::read_only);
    net::cancellation_signal signal;
    char b[4];
    for (int i = 0; i != 3; ++i)
    {
        bool done = false;
        f.async_read_some_at(
            2, net::buffer(b),
            net::bind_cancellation_slot(signal.slot(),
                                        [&](error_code ec, std::size_t n)
                                        {
                                            BOOST_CHECK(!ec || !tells(t));
                                            BOOST_CHECK_EQUAL(n, ec ? 0u : 4u);
                                            done = true;
                                        }));
        signal.emit(net::cancellation_type::terminal);
        run(c);
        BOOST_CHECK(done);
        c.restart();
    }
}

// Who has asked the kernel to know something in advance gets the ring; so does what waits
// for a disk.
BOOST_DATA_TEST_CASE(not_where_the_ring_is_asked_for, every_mode, m)
{
    URIO_ON_URING_ONLY();
    mode_context c(m);
    temporary_file t("0123456789");
    net::random_access_file f(c, t.path(), file_base::read_only);
    auto const read = [&](auto buffer)
    {
        f.async_read_some_at(0, buffer,
                             once(
                                 [](error_code ec, std::size_t n)
                                 {
                                     BOOST_CHECK(!ec);
                                     BOOST_CHECK_EQUAL(n, 4u);
                                 }));
        run(c);
        c.restart();
    };
    std::string memory(4, '\0');
    if (f.register_descriptor())
        read(net::buffer(memory));
    f.close();
    f.open(t.path(), file_base::read_only);
    auto const registration = net::register_buffers(c, net::buffer(memory));
    if (registration.registered())
        read(registration[0]);
    BOOST_CHECK_EQUAL(at_once(c), 0u);
}
