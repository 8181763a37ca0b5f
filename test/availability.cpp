// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Where io_uring is missing or forbidden: what takes its place, and who tells.

#include "child.hpp"
#include "file.hpp"
#include "sandbox.hpp"
#include "sanitizers.hpp"
#include "test.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <sys/resource.h>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

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

/// A connection, a byte there and back, and a read of a file.
void use(expectations& expect, net::io_context& c)
{
    temporary_file const content("content");
    tcp::acceptor acceptor(c, loopback());
    tcp::socket a(c), b(c);
    net::random_access_file file(c, content.path(), net::file_base::read_only);
    char there = 0, from_file[7];
    bool done = false;
    net::co_spawn(
        c,
        [&]() -> net::awaitable<void>
        {
            using namespace net::experimental::awaitable_operators;
            co_await (acceptor.async_accept(b, net::use_awaitable) &&
                      a.async_connect(acceptor.local_endpoint(), net::use_awaitable));
            co_await (
                a.async_send(net::buffer("x", 1), net::use_awaitable) &&
                b.async_receive(net::buffer(&there, 1), net::use_awaitable) &&
                net::async_read_at(file, 0, net::buffer(from_file), net::use_awaitable));
            done = true;
        },
        net::detached);
    c.run_for(patience);
    expect(done && there == 'x' && std::string(from_file, 7) == "content",
           "operations complete");
}

net::uring_options ask_for(net::backend_choice choice)
{
    net::uring_options options;
    options.backend = choice;
    return options;
}

/// What must hold where urio cannot have a ring.
void check_unavailable(expectations& expect, net::errc why, const std::string& in_words)
{
    // The reactor takes over, and says why.
    net::io_context c;
    tcp::socket s(c);
    net::backend_info const info = net::backend_of(c);
    expect(info.kind == net::backend::epoll && info.error == why, "backend_of");
    expect(contains(info.reason, in_words), "the reason: " + info.reason);
    use(expect, c);

    net::uring_features const f = net::features();
    expect(!f.available && f.error == why, "features");
    expect(contains(f.reason, in_words), "the reason of features: " + f.reason);

    // Who wants io_uring and nothing else is told.
    net::io_context strict(ask_for(net::backend_choice::uring));
    std::string text;
    error_code ec = error_of([&] { tcp::socket socket(strict); }, text);
    expect(ec == why, "a socket: " + ec.message());
    expect(contains(text, in_words), "the text of the exception: " + text);
    ec = error_of([&] { net::random_access_file file(strict); }, text);
    expect(ec == why, "a file: " + ec.message());
    net::backend_info const none = net::backend_of(strict);
    expect(none.kind == net::backend::none && none.error == why, "no backend");

    // Asio's own objects run there all the same.
    net::steady_timer timer(strict, 1ms);
    bool fired = false;
    timer.async_wait([&](error_code e) { fired = !e; });
    strict.run_for(patience);
    expect(fired, "stock objects");
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
    bool const has_sysctl = ::access("/proc/sys/kernel/io_uring_disabled", F_OK) == 0;
    URIO_REQUIRE_OR_SKIP(has_sysctl, "the kernel has no such sysctl (Linux 6.6)");
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
#if !defined(URIO_TEST_ADDRESS_SANITIZER)
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

// The options and the environment choose, and no_probe does not even ask.
BOOST_AUTO_TEST_CASE(the_choice)
{
    using net::backend;
    using net::backend_choice;
    struct
    {
        const char* environment;
        backend_choice options;
        backend expected;
    } const cases[] = {
        {"auto", backend_choice::automatic, backend::uring},
        {"", backend_choice::automatic, backend::uring},
        {"uring", backend_choice::automatic, backend::uring},
        {"epoll", backend_choice::automatic, backend::epoll},
        {"poll", backend_choice::automatic, backend::poll},
        {"no_probe", backend_choice::automatic, backend::epoll},
        {"poll", backend_choice::uring, backend::uring},
        {"poll", backend_choice::epoll, backend::epoll},
        {"uring", backend_choice::poll, backend::poll},
        {"uring", backend_choice::no_probe, backend::epoll},
    };
    for (auto const& wanted : cases)
        in_child(
            [&](expectations& expect)
            {
                ::setenv("URIO_BACKEND", wanted.environment, 1);
                if (wanted.expected != backend::uring)
                    punish_io_uring();
                net::io_context c(ask_for(wanted.options));
                net::backend_info const info = net::backend_of(c);
                expect(info.kind == wanted.expected,
                       std::string(wanted.environment) + ": " + to_string(info.kind));
                expect(!info.error && !info.reason.empty(), "the reason");
                expect((info.setup_flags != 0) == (info.kind == backend::uring),
                       "the ring's flags");
                use(expect, c);
            });
}

BOOST_AUTO_TEST_CASE(a_backend_that_there_is_not)
{
    in_child(
        [](expectations& expect)
        {
            net::io_context c(ask_for(net::backend_choice::kqueue));
            std::string text;
            error_code const ec = error_of([&] { tcp::socket s(c); }, text);
            expect(ec == boost::system::errc::operation_not_supported, ec.message());
            expect(contains(text, "this system has no kqueue"), text);
        });
    in_child(
        [](expectations& expect)
        {
            ::setenv("URIO_BACKEND", "iouring", 1);
            net::io_context c;
            try
            {
                tcp::socket s(c);
                expect(false, "an unknown backend");
            }
            catch (const std::invalid_argument& e)
            {
                expect(contains(e.what(), "URIO_BACKEND is \"iouring\""), e.what());
            }
        });
    net::uring_options options = ask_for(net::backend_choice::epoll);
    for (unsigned const threads : {0u, 1025u})
    {
        options.file_threads = threads;
        net::io_context c(options);
        BOOST_CHECK_THROW(tcp::socket{c}, std::invalid_argument);
    }
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
            tcp::socket d(c), e(c);
        });
    std::string const text = log.content();
    BOOST_TEST_INFO(text);
    BOOST_CHECK_EQUAL(std::count(text.begin(), text.end(), '\n'), 2);
    BOOST_CHECK(contains(text, "urio: backend: io_uring: io_uring is available"));
    BOOST_CHECK(contains(text, "urio: backend: epoll: "));
    BOOST_CHECK(contains(text, "io_uring is blocked, probably by a seccomp profile"));
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
