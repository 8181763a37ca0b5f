// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What needs a thread, where there is none to be had, or one that begins at the worst
// moment, or one that finds no memory.

#include "child.hpp"
#include "file.hpp"
#include "test.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <new>
#include <pthread.h>
#include <sched.h>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace
{

// Which of the coming creations of threads is to fail; 0 for none.
std::atomic<int> creation_to_refuse{0};
// Whether the main thread lets the others run until they sleep whenever it has unlocked a
// mutex.
std::atomic<bool> yields_after_unlock{false};
// Which of the coming allocations of other threads is to fail; 0 for none.
std::atomic<int> allocation_to_refuse{0};

bool is_main_thread()
{
    return ::getpid() == static_cast<::pid_t>(::syscall(SYS_gettid));
}

// Without the standard library, whose locks would lead here again.
bool sleeps(const char* thread)
{
    char path[64] = "/proc/self/task/";
    std::strcat(path, thread);
    std::strcat(path, "/stat");
    int const fd = ::open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return true; // it has ended
    char text[512];
    ::ssize_t const n = ::read(fd, text, sizeof(text) - 1);
    ::close(fd);
    text[n < 0 ? 0 : n] = 0;
    const char* const name_end = std::strrchr(text, ')');
    return !name_end || name_end[2] == 'S';
}

void let_the_others_run_until_they_sleep()
{
    auto const myself = static_cast<long>(::syscall(SYS_gettid));
    for (bool all = false; !all; ::sched_yield())
    {
        all = true;
        ::DIR* const tasks = ::opendir("/proc/self/task");
        while (::dirent const* const entry = ::readdir(tasks))
            if (long const id = std::strtol(entry->d_name, nullptr, 10);
                id != 0 && id != myself)
                all = all && sleeps(entry->d_name);
        ::closedir(tasks);
    }
}

template <class Function>
Function* next(const char* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" int pthread_create(::pthread_t* thread, const ::pthread_attr_t* attributes,
                              void* (*start)(void*), void* argument)
{
    static auto* const real = next<decltype(pthread_create)>("pthread_create");
    if (creation_to_refuse != 0 && --creation_to_refuse == 0)
        return EAGAIN;
    return real(thread, attributes, start, argument);
}

extern "C" int pthread_mutex_unlock(::pthread_mutex_t* mutex)
{
    static auto* const real =
        next<decltype(pthread_mutex_unlock)>("pthread_mutex_unlock");
    int const result = real(mutex);
    if (yields_after_unlock && is_main_thread() && yields_after_unlock.exchange(false))
    {
        let_the_others_run_until_they_sleep();
        yields_after_unlock = true;
    }
    return result;
}

[[gnu::noinline]] void* operator new(std::size_t size)
{
    if (allocation_to_refuse != 0 && !is_main_thread() && --allocation_to_refuse == 0)
        throw std::bad_alloc();
    if (void* const p = std::malloc(size))
        return p;
    throw std::bad_alloc();
}

[[gnu::noinline]] void operator delete(void* p) noexcept
{
    std::free(p);
}

[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept
{
    std::free(p);
}

namespace
{

using namespace test;
namespace net = urio;
namespace fs = urio::fs;

// A time at which something has ended long ago, or never will.
constexpr auto long_enough = 60s;

/// Runs what `start` is given a handler for, and returns the error that it ends with.
template <class Start>
error_code result_of(boost::asio::io_context& c, Start start)
{
    error_code result = net::error::operation_not_supported;
    int calls = 0;
    start(
        [&](error_code ec, auto&&...)
        {
            result = ec;
            ++calls;
        });
    c.restart();
    c.run_for(long_enough);
    if (calls != 1)
        throw std::runtime_error("the handler was called " + std::to_string(calls) +
                                 " times");
    return result;
}

error_code list(boost::asio::io_context& c, const std::string& path)
{
    return result_of(c, [&](auto handler)
                     { fs::async_list_directory(c, path, std::move(handler)); });
}

/// Makes this process one of a user who has no others and no privileges.
void become_somebody()
{
    constexpr ::uid_t somebody = 54321;
    if (::geteuid() == 0 && (::setresgid(somebody, somebody, somebody) != 0 ||
                             ::setresuid(somebody, somebody, somebody) != 0))
        throw std::runtime_error("setresuid");
}

void limit_processes(::rlim_t most)
{
    ::rlimit limit{};
    ::getrlimit(RLIMIT_NPROC, &limit);
    limit.rlim_cur = std::min(most, limit.rlim_max);
    if (::setrlimit(RLIMIT_NPROC, &limit) != 0)
        throw std::runtime_error("setrlimit");
}

} // namespace

// The pool makes do with those that it gets; what finds none at all ends with an error,
// and the next operation asks again.
BOOST_DATA_TEST_CASE(one_that_is_refused, every_mode, m)
{
    temporary_directory const d;
    for (int which = 1; which != 6; ++which)
        in_child(
            [&](expectations& expect)
            {
                mode_context c(m);
                creation_to_refuse = which;
                error_code const first = list(c, d.path());
                expect(first == (which == 1 ? error_code(net::errc::no_threads)
                                            : error_code()),
                       std::to_string(which) + ": " + first.message());
                for (int i = 0; i != 3; ++i)
                    expect(!list(c, d.path()), "the next time");
            });
}

// In a process with one thread the engine does without its lock; a thread that begins
// then must not find it inside. Here, it is always the new thread's turn.
BOOST_DATA_TEST_CASE(one_that_begins_at_once, every_mode, m)
{
    temporary_directory const d;
    for (int which = 0; which != 3; ++which)
        in_child(
            [&](expectations& expect)
            {
                mode_context c(m);
                creation_to_refuse = which;
                yields_after_unlock = true;
                (void)list(c, d.path());
                for (int i = 0; i != 3; ++i)
                    expect(!list(c, d.path()), "the next time");
                yields_after_unlock = false;
            });
}

// The kernel's own workers are refused as well.
BOOST_DATA_TEST_CASE(none_at_all, every_mode, m)
{
    temporary_directory const d;
    ::chmod(d.path().c_str(), 0777);
    in_child(
        [&](expectations& expect)
        {
            mode_context c(m);
            net::ip::tcp::socket brings_the_engine(c);
            become_somebody();
            limit_processes(0);
            std::string const path = d.path(), name = path + "/name";
            error_code const listed = list(c, path);
            expect(listed == net::errc::no_threads, "list: " + listed.message());
            expect(listed == boost::system::errc::resource_unavailable_try_again,
                   "the condition");
            error_code const status = result_of(
                c, [&](auto handler) { fs::async_stat(c, path, std::move(handler)); });
            expect(status == net::errc::no_threads, "stat: " + status.message());
            error_code const made = result_of(
                c, [&](auto handler) { fs::async_mkdir(c, name, std::move(handler)); });
            expect(made == net::errc::no_threads, "mkdir: " + made.message());
            expect(::access(name.c_str(), F_OK) != 0, "nothing has happened");

            limit_processes(RLIM_INFINITY);
            expect(!result_of(c, [&](auto handler)
                              { fs::async_mkdir(c, name, std::move(handler)); }),
                   "mkdir when there are threads again");
            expect(!list(c, path), "list when there are threads again");
            expect(::access(name.c_str(), F_OK) == 0, "it has happened");
        });
}

// Files that are written and closed without a thread: no descriptor is lost, nothing is
// done twice.
BOOST_DATA_TEST_CASE(a_file_without_a_thread, every_mode, m)
{
    temporary_directory const d;
    ::chmod(d.path().c_str(), 0777);
    in_child(
        [&](expectations& expect)
        {
            mode_context c(m);
            become_somebody();
            std::string const name = d.path() / "file";
            net::stream_file file(c, name,
                                  net::file_base::write_only | net::file_base::create);
            int const fd = file.native_handle();
            limit_processes(0);
            std::string const text = "text";
            std::size_t written = 0;
            error_code const ec =
                result_of(c,
                          [&](auto handler)
                          {
                              net::async_write(file, net::buffer(text),
                                               [&, handler](error_code e, std::size_t n)
                                               {
                                                   written = n;
                                                   handler(e);
                                               });
                          });
            expect(ec ? ec == net::errc::no_threads && written == 0
                      : written == text.size(),
                   "write: " + ec.message());
            error_code const synced = result_of(
                c, [&](auto handler) { file.async_sync_all(std::move(handler)); });
            expect(!synced || synced == net::errc::no_threads,
                   "sync: " + synced.message());
            error_code const closed =
                result_of(c, [&](auto handler) { file.async_close(std::move(handler)); });
            expect(!closed, "close: " + closed.message());
            expect(::fcntl(fd, F_GETFD) < 0, "the descriptor is closed");
        });
}

// Paths are copied and lists are made there: an operation ends with the error.
BOOST_DATA_TEST_CASE(one_that_finds_no_memory, every_mode, m)
{
    temporary_directory const d;
    // Longer than what a string has room for itself.
    std::string const long_name(40, 'x');
    std::string const from = d.path() / ("from-" + long_name),
                      to = d.path() / ("to-" + long_name),
                      link = d.path() / ("link-" + long_name);
    std::ofstream(from) << "content";
    std::filesystem::create_symlink(long_name + long_name, link);
    fs::copy_options options;
    options.temporary = d.path() / ("temporary-" + long_name);
    options.overwrite = true;

    mode_context c(m);
    auto const run_once = [&](int operation)
    {
        return result_of(
            c,
            [&](auto handler)
            {
                switch (operation)
                {
                case 0:
                    return fs::async_list_directory(c, d.path(), std::move(handler));
                case 1:
                    return fs::async_read_symlink(c, link, std::move(handler));
                case 2:
                    return fs::async_copy_file(c, from, to, options, std::move(handler));
                default:
                    fs::async_copy_files(
                        c, {{from, to, options.temporary}}, options,
                        [handler](error_code ec, std::vector<fs::copy_result> files)
                        { handler(ec ? ec : files.at(0).error); });
                }
            });
    };
    for (int operation = 0; operation != 4; ++operation)
    {
        BOOST_TEST_CONTEXT("operation " << operation)
        {
            int failures = 0;
            BOOST_REQUIRE(!run_once(operation)); // the threads are there
            for (int which = 1;; ++which)
            {
                allocation_to_refuse = which;
                error_code const ec = run_once(operation);
                if (allocation_to_refuse.exchange(0) != 0)
                {
                    BOOST_CHECK_EQUAL(ec, error_code());
                    break;
                }
                failures += ec ? 1 : 0;
                BOOST_CHECK(!ec || ec == boost::system::errc::not_enough_memory);
            }
            BOOST_CHECK(failures != 0 || operation == 1);
        }
    }
}
