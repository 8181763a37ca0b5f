// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Files whose size is not the truth, files with holes, and what is no regular file, read,
// written and copied as a whole.

#include "chunks.hpp"
#include "descriptors.hpp"
#include "file.hpp"
#include "test.hpp"

#include <algorithm>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
namespace fs = urio::fs;
namespace stdfs = std::filesystem;
using net::detail::unique_descriptor;

/// By one read(2), as the files of the kernel want it; nothing if it cannot be read.
std::optional<std::string> content(const stdfs::path& p)
{
    unique_descriptor const fd(::open(p.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    std::string s(256 << 10, '\0');
    ::ssize_t const n = fd.get() < 0 ? -1 : ::read(fd.get(), s.data(), s.size());
    if (n < 0)
        return std::nullopt;
    s.resize(static_cast<std::size_t>(n));
    return s;
}

struct result
{
    error_code ec;
    std::string text;
};

result read(mode_context& c, const stdfs::path& p,
            std::uint64_t limit = std::numeric_limits<std::uint64_t>::max())
{
    result r;
    fs::async_read_file(
        c, p, limit, once([&](error_code ec, std::string s) { r = {ec, std::move(s)}; }));
    run(c);
    return r;
}

result copy(mode_context& c, const fs::location& from, const stdfs::path& to,
            fs::copy_options options = {})
{
    result r;
    std::uint64_t bytes = 0;
    fs::async_copy_file(c, from, to, std::move(options),
                        once(
                            [&](error_code ec, std::uint64_t n)
                            {
                                r.ec = ec;
                                bytes = n;
                            }));
    run(c);
    if (!r.ec && stdfs::is_regular_file(to))
    {
        BOOST_CHECK_EQUAL(bytes, stdfs::file_size(to));
        r.text = content(to).value();
    }
    return r;
}

result read_in_chunks(mode_context& c, const stdfs::path& p, std::size_t size)
{
    net::random_access_file f(c, p.string(), net::file_base::read_only);
    net::file_reader reader(f, {.chunk_size = size});
    consumer k(reader);
    run(c);
    return {k.end == net::error::eof ? error_code() : k.end, k.content};
}

/// Files whose contents may change, and may be refused, while the test runs.
void check_readings(mode_context& c, const stdfs::path& p, const stdfs::path& to)
{
    auto const before = content(p);
    if (!before)
        return;
    std::vector<result> found{read(c, p), read_in_chunks(c, p, 1),
                              read_in_chunks(c, p, 8 << 20)};
    for (std::size_t const chunk : {0, 1, 8 << 20})
    {
        fs::copy_options options;
        options.chunk = chunk;
        found.push_back(copy(c, p, to, options));
        stdfs::remove(to);
    }
    if (content(p) != before)
        return;
    for (result const& r : found)
        if (r.ec || r.text != *before)
        {
            BOOST_ERROR(p << ", reading " << &r - &found.front() << ": " << r.ec.message()
                          << ", " << r.text.size() << " bytes of " << before->size());
        }
}

/// A file on a file system of its own, so that the kernel cannot copy from it or to it.
class memory_file
{
public:
    memory_file() : descriptor_(::memfd_create("urio-test", MFD_CLOEXEC))
    {
        BOOST_REQUIRE(descriptor_.get() >= 0);
    }
    int descriptor() const { return descriptor_.get(); }
    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor()); }

private:
    unique_descriptor descriptor_;
};

struct sparse_content
{
    std::uint64_t size;
    std::vector<std::pair<std::uint64_t, std::string>> data;
};

void write(int fd, const sparse_content& s)
{
    BOOST_REQUIRE_EQUAL(::ftruncate(fd, 0), 0);
    BOOST_REQUIRE_EQUAL(::ftruncate(fd, static_cast<::off_t>(s.size)), 0);
    for (auto const& [offset, bytes] : s.data)
        BOOST_REQUIRE_EQUAL(
            ::pwrite(fd, bytes.data(), bytes.size(), static_cast<::off_t>(offset)),
            static_cast<::ssize_t>(bytes.size()));
}

/// Whether it has these bytes, and no room for much more.
void check(int fd, const sparse_content& s)
{
    struct ::stat status;
    BOOST_REQUIRE_EQUAL(::fstat(fd, &status), 0);
    BOOST_CHECK_EQUAL(static_cast<std::uint64_t>(status.st_size), s.size);
    std::uint64_t written = 0;
    for (auto const& [offset, bytes] : s.data)
    {
        std::string got(bytes.size(), ' ');
        BOOST_CHECK_EQUAL(
            ::pread(fd, got.data(), got.size(), static_cast<::off_t>(offset)),
            static_cast<::ssize_t>(got.size()));
        BOOST_CHECK(got == bytes);
        written += bytes.size();
    }
    constexpr std::uint64_t block = 64 << 10;
    BOOST_CHECK_LE(static_cast<std::uint64_t>(status.st_blocks) * 512,
                   written + block * (1 + s.data.size()));
}

void copy_sparse(mode_context& c, const sparse_content& s, bool from_memory,
                 unsigned depth, std::size_t chunk)
{
    temporary_file disk;
    unique_descriptor const on_disk(::open(disk.path().c_str(), O_RDWR | O_CLOEXEC));
    memory_file memory;
    write(from_memory ? memory.descriptor() : on_disk.get(), s);
    std::uint64_t last = 0;
    fs::copy_options options;
    options.depth = depth;
    options.chunk = chunk;
    options.progress = [&](std::uint64_t n)
    {
        BOOST_CHECK_GE(n, last);
        last = n;
    };
    // The second time it is gone on with, in the midst of what there is.
    for (std::uint64_t const offset : {std::uint64_t{0}, s.size / 2 + 1})
    {
        options.offset = offset;
        last = 0;
        fs::async_copy_file(c, from_memory ? memory.path() : disk.path(),
                            from_memory ? disk.path() : memory.path(), options,
                            once(
                                [&](error_code ec, std::uint64_t n)
                                {
                                    BOOST_CHECK_EQUAL(ec, error_code());
                                    BOOST_CHECK_EQUAL(n, s.size);
                                }));
        run(c);
        BOOST_CHECK_EQUAL(last, s.size);
        check(from_memory ? on_disk.get() : memory.descriptor(), s);
    }
}

} // namespace

// They give all they have to the first read, claim to be empty, and refuse long reads.
BOOST_DATA_TEST_CASE(files_of_proc_sys, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    int n = 0;
    for (stdfs::path const tree : {"/proc/sys/kernel", "/proc/sys/vm", "/proc/sys/fs"})
        for (auto const& entry : stdfs::recursive_directory_iterator(
                 tree, stdfs::directory_options::skip_permission_denied))
        {
            if (entry.is_regular_file() && ++n <= 150)
                check_readings(c, entry.path(), d.path() / "copy");
        }
    BOOST_CHECK_GT(n, 20);
}

// They claim to have a page.
BOOST_DATA_TEST_CASE(files_of_sysfs, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    int n = 0;
    std::error_code ec;
    for (stdfs::recursive_directory_iterator i("/sys/kernel/mm", ec), end;
         i != end && n < 15; i.increment(ec))
    {
        auto const found = i->is_regular_file(ec) ? content(i->path()) : std::nullopt;
        if (!found || found->empty() || found->size() >= i->file_size(ec))
            continue;
        ++n;
        check_readings(c, i->path(), d.path() / "copy");
        // The limit is one of bytes that there are.
        if (result const r = read(c, i->path(), found->size());
            content(i->path()) == found)
        {
            BOOST_CHECK_EQUAL(r.ec, error_code());
            BOOST_CHECK(r.text == *found);
        }
    }
    URIO_REQUIRE_OR_SKIP(n != 0, "there is no sysfs");

    std::vector<fs::copy_request> files{{"/sys/kernel/mm/transparent_hugepage/enabled",
                                         d.path() / "one", (d.path() / "part").string()},
                                        {"/proc/sys/fs/pipe-max-size", d.path() / "two"}};
    std::vector<std::string> expected;
    for (fs::copy_request const& f : files)
        expected.push_back(content(f.from.path()).value_or(""));
    fs::async_copy_files(
        c, files, {},
        once([](error_code ec, std::vector<fs::copy_result>) { BOOST_CHECK(!ec); }));
    run(c);
    for (std::size_t i = 0; i != files.size(); ++i)
        BOOST_CHECK_EQUAL(content(files[i].to.path()).value_or(""), expected[i]);
}

BOOST_DATA_TEST_CASE(limits_hold_for_files_without_a_size, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    for (std::uint64_t const limit : {0, 1, 4095, 4096, 300'000, 1'000'000})
        // The second one is read in whole numbers of eight bytes only.
        for (auto const path : {"/dev/zero", "/proc/self/pagemap"})
        {
            result const r = read(c, path, limit);
            BOOST_CHECK_EQUAL(r.ec.value(), EFBIG);
            BOOST_CHECK_EQUAL(r.text.size(), 0u);
        }
    // A file that is as long as it says, and one with nothing but a hole.
    temporary_file t(pattern(300'000));
    BOOST_CHECK_EQUAL(read(c, t.path(), 299'999).ec.value(), EFBIG);
    BOOST_CHECK(read(c, t.path(), 300'000).text == pattern(300'000));
    stdfs::resize_file(t.path(), 0);
    BOOST_CHECK_EQUAL(read(c, t.path(), 0).ec, error_code());
    stdfs::resize_file(t.path(), 3'000'000);
    BOOST_CHECK_EQUAL(read(c, t.path(), 2'999'999).ec.value(), EFBIG);
    BOOST_CHECK(read(c, t.path(), 3'000'000).text == std::string(3'000'000, '\0'));
}

BOOST_DATA_TEST_CASE(files_that_grow_while_they_are_copied, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    for (bool const by_the_kernel : {true, false})
    {
        temporary_file disk;
        memory_file memory;
        std::string const from = by_the_kernel ? disk.path() : memory.path();
        std::ofstream(from) << pattern(100'000);
        bool grown = false;
        fs::copy_options options;
        options.chunk = 10'000;
        options.depth = 1;
        options.progress = [&](std::uint64_t)
        {
            if (!std::exchange(grown, true))
                std::ofstream(from, std::ios::app) << pattern(50'000, 2);
        };
        result const r = copy(c, from, d.path() / "copy", options);
        BOOST_CHECK(grown);
        BOOST_CHECK_EQUAL(r.ec, error_code());
        BOOST_CHECK_GE(r.text.size(), 100'000u);
        BOOST_CHECK((pattern(100'000) + pattern(50'000, 2)).starts_with(r.text));
    }
}

BOOST_DATA_TEST_CASE(holes_stay_holes_between_file_systems, every_mode, m)
{
    descriptor_check check_descriptors;
    mode_context c(m);
    std::string const page = pattern(4096);
    std::vector<sparse_content> const contents{
        {std::uint64_t{2} << 30, {{std::uint64_t{1} << 30, page}}},
        {std::uint64_t{1} << 30, {}},
        {std::uint64_t{1} << 30, {{0, page}}},
        {(std::uint64_t{1} << 30) + 4096, {{std::uint64_t{1} << 30, page}}},
        {40 << 20,
         {{0, pattern(300'000)}, {10 << 20, pattern(700'000, 2)}, {30 << 20, page}}},
    };
    for (sparse_content const& s : contents)
        for (bool const from_memory : {true, false})
            for (unsigned const depth : {1, 4})
                for (std::size_t const chunk : {0, 100'000})
                    copy_sparse(c, s, from_memory, depth, chunk);
}

// It is written into, as by any other program, also by way of a link.
BOOST_DATA_TEST_CASE(what_is_no_regular_file_is_not_replaced, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    temporary_file source("text");
    auto const pipe = d.path() / "pipe", link = d.path() / "link";
    BOOST_REQUIRE_EQUAL(::mkfifo(pipe.c_str(), 0600), 0);
    unique_descriptor const reading(
        ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    std::vector<std::pair<stdfs::path, bool>> const targets{
        {pipe, true}, {pipe, false}, {"/dev/null", false}};
    for (auto const& [target, directly] : targets)
    {
        auto const name = directly ? target : link;
        stdfs::remove(link);
        stdfs::create_symlink(target, link);
        auto const check_target = [&]
        {
            BOOST_CHECK(stdfs::is_symlink(link));
            BOOST_CHECK(stdfs::is_fifo(pipe));
            BOOST_CHECK(stdfs::is_character_file("/dev/null"));
            BOOST_CHECK_EQUAL(std::distance(stdfs::directory_iterator(d.path()), {}), 2);
            if (target != pipe)
                return;
            char got[8];
            BOOST_CHECK_EQUAL(::read(reading.get(), got, sizeof(got)), 4);
            BOOST_CHECK_EQUAL(std::string(got, 4), "text");
        };
        for (bool const sync : {false, true})
        {
            fs::async_write_file(c, name, net::buffer("text", 4),
                                 {.atomic = true, .sync = sync},
                                 once(
                                     [](error_code ec, std::uint64_t n)
                                     {
                                         BOOST_CHECK_EQUAL(ec, error_code());
                                         BOOST_CHECK_EQUAL(n, 4u);
                                     }));
            run(c);
            check_target();
        }

        fs::copy_options options;
        options.temporary = (d.path() / "part").string();
        BOOST_CHECK_EQUAL(copy(c, source.path(), name, options).ec, error_code());
        check_target();
        fs::async_copy_files(c, {{source.path(), name, options.temporary}}, {},
                             once(
                                 [](error_code ec, std::vector<fs::copy_result> r)
                                 {
                                     BOOST_CHECK(!ec);
                                     BOOST_CHECK_EQUAL(r.at(0).error, error_code());
                                 }));
        run(c);
        check_target();
        options.overwrite = false;
        BOOST_CHECK_EQUAL(copy(c, source.path(), name, options).ec.value(), EEXIST);
    }
}

// A link to a file, or to nothing, is what the name stands for, and is replaced; what it
// leads to is not touched.
BOOST_DATA_TEST_CASE(links_to_files_are_replaced, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    temporary_file source("text"), other("other");
    auto const link = d.path() / "link", nothing = d.path() / "nothing";
    for (stdfs::path const& target : {stdfs::path(other.path()), nothing})
        for (bool const copies : {false, true})
        {
            stdfs::remove(link);
            stdfs::create_symlink(target, link);
            if (copies)
            {
                fs::copy_options options;
                options.temporary = (d.path() / "part").string();
                BOOST_CHECK_EQUAL(copy(c, source.path(), link, options).ec, error_code());
            }
            else
            {
                fs::async_write_file(c, link, net::buffer("text", 4), {.atomic = true},
                                     once([](error_code ec, std::uint64_t)
                                          { BOOST_CHECK_EQUAL(ec, error_code()); }));
                run(c);
            }
            BOOST_CHECK(stdfs::symlink_status(link).type() == stdfs::file_type::regular);
            BOOST_CHECK_EQUAL(content(link).value(), "text");
            BOOST_CHECK_EQUAL(other.content(), "other");
            BOOST_CHECK(!stdfs::exists(nothing));
        }
}
