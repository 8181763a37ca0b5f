// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The ready-made events that are about files, against what the system calls do: by the
// kernel's operation, and by what there is instead of it.

#include "descriptors.hpp"
#include "file.hpp"
#include "submitted.hpp"

#include <array>
#include <atomic>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
namespace event = urio::event;
using net::unique_descriptor;

unique_descriptor open_file(const std::string& path, int flags = O_RDWR | O_CREAT)
{
    unique_descriptor d(::open(path.c_str(), flags | O_CLOEXEC, 0666));
    BOOST_REQUIRE(d.get() >= 0);
    return d;
}

std::string content(int descriptor)
{
    std::string text(100, '\0');
    ::ssize_t const n = ::pread(descriptor, text.data(), text.size(), 0);
    BOOST_REQUIRE(n >= 0);
    text.resize(static_cast<std::size_t>(n));
    return text;
}

struct pipe_pair
{
    pipe_pair()
    {
        int ends[2];
        BOOST_REQUIRE_EQUAL(::pipe2(ends, O_CLOEXEC), 0);
        out = unique_descriptor(ends[0]);
        in = unique_descriptor(ends[1]);
    }

    void put(const std::string& text) const
    {
        BOOST_REQUIRE_EQUAL(::write(in.get(), text.data(), text.size()),
                            static_cast<::ssize_t>(text.size()));
    }

    unique_descriptor out, in;
};

} // namespace

BOOST_AUTO_TEST_CASE(reads_and_writes)
{
    with_and_without(
        IORING_OP_READ,
        [](auto& c)
        {
            temporary_directory const d;
            auto const f = open_file(d.path() / "file");
            BOOST_REQUIRE_EQUAL(::write(f.get(), "0123456789", 10), 10);
            auto const middle =
                submitted(c, event::read(f.get(), std::vector<char>(4), 3));
            BOOST_CHECK(!middle.error);
            BOOST_CHECK_EQUAL(middle.value, 4u);
            BOOST_CHECK(middle.event->buffer == (std::vector<char>{'3', '4', '5', '6'}));
            // Where the descriptor stands: at the end.
            auto const end = submitted(c, event::read(f.get(), std::string(4, ' ')));
            BOOST_CHECK(!end.error);
            BOOST_CHECK_EQUAL(end.value, 0u);
            // Memory that is the user's, and bytes within the event.
            std::array<char, 3> place;
            BOOST_CHECK_EQUAL(
                submitted(c, event::read(f.get(), net::buffer(place), 7)).value, 3u);
            BOOST_CHECK_EQUAL(std::string(place.data(), 3), "789");
            auto const within =
                submitted(c, event::read(f.get(), std::array<char, 2>{}, 1));
            BOOST_CHECK_EQUAL(within.event->buffer[1], '2');
            BOOST_CHECK(submitted(c, event::read(-1, std::string(4, ' '), 0)).error ==
                        net::error::bad_descriptor);
        });
    with_and_without(
        IORING_OP_WRITE,
        [](auto& c)
        {
            temporary_directory const d;
            auto const f = open_file(d.path() / "file");
            auto const first = submitted(c, event::write(f.get(), std::string("abcdef")));
            BOOST_CHECK(!first.error);
            BOOST_CHECK_EQUAL(first.value, 6u);
            BOOST_CHECK_EQUAL(
                submitted(c, event::write(f.get(), net::buffer("XY", 2), 2)).value, 2u);
            BOOST_CHECK_EQUAL(submitted(c, event::write(f.get(), std::string("g"))).value,
                              1u);
            BOOST_CHECK_EQUAL(content(f.get()), "abXYefg");
        });
}

BOOST_AUTO_TEST_CASE(vectored_reads_and_writes)
{
    with_and_without(
        IORING_OP_READV,
        [](auto& c)
        {
            temporary_directory const d;
            auto const f = open_file(d.path() / "file");
            BOOST_REQUIRE_EQUAL(::write(f.get(), "0123456789", 10), 10);
            auto const r = submitted(
                c, event::read_vectored(
                       f.get(),
                       std::vector<std::string>{std::string(2, ' '), std::string(3, ' ')},
                       1));
            BOOST_CHECK_EQUAL(r.value, 5u);
            BOOST_CHECK_EQUAL(r.event->buffer[0] + r.event->buffer[1], "12345");
        });
    with_and_without(IORING_OP_WRITEV,
                     [](auto& c)
                     {
                         temporary_directory const d;
                         auto const f = open_file(d.path() / "file");
                         std::array<net::const_buffer, 2> const two{net::buffer("ab", 2),
                                                                    net::buffer("cd", 2)};
                         BOOST_CHECK_EQUAL(
                             submitted(c, event::write_vectored(f.get(), two, 1)).value,
                             4u);
                         BOOST_CHECK_EQUAL(content(f.get()), std::string("\0abcd", 5));
                     });
}

BOOST_AUTO_TEST_CASE(registered_reads_and_writes)
{
    for (std::uint8_t const opcode : {IORING_OP_READ_FIXED, IORING_OP_WRITE_FIXED})
        with_and_without(
            opcode,
            [](auto& c)
            {
                std::vector<char> memory(8, '-');
                auto const registered = net::register_buffers(c, net::buffer(memory));
                temporary_directory const d;
                auto const f = open_file(d.path() / "file");
                BOOST_REQUIRE_EQUAL(::write(f.get(), "0123456789", 10), 10);
                net::mutable_registered_buffer const part = registered[0] + 2;
                auto const r = submitted(c, event::read_fixed(f.get(), part, 3));
                BOOST_CHECK(!r.error);
                BOOST_CHECK_EQUAL(r.value, 6u);
                BOOST_CHECK_EQUAL(std::string(memory.begin(), memory.end()), "--345678");
                BOOST_CHECK_EQUAL(
                    submitted(c, event::write_fixed(f.get(), registered[0], 0)).value,
                    8u);
                BOOST_CHECK_EQUAL(content(f.get()), "--34567889");
            });
    for (std::uint8_t const opcode :
         {net::detail::opcodes::readv_fixed, net::detail::opcodes::writev_fixed})
        with_and_without(
            opcode,
            [](auto& c)
            {
                std::vector<char> memory(8, '-');
                auto const registered = net::register_buffers(c, net::buffer(memory));
                temporary_directory const d;
                auto const f = open_file(d.path() / "file");
                BOOST_REQUIRE_EQUAL(::write(f.get(), "0123456789", 10), 10);
                std::vector<net::mutable_registered_buffer> const parts{
                    net::buffer(registered[0], 2), registered[0] + 6};
                auto const r =
                    submitted(c, event::read_vectored_fixed(f.get(), parts, 0));
                BOOST_CHECK(!r.error);
                BOOST_CHECK_EQUAL(r.value, 4u);
                BOOST_CHECK_EQUAL(std::string(memory.begin(), memory.end()), "01----23");
                BOOST_CHECK_EQUAL(
                    submitted(c, event::write_vectored_fixed(f.get(), parts, 6)).value,
                    4u);
                BOOST_CHECK_EQUAL(content(f.get()), "0123450123");
            });
}

BOOST_AUTO_TEST_CASE(what_is_about_files)
{
    temporary_directory const d;
    auto const f = open_file(d.path() / "file");
    with_and_without(IORING_OP_FSYNC,
                     [&](auto& c)
                     {
                         BOOST_CHECK(!submitted(c, event::fsync(f.get())).error);
                         BOOST_CHECK(!submitted(c, event::fsync(f.get(), true)).error);
                         BOOST_CHECK(submitted(c, event::fsync(-1)).error ==
                                     net::error::bad_descriptor);
                     });
    with_and_without(IORING_OP_SYNC_FILE_RANGE,
                     [&](auto& c)
                     {
                         BOOST_CHECK(
                             !submitted(c, event::sync_file_range(f.get(), 0, 0,
                                                                  SYNC_FILE_RANGE_WRITE))
                                  .error);
                     });
    with_and_without(IORING_OP_FALLOCATE,
                     [&](auto& c)
                     {
                         BOOST_REQUIRE_EQUAL(::ftruncate(f.get(), 0), 0);
                         BOOST_CHECK(
                             !submitted(c, event::fallocate(f.get(), 0, 10, 90)).error);
                         struct ::stat s;
                         BOOST_REQUIRE_EQUAL(::fstat(f.get(), &s), 0);
                         BOOST_CHECK_EQUAL(s.st_size, 100);
                     });
    with_and_without(
        IORING_OP_FADVISE,
        [&](auto& c)
        {
            BOOST_CHECK(
                !submitted(c, event::fadvise(f.get(), 0, 10, POSIX_FADV_DONTNEED)).error);
            BOOST_CHECK(submitted(c, event::fadvise(f.get(), 0, 10, 99)).error ==
                        net::error::invalid_argument);
        });
    with_and_without(net::detail::opcodes::ftruncate,
                     [&](auto& c)
                     {
                         BOOST_CHECK(!submitted(c, event::ftruncate(f.get(), 7)).error);
                         struct ::stat s;
                         BOOST_REQUIRE_EQUAL(::fstat(f.get(), &s), 0);
                         BOOST_CHECK_EQUAL(s.st_size, 7);
                         BOOST_REQUIRE_EQUAL(::ftruncate(f.get(), 0), 0);
                     });
    with_and_without(
        IORING_OP_MADVISE,
        [&](auto& c)
        {
            std::size_t const n = 4096;
            void* const memory = ::mmap(nullptr, n, PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            BOOST_REQUIRE(memory != MAP_FAILED);
            *static_cast<char*>(memory) = 'x';
            BOOST_CHECK(!submitted(c, event::madvise(memory, n, MADV_DONTNEED)).error);
            BOOST_CHECK_EQUAL(*static_cast<char*>(memory), 0);
            ::munmap(memory, n);
        });
}

BOOST_AUTO_TEST_CASE(opening_and_closing)
{
    descriptor_check check;
    for (std::uint8_t const opcode :
         {IORING_OP_OPENAT, IORING_OP_OPENAT2, IORING_OP_CLOSE})
        with_and_without(
            opcode,
            [](auto& c)
            {
                temporary_directory const d;
                std::string const path = d.path() / "file";
                auto first =
                    submitted(c, event::openat(path, O_RDWR | O_CREAT | O_EXCL, 0600));
                BOOST_CHECK(!first.error);
                BOOST_REQUIRE(first.value.get() >= 0);
                BOOST_CHECK(::fcntl(first.value.get(), F_GETFD) & FD_CLOEXEC);
                BOOST_CHECK(
                    submitted(c, event::openat(path, O_RDWR | O_CREAT | O_EXCL)).error ==
                    boost::system::errc::file_exists);
                auto const second =
                    submitted(c, event::openat2(path, {.flags = O_RDONLY}));
                BOOST_CHECK(!second.error);
                BOOST_CHECK(second.value.get() >= 0);
                BOOST_CHECK(
                    submitted(c, event::openat(std::string("/dev/null\0x", 11))).error ==
                    boost::system::errc::no_such_file_or_directory);
                BOOST_CHECK(
                    submitted(c, event::openat2(path, {.flags = ~std::uint64_t{0}}))
                        .error == net::error::invalid_argument);
                int const number = first.value.release();
                BOOST_CHECK(!submitted(c, event::close(number)).error);
                BOOST_CHECK(::fcntl(number, F_GETFD) < 0);
            });
}

BOOST_AUTO_TEST_CASE(slots)
{
    descriptor_check check;
    temporary_directory const d;
    std::string const path = d.path() / "file";
    {
        auto const f = open_file(path);
        BOOST_REQUIRE_EQUAL(::write(f.get(), "content", 7), 7);
    }
    urio::io_context c;
    (void)submitted(c, event::nop()); // the engine has some of its own
    std::size_t const before = open_descriptors();
    {
        event::file_slot const slot(c), other(c);
        auto const opened = submitted(c, event::openat(path, O_RDONLY, 0, slot));
        BOOST_CHECK(!opened.error);
        BOOST_CHECK_EQUAL(opened.value.get(), -1);
        if (on_uring())
            BOOST_CHECK_EQUAL(open_descriptors(), before);
        BOOST_CHECK_EQUAL(submitted(c, event::read(slot, std::string(9, ' '), 0)).value,
                          7u);
        // Nothing is in the other one.
        BOOST_CHECK(submitted(c, event::read(other, std::string(9, ' '), 0)).error ==
                    net::error::bad_descriptor);
        if (!on_uring() || has_operation(net::detail::opcodes::fixed_fd_install))
        {
            auto const installed = submitted(c, event::fixed_fd_install(slot));
            BOOST_CHECK(!installed.error);
            BOOST_CHECK_EQUAL(content(installed.value.get()), "content");
        }
        BOOST_CHECK(!submitted(c, event::close(slot)).error);
        BOOST_CHECK(submitted(c, event::read(slot, std::string(9, ' '), 0)).error ==
                    net::error::bad_descriptor);
        auto const f = open_file(path);
        BOOST_CHECK_EQUAL(submitted(c, event::files_update(other, f.get())).value, 1);
        BOOST_CHECK_EQUAL(submitted(c, event::read(other, std::string(9, ' '), 0)).value,
                          7u);
    } // and is closed with its slot
    BOOST_CHECK_EQUAL(open_descriptors(), before);
}

BOOST_AUTO_TEST_CASE(paths)
{
    temporary_directory const d;
    std::string const a = d.path() / "a", b = d.path() / "b";
    (void)open_file(a);
    with_and_without(IORING_OP_STATX,
                     [&](auto& c)
                     {
                         auto const s = submitted(c, event::statx(a));
                         BOOST_CHECK(!s.error);
                         BOOST_CHECK(s.value.is_regular_file());
                         auto const f = open_file(a);
                         BOOST_CHECK(
                             submitted(c, event::statx(f.get())).value.is_regular_file());
                         BOOST_CHECK(submitted(c, event::statx(b)).error ==
                                     boost::system::errc::no_such_file_or_directory);
                     });
    with_and_without(
        IORING_OP_RENAMEAT,
        [&](auto& c)
        {
            BOOST_CHECK(!submitted(c, event::renameat(a, b)).error);
            BOOST_CHECK(::access(a.c_str(), F_OK) != 0);
            BOOST_CHECK(!submitted(c, event::renameat(b, a, RENAME_NOREPLACE)).error);
            BOOST_CHECK(::access(a.c_str(), F_OK) == 0);
        });
    with_and_without(IORING_OP_LINKAT,
                     [&](auto& c)
                     {
                         BOOST_CHECK(!submitted(c, event::linkat(a, b)).error);
                         BOOST_CHECK(submitted(c, event::linkat(a, b)).error ==
                                     boost::system::errc::file_exists);
                         BOOST_CHECK_EQUAL(::unlink(b.c_str()), 0);
                     });
    with_and_without(IORING_OP_SYMLINKAT,
                     [&](auto& c)
                     {
                         BOOST_CHECK(!submitted(c, event::symlinkat("where", b)).error);
                         char target[10] = {};
                         BOOST_CHECK_EQUAL(::readlink(b.c_str(), target, 10), 5);
                         BOOST_CHECK_EQUAL(std::string(target), "where");
                         BOOST_CHECK_EQUAL(::unlink(b.c_str()), 0);
                     });
    with_and_without(IORING_OP_MKDIRAT,
                     [&](auto& c)
                     {
                         BOOST_CHECK(!submitted(c, event::mkdirat(b, 0700)).error);
                         BOOST_CHECK_EQUAL(::rmdir(b.c_str()), 0);
                     });
    with_and_without(IORING_OP_UNLINKAT,
                     [&](auto& c)
                     {
                         BOOST_REQUIRE_EQUAL(::mkdir(b.c_str(), 0700), 0);
                         BOOST_CHECK(submitted(c, event::unlinkat(b)).error ==
                                     boost::system::errc::is_a_directory);
                         BOOST_CHECK(
                             !submitted(c, event::unlinkat(b, AT_REMOVEDIR)).error);
                         BOOST_CHECK(::access(b.c_str(), F_OK) != 0);
                     });
}

BOOST_AUTO_TEST_CASE(attributes)
{
    temporary_directory const d;
    std::string const path = d.path() / "file";
    auto const f = open_file(path);
    URIO_REQUIRE_OR_SKIP(::setxattr(path.c_str(), "user.a", "1", 1, 0) == 0,
                         "the file system has no extended attributes");
    for (std::uint8_t const opcode : {IORING_OP_SETXATTR, IORING_OP_FSETXATTR,
                                      IORING_OP_GETXATTR, IORING_OP_FGETXATTR})
        with_and_without(
            opcode,
            [&](auto& c)
            {
                BOOST_CHECK(!submitted(c, event::setxattr(path, "user.a", "one")).error);
                BOOST_CHECK(
                    !submitted(c, event::fsetxattr(f.get(), "user.b", "two")).error);
                auto const one = submitted(c, event::getxattr(path, "user.a", 10));
                BOOST_CHECK_EQUAL(one.value, 3);
                BOOST_CHECK_EQUAL(one.event->buffer.substr(0, 3), "one");
                auto const two = submitted(c, event::fgetxattr(f.get(), "user.b", 10));
                BOOST_CHECK_EQUAL(two.event->buffer.substr(0, 3), "two");
                BOOST_CHECK(submitted(c, event::getxattr(path, "user.a", 1)).error ==
                            boost::system::errc::result_out_of_range);
            });
}

BOOST_AUTO_TEST_CASE(pipes)
{
    descriptor_check check;
    with_and_without(net::detail::opcodes::pipe,
                     [](auto& c)
                     {
                         auto const p = submitted(c, event::pipe());
                         BOOST_CHECK(!p.error);
                         BOOST_CHECK_EQUAL(::write(p.value.write.get(), "x", 1), 1);
                         char x = 0;
                         BOOST_CHECK_EQUAL(::read(p.value.read.get(), &x, 1), 1);
                         BOOST_CHECK(::fcntl(p.value.read.get(), F_GETFD) & FD_CLOEXEC);
                     });
    with_and_without(
        IORING_OP_SPLICE,
        [](auto& c)
        {
            temporary_directory const d;
            auto const f = open_file(d.path() / "file");
            pipe_pair const p;
            p.put("through the pipe");
            auto const s = submitted(
                c, event::splice(p.out.get(), f.get(), 7, 0, event::current_position, 2));
            BOOST_CHECK(!s.error);
            BOOST_CHECK_EQUAL(s.value, 7u);
            BOOST_CHECK_EQUAL(content(f.get()), std::string("\0\0through", 9));
        });
    with_and_without(IORING_OP_TEE,
                     [](auto& c)
                     {
                         pipe_pair const p, q;
                         p.put("text");
                         BOOST_CHECK_EQUAL(
                             submitted(c, event::tee(p.out.get(), q.in.get(), 100)).value,
                             4u);
                         std::string copy(4, ' ');
                         BOOST_CHECK_EQUAL(::read(q.out.get(), copy.data(), 4), 4);
                         BOOST_CHECK_EQUAL(copy, "text");
                     });
}

// What can be waited for is waited for, whatever mode its descriptor is in.
BOOST_AUTO_TEST_CASE(reads_and_writes_that_wait)
{
    for (int const mode : {0, O_NONBLOCK})
        for (std::uint8_t const opcode : {IORING_OP_READ, IORING_OP_WRITE})
            with_and_without(
                opcode,
                [&](auto& c)
                {
                    pipe_pair const p;
                    ::fcntl(p.out.get(), F_SETFL, mode);
                    ::fcntl(p.in.get(), F_SETFL, mode);
                    outcome<event::read<std::string>> r;
                    submit(c, event::read(p.out.get(), std::string(10, ' ')), r);
                    settle(c);
                    BOOST_CHECK(!r.event);
                    p.put("late");
                    run(c);
                    BOOST_CHECK_EQUAL(r.value, 4u);

                    // More than a pipe holds: as much as it takes, and then the rest.
                    std::string const large(1 << 20, 'w');
                    std::atomic<std::size_t> got{0};
                    std::thread reader(
                        [&]
                        {
                            std::string place(1 << 15, ' ');
                            ::pollfd ready{p.out.get(), POLLIN, 0};
                            while (got != large.size() && ::poll(&ready, 1, -1) >= 0)
                                if (auto const n =
                                        ::read(p.out.get(), place.data(), place.size());
                                    n > 0)
                                    got += static_cast<std::size_t>(n);
                        });
                    std::size_t written = 0;
                    error_code failed;
                    while (written != large.size() && !failed)
                    {
                        auto const w = submitted(
                            c, event::write(p.in.get(), net::buffer(large) + written));
                        failed = w.error;
                        written += w.value;
                    }
                    BOOST_CHECK(!failed);
                    if (!failed)
                        reader.join();
                    else
                        reader.detach();
                    BOOST_CHECK_EQUAL(got, large.size());
                });
}
