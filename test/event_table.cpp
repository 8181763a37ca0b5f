// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The table of io_uring's operations, and the entries that the ready-made events fill:
// those of liburing, as far as this liburing has them.

#include "submitted.hpp"

#include <cstring>
#include <fcntl.h>
#include <linux/stat.h>
#include <set>
#include <string>
#include <sys/socket.h>

namespace
{

using namespace test;
namespace net = urio;
namespace event = urio::event;
namespace opcodes = net::detail::opcodes;

template <class E>
::io_uring_sqe entry_of(E& e)
{
    ::io_uring_sqe entry{};
    e.prepare(entry);
    return entry;
}

/// What liburing's own function makes of an entry.
template <class Prepare>
::io_uring_sqe liburings(Prepare prepare)
{
    ::io_uring_sqe entry{};
    prepare(&entry);
    return entry;
}

bool same(const ::io_uring_sqe& a, const ::io_uring_sqe& b)
{
    return std::memcmp(&a, &b, sizeof(a)) == 0;
}

constexpr std::uint64_t here = event::current_position;

} // namespace

BOOST_AUTO_TEST_CASE(every_operation_is_in_the_table)
{
    auto const table = event::operations();
    std::set<std::string> names;
    for (std::size_t i = 0; i != table.size(); ++i)
    {
        BOOST_CHECK_EQUAL(table[i].opcode, i);
        BOOST_CHECK(names.insert(table[i].name).second);
        BOOST_CHECK(*table[i].here);
        BOOST_CHECK(std::string(table[i].since).find('.') == 1);
    }
    // A newer liburing than that has something that is missing here.
    BOOST_CHECK_MESSAGE(IORING_OP_LAST <= table.size(),
                        "liburing has " << IORING_OP_LAST << " operations, the table "
                                        << table.size());
    // And the running kernel.
    URIO_ON_URING_ONLY();
    auto const& known = net::features().operations;
    for (std::size_t i = table.size(); i != known.size(); ++i)
        BOOST_CHECK_MESSAGE(!known[i], "the kernel has an operation " << i);
}

BOOST_AUTO_TEST_CASE(errors_name_what_is_missing)
{
    for (event::operation_info const& o : event::operations())
    {
        error_code const ec(o.opcode, event::missing_operation());
        BOOST_CHECK(ec == boost::system::errc::operation_not_supported);
        BOOST_CHECK(ec.message().find(std::string("IORING_OP_") + o.name + " (Linux " +
                                      o.since) != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(transfers)
{
    char memory[10];
    event::read r(5, net::buffer(memory), 7);
    BOOST_CHECK(
        same(entry_of(r),
             liburings([&](auto* s) { ::io_uring_prep_read(s, 5, memory, 10, 7); })));
    event::write w(5, net::buffer(memory));
    BOOST_CHECK(
        same(entry_of(w),
             liburings([&](auto* s) { ::io_uring_prep_write(s, 5, memory, 10, here); })));
    event::recv rv(5, net::buffer(memory), MSG_PEEK);
    BOOST_CHECK(same(
        entry_of(rv),
        liburings([&](auto* s) { ::io_uring_prep_recv(s, 5, memory, 10, MSG_PEEK); })));
    event::send sd(5, net::buffer(memory));
    BOOST_CHECK(
        same(entry_of(sd),
             liburings([&](auto* s)
                       { ::io_uring_prep_send(s, 5, memory, 10, MSG_NOSIGNAL); })));
    event::send_zc z(5, net::buffer(memory));
    BOOST_CHECK(
        same(entry_of(z),
             liburings([&](auto* s)
                       { ::io_uring_prep_send_zc(s, 5, memory, 10, MSG_NOSIGNAL, 0); })));
    event::splice sp(3, 4, 100, SPLICE_F_MOVE, here, 20);
    BOOST_CHECK(same(
        entry_of(sp),
        liburings([&](auto* s)
                  { ::io_uring_prep_splice(s, 3, -1, 4, 20, 100, SPLICE_F_MOVE); })));
    event::tee t(3, 4, 100, 1);
    BOOST_CHECK(same(entry_of(t),
                     liburings([&](auto* s) { ::io_uring_prep_tee(s, 3, 4, 100, 1); })));
}

BOOST_AUTO_TEST_CASE(files)
{
    event::fsync f(5, true);
    BOOST_CHECK(same(
        entry_of(f),
        liburings([](auto* s) { ::io_uring_prep_fsync(s, 5, IORING_FSYNC_DATASYNC); })));
    event::sync_file_range sr(5, 10, 20, 1);
    BOOST_CHECK(same(
        entry_of(sr),
        liburings([](auto* s) { ::io_uring_prep_sync_file_range(s, 5, 20, 10, 1); })));
    event::fallocate fa(5, 1, 10, 20);
    BOOST_CHECK(
        same(entry_of(fa),
             liburings([](auto* s) { ::io_uring_prep_fallocate(s, 5, 1, 10, 20); })));
    event::fadvise ad(5, 10, 20, 3);
    BOOST_CHECK(
        same(entry_of(ad),
             liburings([](auto* s) { ::io_uring_prep_fadvise(s, 5, 10, 20, 3); })));
    char memory;
    event::madvise ma(&memory, 20, 4);
    BOOST_CHECK(
        same(entry_of(ma),
             liburings([&](auto* s) { ::io_uring_prep_madvise(s, &memory, 20, 4); })));
    event::close c(5);
    BOOST_CHECK(
        same(entry_of(c), liburings([](auto* s) { ::io_uring_prep_close(s, 5); })));
    event::openat o("path", O_RDWR, 0600);
    BOOST_CHECK(same(entry_of(o), liburings(
                                      [&](auto* s)
                                      {
                                          ::io_uring_prep_openat(
                                              s, AT_FDCWD, o.where.path().c_str(),
                                              O_RDWR | O_CLOEXEC, 0600);
                                      })));
    event::renameat rn("a", "b", 1);
    BOOST_CHECK(same(entry_of(rn), liburings(
                                       [&](auto* s)
                                       {
                                           ::io_uring_prep_renameat(
                                               s, AT_FDCWD, rn.from.path().c_str(),
                                               AT_FDCWD, rn.to.path().c_str(), 1);
                                       })));
    event::linkat l("a", "b", AT_SYMLINK_FOLLOW);
    BOOST_CHECK(same(entry_of(l), liburings(
                                      [&](auto* s)
                                      {
                                          ::io_uring_prep_linkat(
                                              s, AT_FDCWD, l.from.path().c_str(),
                                              AT_FDCWD, l.to.path().c_str(),
                                              AT_SYMLINK_FOLLOW);
                                      })));
    event::symlinkat sl("a", "b");
    BOOST_CHECK(same(entry_of(sl), liburings(
                                       [&](auto* s)
                                       {
                                           ::io_uring_prep_symlinkat(
                                               s, sl.target.c_str(), AT_FDCWD,
                                               sl.where.path().c_str());
                                       })));
    event::mkdirat m("a", 0700);
    BOOST_CHECK(same(
        entry_of(m),
        liburings(
            [&](auto* s)
            { ::io_uring_prep_mkdirat(s, AT_FDCWD, m.where.path().c_str(), 0700); })));
    event::unlinkat u("a", AT_REMOVEDIR);
    BOOST_CHECK(same(entry_of(u), liburings(
                                      [&](auto* s)
                                      {
                                          ::io_uring_prep_unlinkat(s, AT_FDCWD,
                                                                   u.where.path().c_str(),
                                                                   AT_REMOVEDIR);
                                      })));
    event::setxattr x("p", "user.a", "value");
    BOOST_CHECK(same(entry_of(x), liburings(
                                      [&](auto* s)
                                      {
                                          ::io_uring_prep_setxattr(s, x.attribute.c_str(),
                                                                   x.value.data(),
                                                                   x.path.c_str(), 0, 5);
                                      })));
}

BOOST_AUTO_TEST_CASE(sockets)
{
    event::socket s(AF_INET, SOCK_STREAM, 6);
    BOOST_CHECK(same(
        entry_of(s),
        liburings(
            [](auto* q)
            { ::io_uring_prep_socket(q, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 6, 0); })));
    event::accept a(5);
    BOOST_CHECK(same(
        entry_of(a),
        liburings([](auto* q)
                  { ::io_uring_prep_accept(q, 5, nullptr, nullptr, SOCK_CLOEXEC); })));
    event::accept_multishot am(5);
    BOOST_CHECK(same(entry_of(am), liburings(
                                       [](auto* q)
                                       {
                                           ::io_uring_prep_multishot_accept(
                                               q, 5, nullptr, nullptr, SOCK_CLOEXEC);
                                       })));
    event::connect c(5, loopback(7));
    BOOST_CHECK(same(
        entry_of(c),
        liburings(
            [&](auto* q)
            { ::io_uring_prep_connect(q, 5, c.address.data(), c.address.size()); })));
    event::shutdown sh(5, SHUT_WR);
    BOOST_CHECK(
        same(entry_of(sh),
             liburings([](auto* q) { ::io_uring_prep_shutdown(q, 5, SHUT_WR); })));
    event::poll_add p(5, 5);
    BOOST_CHECK(
        same(entry_of(p), liburings([](auto* q) { ::io_uring_prep_poll_add(q, 5, 5); })));
    event::poll_multishot pm(5, 5);
    BOOST_CHECK(
        same(entry_of(pm),
             liburings([](auto* q) { ::io_uring_prep_poll_multishot(q, 5, 5); })));
}

BOOST_AUTO_TEST_CASE(the_rest)
{
    event::nop n;
    BOOST_CHECK(same(entry_of(n), liburings([](auto* q) { ::io_uring_prep_nop(q); })));
    event::timeout t(1500ms, 3);
    BOOST_CHECK(
        same(entry_of(t), liburings(
                              [&](auto* q)
                              {
                                  ::io_uring_prep_timeout(
                                      q, reinterpret_cast<::__kernel_timespec*>(&t.time),
                                      3, 0);
                              })));
    BOOST_CHECK_EQUAL(t.time.seconds, 1);
    BOOST_CHECK_EQUAL(t.time.nanoseconds, 500'000'000);
    event::link_limit l(2s);
    BOOST_CHECK(same(entry_of(l),
                     liburings(
                         [&](auto* q)
                         {
                             ::io_uring_prep_link_timeout(
                                 q, reinterpret_cast<::__kernel_timespec*>(&l.time), 0);
                         })));
    event::provide_buffers pb(&n, 16, 4, 9, 2);
    BOOST_CHECK(
        same(entry_of(pb),
             liburings([&](auto* q)
                       { ::io_uring_prep_provide_buffers(q, &n, 16, 4, 9, 2); })));
    event::remove_buffers rb(4, 9);
    BOOST_CHECK(
        same(entry_of(rb),
             liburings([](auto* q) { ::io_uring_prep_remove_buffers(q, 4, 9); })));
    event::msg_ring mr(5, 6, 7);
    BOOST_CHECK(
        same(entry_of(mr),
             liburings([](auto* q) { ::io_uring_prep_msg_ring(q, 5, 6, 7, 0); })));
    event::name which;
    which.set(77);
    event::timeout_remove tr(which);
    BOOST_CHECK(
        same(entry_of(tr),
             liburings([](auto* q) { ::io_uring_prep_timeout_remove(q, 77, 0); })));
    event::poll_remove pr(which);
    BOOST_CHECK(same(entry_of(pr),
                     liburings([](auto* q) { ::io_uring_prep_poll_remove(q, 77); })));
    event::poll_update pu(which, 4);
    BOOST_CHECK(same(
        entry_of(pu),
        liburings(
            [](auto* q)
            { ::io_uring_prep_poll_update(q, 77, 0, 4, IORING_POLL_UPDATE_EVENTS); })));
    event::async_cancel ac(which);
    BOOST_CHECK(same(entry_of(ac),
                     liburings([](auto* q) { ::io_uring_prep_cancel64(q, 77, 0); })));
    auto on = event::async_cancel::on(5);
    BOOST_CHECK(
        same(entry_of(on),
             liburings([](auto* q)
                       { ::io_uring_prep_cancel_fd(q, 5, IORING_ASYNC_CANCEL_ALL); })));
}

// Operations that younger versions of liburing have.
#if defined(IO_URING_VERSION_MAJOR)
#if IO_URING_VERSION_MAJOR > 2 ||                                                        \
    (IO_URING_VERSION_MAJOR == 2 && IO_URING_VERSION_MINOR >= 9)
BOOST_AUTO_TEST_CASE(younger_ones)
{
    static_assert(opcodes::read_multishot == IORING_OP_READ_MULTISHOT &&
                  opcodes::waitid == IORING_OP_WAITID &&
                  opcodes::futex_wait == IORING_OP_FUTEX_WAIT &&
                  opcodes::futex_wake == IORING_OP_FUTEX_WAKE &&
                  opcodes::futex_waitv == IORING_OP_FUTEX_WAITV &&
                  opcodes::fixed_fd_install == IORING_OP_FIXED_FD_INSTALL &&
                  opcodes::ftruncate == IORING_OP_FTRUNCATE &&
                  opcodes::bind == IORING_OP_BIND && opcodes::listen == IORING_OP_LISTEN);
    event::futex_word word{0};
    event::futex_wait fw(word, 3);
    constexpr std::uint32_t flags = 2 | 128; // FUTEX2_SIZE_U32 | FUTEX2_PRIVATE
    auto* const address = reinterpret_cast<std::uint32_t*>(&word);
    BOOST_CHECK(same(entry_of(fw), liburings(
                                       [&](auto* q)
                                       {
                                           ::io_uring_prep_futex_wait(
                                               q, address, 3, event::any_futex_bits,
                                               flags, 0);
                                       })));
    event::futex_wake wk(word, 5);
    BOOST_CHECK(same(entry_of(wk), liburings(
                                       [&](auto* q)
                                       {
                                           ::io_uring_prep_futex_wake(
                                               q, address, 5, event::any_futex_bits,
                                               flags, 0);
                                       })));
    event::ftruncate tr(5, 100);
    BOOST_CHECK(same(entry_of(tr),
                     liburings([](auto* q) { ::io_uring_prep_ftruncate(q, 5, 100); })));
    event::listen li(5, 6);
    BOOST_CHECK(
        same(entry_of(li), liburings([](auto* q) { ::io_uring_prep_listen(q, 5, 6); })));
    event::setsockopt so(5, 1, 2, "abcd");
    BOOST_CHECK(same(entry_of(so), liburings(
                                       [&](auto* q)
                                       {
                                           ::io_uring_prep_cmd_sock(
                                               q, SOCKET_URING_OP_SETSOCKOPT, 5, 1, 2,
                                               so.value.data(), 4);
                                       })));
}
#endif
#endif
