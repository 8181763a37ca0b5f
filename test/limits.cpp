// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How large a ring can be, what a user may have of them, and a kernel that lets nobody in
// any more.

#include "child.hpp"
#include "detail/uring/availability.hpp"
#include "faults.hpp"
#include "file.hpp"
#include "pair.hpp"
#include "sandbox.hpp"
#include "test.hpp"
#include "work.hpp"

#include <boost/test/data/monomorphic.hpp>

#include <deque>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

net::uring_options sized(unsigned entries, unsigned completions = 0)
{
    net::uring_options options;
    options.entries = entries;
    options.cq_entries = completions;
    return options;
}

/// Makes this process one of a user who has no others and no privileges, and who does not
/// insist on io_uring.
void become_somebody()
{
    if (on_uring())
        ::unsetenv("URIO_BACKEND");
    constexpr ::uid_t somebody = 54322;
    if (::geteuid() == 0 && (::setresgid(somebody, somebody, somebody) != 0 ||
                             ::setresuid(somebody, somebody, somebody) != 0))
        throw std::runtime_error("setresuid");
}

void limit_memory(::rlim_t most)
{
    ::rlimit const limit{most, most};
    if (::setrlimit(RLIMIT_MEMLOCK, &limit) != 0)
        throw std::runtime_error("setrlimit");
}

bool names_the_limit(const net::backend_info& info)
{
    return info.reason.find("RLIMIT_MEMLOCK") != info.reason.npos;
}

/// A context that a connection has been made on.
struct used_context
{
    explicit used_context(const net::uring_options& options = {}) : context(options)
    {
        work(context);
    }
    net::backend_info info() { return net::backend_of(context); }

    net::io_context context;
};

} // namespace

BOOST_AUTO_TEST_CASE(the_largest_rings)
{
    for (auto const& options : {sized(32768), sized(32768, 65536), sized(20000)})
    {
        used_context large(options);
        BOOST_CHECK(large.info().kind == expected_backend());
        if (on_uring())
            BOOST_CHECK_EQUAL(large.info().entries, 32768u);
        used_context usual;
        BOOST_CHECK(usual.info().kind == expected_backend());
        if (on_uring())
            BOOST_CHECK_EQUAL(usual.info().entries, 256u);
    }
}

// A kernel that knows smaller rings only: it is told, and the next context has its own.
BOOST_AUTO_TEST_CASE(what_options_have_caused_is_theirs_alone)
{
    URIO_ON_URING_ONLY();
    faults* self = nullptr;
    faults f({}, [&](unsigned entries, ::io_uring* r, ::io_uring_params* p)
             { return entries > 512 ? -EINVAL : self->setup(entries, r, p); });
    self = &f;
    for (auto const backend :
         {net::backend_choice::automatic, net::backend_choice::uring})
    {
        auto options = sized(1024);
        options.backend = backend;
        net::io_context refused(options);
        BOOST_CHECK_EXCEPTION(tcp::socket{refused}, boost::system::system_error,
                              [](auto& e)
                              {
                                  std::string const what = e.what();
                                  return e.code() == net::error::invalid_argument &&
                                         what.find("1024 entries and 4096 completions") !=
                                             what.npos;
                              });
        BOOST_CHECK(net::backend_of(refused).kind == net::backend::none);
        BOOST_CHECK(used_context().info().kind == net::backend::uring);
    }
}

// The kernel says ENOMEM, and means the limit.
BOOST_AUTO_TEST_CASE(the_usual_size_may_shrink)
{
    URIO_ON_URING_ONLY();
    for (unsigned const room : {128u, 64u, 32u, 16u})
        in_child(
            [&](expectations& expect)
            {
                become_somebody();
                limit_memory(1 << 20);
                faults* self = nullptr;
                faults f(
                    {}, [&](unsigned entries, ::io_uring* r, ::io_uring_params* p)
                    { return entries > room ? -ENOMEM : self->setup(entries, r, p); });
                self = &f;
                net::backend_info const usual = used_context().info();
                expect(names_the_limit(usual), usual.reason);
                if (room >= 32)
                    expect(usual.kind == net::backend::uring && !usual.error &&
                               usual.entries == room,
                           "shorter");
                else
                    expect(usual.kind == net::backend::epoll &&
                               usual.error == net::errc::memory_limit,
                           "the reactor");

                // What was asked for is kept or refused.
                for (auto const& options : {sized(256), sized(0, 1024)})
                {
                    net::backend_info const asked = used_context(options).info();
                    expect(asked.kind == net::backend::epoll &&
                               asked.error == net::errc::memory_limit &&
                               names_the_limit(asked),
                           asked.reason);
                }
                auto strict = sized(256);
                strict.backend = net::backend_choice::uring;
                net::io_context c(strict);
                try
                {
                    tcp::socket s(c);
                    expect(false, "no ring of this size");
                }
                catch (const boost::system::system_error& e)
                {
                    expect(e.code() == net::errc::memory_limit &&
                               e.code() == boost::system::errc::not_enough_memory,
                           e.what());
                }
            });
}

// It passes: neither contexts nor features() remember it.
BOOST_AUTO_TEST_CASE(the_limit_is_not_remembered)
{
    URIO_ON_URING_ONLY();
    in_child(
        [&](expectations& expect)
        {
            become_somebody();
            limit_memory(1 << 20);
            {
                faults f({}, [&](auto...) { return -ENOMEM; });
                expect(used_context().info().error == net::errc::memory_limit,
                       "at first");
                expect(net::features().error == net::errc::memory_limit, "features");
            }
            net::backend_info const info = used_context().info();
            expect(info.kind == net::backend::uring && info.entries == 256, info.reason);
            expect(net::features().available, "features afterwards");
        });
}

// Whoever may lock any amount of memory lacks memory in earnest.
BOOST_AUTO_TEST_CASE(who_has_no_limit)
{
    URIO_ON_URING_ONLY();
    bool const has_limit = urio::detail::is_memory_limit(ENOMEM);
    URIO_REQUIRE_OR_SKIP(!has_limit, "RLIMIT_MEMLOCK holds for this process");
    faults f({}, [&](auto...) { return -ENOMEM; });
    net::io_context c;
    BOOST_CHECK_EXCEPTION(tcp::socket{c}, boost::system::system_error,
                          [](auto& e) { return e.code() == net::error::no_memory; });
}

// As many contexts as anybody wants, whatever the kernel's own counting allows.
BOOST_AUTO_TEST_CASE(many_contexts_under_the_limit)
{
    in_child(
        [&](expectations& expect)
        {
            become_somebody();
            limit_memory(64 << 10);
            std::deque<used_context> all;
            std::size_t usual = 0, shorter = 0, without = 0;
            for (int i = 0; i != 40; ++i)
            {
                net::backend_info const info = all.emplace_back().info();
                if (!on_uring())
                    expect(info.kind == expected_backend(), info.reason);
                else if (info.kind != net::backend::uring)
                    ++without;
                else
                    ++(info.entries == 256 ? usual : shorter);
                bool const all_is_usual = info.kind == expected_backend() &&
                                          (!on_uring() || info.entries == 256);
                expect(all_is_usual || names_the_limit(info), info.reason);
            }
            if (!on_uring())
                return;
            // A kernel that counts has room for one of the usual, and for few others.
            expect(usual == 40 || (usual == 1 && shorter != 0 && without != 0),
                   std::to_string(usual) + " usual, " + std::to_string(shorter) +
                       " shorter, " + std::to_string(without) + " without");
            all.clear();
            // The kernel gives the memory back after a while.
            while (used_context().info().entries != 256)
                ::poll(nullptr, 0, 1);
        });
}

namespace
{

/// Makes the kernel refuse what this backend's loop asks of it, for good.
enum class refusal
{
    eperm,
    eacces,
    enosys,
    eperm_of_all, ///< also of what is left of io_uring
    no_descriptors,
};

std::ostream& operator<<(std::ostream& out, refusal r)
{
    return out << static_cast<int>(r);
}

int refuse(refusal how)
{
    if (how == refusal::no_descriptors)
    {
        for (int fd = STDERR_FILENO + 1; fd != 1000; ++fd)
            ::close(fd);
        return EBADF;
    }
    int const error = how == refusal::eacces   ? EACCES
                      : how == refusal::enosys ? ENOSYS
                                               : EPERM;
    refuse_system_calls({__NR_io_uring_enter,
#if defined(__NR_epoll_wait)
                         __NR_epoll_wait, __NR_poll,
#endif
                         __NR_epoll_pwait, __NR_epoll_pwait2, __NR_ppoll},
                        error);
    if (how == refusal::eperm_of_all)
        refuse_system_calls({__NR_io_uring_register, __NR_io_uring_setup}, error);
    return error;
}

const auto every_refusal =
    boost::unit_test::data::make({refusal::eperm, refusal::eacces, refusal::enosys,
                                  refusal::eperm_of_all, refusal::no_descriptors});

} // namespace

// A program that shuts itself in after the set-up: run() says so, all ends, and what the
// kernel has is left alone.
BOOST_DATA_TEST_CASE(nobody_is_let_in, every_mode* every_refusal, m, how)
{
    if (how == refusal::no_descriptors)
        URIO_ON_URING_ONLY();
    temporary_file const content(pattern(100'000));
    in_child(
        [&](expectations& expect)
        {
            ::alarm(300);
            std::string outside(64, '-');
            int calls = 0, peer, copy;
            {
                mode_context c(m);
                raw_pair p(c), q(c);
                net::random_access_file file(c, content.path(),
                                             net::file_base::read_only);
                auto const inside = std::make_shared<std::string>(100'000, '-');
                auto const handler = [&calls, inside](error_code, std::size_t)
                { ++calls; };
                p.socket.async_receive(net::buffer(outside), handler);
                q.socket.async_receive(net::buffer(*inside), handler);
                c.poll();
                file.async_read_some_at(0, net::buffer(*inside), handler);
                q.socket.async_send(net::buffer(outside), handler);
                peer = std::exchange(p.peer, -1);
                copy = ::dup(p.socket.native_handle());

                int const error = refuse(how);
                int thrown = 0;
                for (int i = 0; i != 2; ++i)
                    try
                    {
                        c.restart();
                        c.run();
                    }
                    catch (const boost::system::system_error& e)
                    {
                        ++thrown;
                        expect(e.code().value() == error, e.what());
                    }
                expect(thrown == 2, "run() tells");
                error_code ec;
                q.socket.async_send(net::buffer(outside), handler);
                (void)q.socket.release(ec);
                expect(on_uring() ? ec.value() == error : !ec,
                       "release: " + ec.message());
                calls = 0;
            }
            expect(calls == 0, "no handler is invoked");
            if (how == refusal::no_descriptors)
                return;
            // The kernel has let go of the socket, and of the buffer.
            expect(::send(peer, "late", 4, MSG_NOSIGNAL) == 4, "send");
            char got[5] = {};
            expect(::recv(copy, got, 4, 0) == 4 && std::string(got) == "late",
                   "nobody else receives");
            expect(outside == std::string(64, '-'), "the buffer is as it was");
        });
}
