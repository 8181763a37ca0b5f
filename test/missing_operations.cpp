// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A kernel that lacks one of the operations: each has a substitute, or the reactor takes
// over.

#include "child.hpp"
#include "everything.hpp"
#include "faults.hpp"
#include "file.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <boost/test/data/test_case.hpp>

#include <array>
#include <future>
#include <string>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

struct operation
{
    int number;
    const char* name;
};

std::ostream& operator<<(std::ostream& out, const operation& o)
{
    return out << o.name;
}

#define OPERATION(name) {IORING_OP_##name, #name}

constexpr operation with_substitute[] = {
    OPERATION(READ),    OPERATION(WRITE),   OPERATION(SEND),   OPERATION(RECV),
    OPERATION(SENDMSG), OPERATION(RECVMSG), OPERATION(ACCEPT), OPERATION(CONNECT),
};

// Of files: what a thread does instead.
constexpr operation of_files[] = {
    OPERATION(OPENAT2),   OPERATION(CLOSE),   OPERATION(STATX),     OPERATION(FSYNC),
    OPERATION(FALLOCATE), OPERATION(FADVISE), OPERATION(RENAMEAT),  OPERATION(UNLINKAT),
    OPERATION(MKDIRAT),   OPERATION(LINKAT),  OPERATION(SYMLINKAT), {55, "FTRUNCATE"},
};

constexpr operation without[] = {
    OPERATION(NOP),      OPERATION(READV),        OPERATION(WRITEV),
    OPERATION(POLL_ADD), OPERATION(ASYNC_CANCEL),
};

template <class Context>
void use_all(Context& c, expectations& expect)
{
    temporary_file const file;
    std::future<void> done = net::co_spawn(c, everything(file.path()), net::use_future);
    c.run_for(patience);
    expect(done.wait_for(0s) == std::future_status::ready, "all operations complete");
    done.get();
}

void works_without(int number)
{
    in_child(
        [&](expectations& expect)
        {
            faults const f(number);
            for (bool const exclusive_mode : {false, true})
            {
                net::io_context c(exclusive_mode ? options(mode::exclusive)
                                                 : options(mode::shared));
                use_all(c, expect);
                expect(net::backend_of(c).kind == net::backend::uring, "on io_uring");
            }
        });
}

} // namespace

BOOST_DATA_TEST_CASE(a_substitute, with_substitute, missing)
{
    works_without(missing.number);
}

BOOST_DATA_TEST_CASE(a_thread, of_files, missing)
{
    works_without(missing.number);
}

// What everything() leaves out: lists of buffers, cancellation, refusals, urgent data. (A
// kind of operation states the opcode that kernels have had last: lists of buffers have
// others, which all kernels know that know the one.)
BOOST_DATA_TEST_CASE(more_of_sockets, with_substitute, missing)
{
    faults const f(missing.number);
    net::io_context c;
    raw_pair p(c);

    std::string got(3000, '\0');
    std::vector<net::mutable_buffer> const parts{net::buffer(&got[0], 1000),
                                                 net::buffer(&got[1000], 2000)};
    std::size_t received = 0;
    net::async_read(p.socket, parts,
                    [&](error_code ec, std::size_t n) { received = ec ? 0 : n; });
    c.poll();
    std::string const text = pattern(3000);
    p.send(text);
    run(c);
    BOOST_CHECK_EQUAL(received, 3000u);
    BOOST_CHECK(got == text);

    error_code urgent = net::error::would_block;
    char oob = 0;
    p.socket.async_receive(net::buffer(&oob, 1), tcp::socket::message_out_of_band,
                           [&](error_code ec, std::size_t) { urgent = ec; });
    c.restart();
    c.poll();
    BOOST_REQUIRE_EQUAL(::send(p.peer, "!", 1, MSG_OOB), 1);
    run(c);
    BOOST_CHECK_EQUAL(urgent, error_code());
    BOOST_CHECK_EQUAL(oob, '!');

    tcp::acceptor acceptor(c, loopback());
    error_code cancelled, accept_cancelled, refused;
    p.socket.async_receive(net::buffer(got),
                           [&](error_code ec, std::size_t) { cancelled = ec; });
    acceptor.async_accept([&](error_code ec, tcp::socket) { accept_cancelled = ec; });
    c.restart();
    c.poll();
    p.socket.cancel();
    acceptor.cancel();
    run(c);
    BOOST_CHECK_EQUAL(cancelled, net::error::operation_aborted);
    BOOST_CHECK_EQUAL(accept_cancelled, net::error::operation_aborted);

    tcp::endpoint const nobody = acceptor.local_endpoint();
    acceptor.close();
    tcp::socket s(c);
    s.async_connect(nobody, [&](error_code ec) { refused = ec; });
    run(c);
    BOOST_CHECK_EQUAL(refused, net::error::connection_refused);
    BOOST_CHECK(net::backend_of(c).kind == net::backend::uring);
}

BOOST_DATA_TEST_CASE(no_substitute, without, missing)
{
    in_child(
        [&](expectations& expect)
        {
            faults const f(missing.number);
            net::io_context c;
            use_all(c, expect);
            net::backend_info const info = net::backend_of(c);
            expect(info.kind == net::backend::epoll, "on the reactor");
            expect(info.error == net::errc::kernel_too_old, info.error.message());
            expect(info.reason.find(std::string("lacks IORING_OP_") + missing.name) !=
                       std::string::npos,
                   info.reason);
        });
}
