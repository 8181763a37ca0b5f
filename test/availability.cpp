// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Where io_uring is missing or forbidden, and who tells.

#include "child.hpp"
#include "file.hpp"
#include "test.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <iterator>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

/// Makes io_uring_setup(2) fail in this process from now on, as a container's seccomp
/// profile does.
void forbid_io_uring(int error)
{
    ::sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(::seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_setup, 0, 1),
        BPF_STMT(BPF_RET | BPF_K,
                 SECCOMP_RET_ERRNO | static_cast<unsigned>(error & SECCOMP_RET_DATA)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    ::sock_fprog program{static_cast<unsigned short>(std::size(filter)), filter};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        throw std::system_error(errno, std::system_category(), "prctl");
}

template <class Function>
error_code error_of(Function f, std::string& text)
{
    try
    {
        f();
    }
    catch (const boost::system::system_error& e)
    {
        text = e.what();
        return e.code();
    }
    return {};
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != text.npos;
}

/// What must hold where urio cannot have a ring.
void check_unavailable(expectations& expect, net::errc why, const std::string& in_words)
{
    net::io_context c;
    std::string text;
    error_code ec = error_of([&] { tcp::socket s(c); }, text);
    expect(ec == why, "a socket: " + ec.message());
    expect(contains(text, in_words), "the text of the exception: " + text);

    ec = error_of([&] { tcp::acceptor a(c, loopback()); }, text);
    expect(ec == why, "an acceptor: " + ec.message());
    ec = error_of([&] { net::random_access_file f(c); }, text);
    expect(ec == why, "a file: " + ec.message());

    net::backend_info const info = net::backend_of(c);
    expect(info.kind == net::backend::none && info.error == why, "backend_of");
    expect(contains(info.reason, in_words), "the reason: " + info.reason);

    net::uring_features const f = net::features();
    expect(!f.available && f.error == why, "features");
    expect(contains(f.reason, in_words), "the reason of features: " + f.reason);

    // Asio's own objects run all the same.
    boost::asio::ip::tcp::acceptor acceptor(c, loopback());
    boost::asio::ip::tcp::socket client(c);
    net::steady_timer timer(c, 1ms);
    int done = 0;
    client.async_connect(acceptor.local_endpoint(), [&](error_code e) { done += !e; });
    acceptor.async_accept([&](error_code e, boost::asio::ip::tcp::socket)
                          { done += !e; });
    timer.async_wait([&](error_code e) { done += !e; });
    c.run_for(20s);
    expect(done == 3, "stock objects");
}

} // namespace

BOOST_AUTO_TEST_CASE(a_seccomp_profile_that_refuses)
{
    in_child(
        [](expectations& expect)
        {
            forbid_io_uring(EPERM);
            check_unavailable(expect, net::errc::blocked_by_policy,
                              "blocked, probably by a seccomp profile");
        });
}

BOOST_AUTO_TEST_CASE(a_kernel_without_io_uring)
{
    in_child(
        [](expectations& expect)
        {
            forbid_io_uring(ENOSYS);
            check_unavailable(expect, net::errc::kernel_too_old, "Linux 5.11");
        });
}

// The sysctl itself belongs to the whole machine: the child sees another file in its
// place, and the kernel's refusal comes from the filter.
BOOST_AUTO_TEST_CASE(the_sysctl_is_named)
{
    temporary_file value("2\n");
    bool const may = ::geteuid() == 0;
    URIO_REQUIRE_OR_SKIP(may, "only root may mount");
    in_child(
        [&](expectations& expect)
        {
            if (::unshare(CLONE_NEWNS) != 0 ||
                ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
                ::mount(value.path().c_str(), "/proc/sys/kernel/io_uring_disabled",
                        nullptr, MS_BIND, nullptr) != 0)
                throw std::system_error(errno, std::system_category(), "mount");
            forbid_io_uring(EPERM);
            check_unavailable(
                expect, net::errc::disabled_by_sysctl,
                "io_uring is disabled by the sysctl kernel.io_uring_disabled");
        });
}

// Memory and descriptors may be there again the next time. (UBSan needs a pipe to look at
// an exception's type.)
#if !defined(__SANITIZE_ADDRESS__)
BOOST_AUTO_TEST_CASE(a_temporary_lack_is_not_remembered)
{
    in_child(
        [](expectations& expect)
        {
            net::io_context c;
            std::string text;
            int const low = ::dup(0);
            ::rlimit before{};
            ::getrlimit(RLIMIT_NOFILE, &before);
            ::rlimit none = before;
            none.rlim_cur = static_cast<::rlim_t>(low);
            ::close(low);
            ::setrlimit(RLIMIT_NOFILE, &none);
            error_code const ec = error_of([&] { tcp::socket s(c); }, text);
            expect(ec == net::error::no_descriptors, "no descriptors: " + ec.message());
            ::setrlimit(RLIMIT_NOFILE, &before);
            tcp::socket s(c);
            expect(net::backend_of(c).kind == net::backend::uring, "the second time");
        });
}
#endif

// Where urio's loop sits, and what install() says.
BOOST_AUTO_TEST_CASE(a_stock_context)
{
    error_code const too_late = net::errc::reactor_already_running;
    error_code const twice = net::errc::already_installed;
    net::uring_options options;
    options.threads = net::thread_mode::exclusive;
    std::string text;
    {
        // In time.
        boost::asio::io_context c;
        net::install(c, options);
        net::install(c);
        BOOST_CHECK_EQUAL(error_of([&] { net::install(c, options); }, text), twice);
        BOOST_CHECK(contains(text, "already has urio's loop"));
        tcp::socket s(c);
        BOOST_CHECK(net::backend_of(c).loop == net::loop_kind::native);
        BOOST_CHECK(net::backend_of(c).threads == net::thread_mode::exclusive);
    }
    {
        // By the first object.
        boost::asio::io_context c;
        tcp::socket s(c);
        BOOST_CHECK(net::backend_of(c).loop == net::loop_kind::native);
        BOOST_CHECK(net::backend_of(c).threads == net::thread_mode::shared);
    }
    boost::asio::io_context c;
    boost::asio::ip::tcp::socket stock(c);
    BOOST_CHECK_EQUAL(error_of([&] { net::install(c); }, text), too_late);
    BOOST_CHECK(contains(text, "use urio::io_context"));
    BOOST_CHECK_EQUAL(error_of([&] { net::install(c, options); }, text), too_late);
    tcp::socket s(c);
    BOOST_CHECK(net::backend_of(c).kind == net::backend::uring);
    BOOST_CHECK(net::backend_of(c).loop == net::loop_kind::hosted);
}

// URIO_LOG=1 has the decision printed, once for each context that uses urio.
BOOST_AUTO_TEST_CASE(the_log)
{
    temporary_file log;
    in_child(
        [&](expectations&)
        {
            ::setenv("URIO_LOG", "1", 1);
            ::dup2(::open(log.path().c_str(), O_WRONLY | O_CLOEXEC), STDERR_FILENO);
            {
                net::io_context c;
                tcp::socket a(c), b(c);
            }
            forbid_io_uring(EPERM);
            net::io_context c;
            std::string text;
            error_of([&] { tcp::socket s(c); }, text);
            error_of([&] { tcp::socket s(c); }, text);
        });
    std::string const text = log.content();
    BOOST_TEST_INFO(text);
    BOOST_CHECK_EQUAL(std::count(text.begin(), text.end(), '\n'), 2);
    BOOST_CHECK(contains(text, "io_uring"));
    BOOST_CHECK(contains(text, "seccomp"));
}

// The last test: features() remembers the answer, and the children inherit it.
BOOST_AUTO_TEST_CASE(where_it_is_available)
{
    net::uring_features const f = net::features();
    BOOST_TEST_REQUIRE(f.available);
    BOOST_CHECK(!f.error);
    BOOST_CHECK(f.supports(IORING_OP_READV));
    BOOST_CHECK(!f.supports(255));
    BOOST_CHECK(!f.supports(100'000));

    net::io_context c;
    net::backend_info const info = net::backend_of(c);
    BOOST_CHECK(info.kind == net::backend::uring);
    BOOST_CHECK(info.threads == net::thread_mode::shared);
    BOOST_CHECK_EQUAL(std::string(net::to_string(info.kind)), "io_uring");
    BOOST_CHECK_EQUAL(std::string(net::to_string(net::backend::none)), "none");
}
