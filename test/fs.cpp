// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The operations of urio::fs that are one call each.

#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "test.hpp"

#include <boost/filesystem/path.hpp>

#include <fcntl.h>
#include <filesystem>
#include <future>
#include <memory>
#include <string_view>
#include <sys/stat.h>
#include <type_traits>

namespace
{

using namespace test;
namespace net = urio;
namespace fs = urio::fs;
namespace stdfs = std::filesystem;
using net::file_base;

auto expect(int e = 0)
{
    return once(
        [e](error_code ec)
        { BOOST_CHECK_EQUAL(ec, error_code(e, boost::system::system_category())); });
}

} // namespace

BOOST_DATA_TEST_CASE(open_by_any_kind_of_path, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file t("abc");
    auto const opens = [&](fs::location where)
    {
        fs::async_open(c, std::move(where), file_base::read_only,
                       once(
                           [](error_code ec, auto file)
                           {
                               BOOST_CHECK(!ec);
                               BOOST_REQUIRE(file.is_open());
                               BOOST_CHECK_EQUAL(file.size(), 3u);
                           }));
        run(c);
    };
    opens(t.path());
    opens(t.path().c_str());
    opens(std::string_view(t.path()));
    opens(stdfs::path(t.path()));
    opens(boost::filesystem::path(t.path()));
    opens({fs::directory(), t.path()});
}

BOOST_DATA_TEST_CASE(open_as_other_files, every_mode, m)
{
    mode_context c(m);
    temporary_file t("abcdef");
    fs::async_open_as<net::stream_file>(
        c, t.path(), file_base::read_only,
        once(
            [](error_code ec, net::stream_file f)
            {
                BOOST_CHECK(!ec);
                char b[3];
                BOOST_CHECK_EQUAL(f.read_some(net::buffer(b)), 3u);
                BOOST_CHECK_EQUAL(f.seek(0, file_base::seek_cur), 3u);
            }));
    run(c);
    // On a strand.
    auto strand = net::make_strand(c);
    fs::async_open(strand, t.path(), file_base::read_only,
                   once(
                       [&](error_code ec, auto f)
                       {
                           BOOST_CHECK(!ec);
                           BOOST_CHECK(f.get_executor() == strand);
                           BOOST_CHECK(strand.running_in_this_thread());
                       }));
    run(c);
}

BOOST_DATA_TEST_CASE(creating, every_mode, m)
{
    mode_context c(m);
    temporary_directory d;
    ::mode_t const mask = ::umask(022);
    auto const path = d.path() / "new";
    auto const flags = file_base::write_only | file_base::create | file_base::exclusive;
    fs::async_open(c, path, {flags, 0660},
                   once([](error_code ec, auto) { BOOST_CHECK(!ec); }));
    run(c);
    BOOST_CHECK(stdfs::status(path).permissions() == stdfs::perms(0640));
    fs::async_open(c, path, flags,
                   once(
                       [](error_code ec, auto f)
                       {
                           BOOST_CHECK(ec == boost::system::errc::file_exists);
                           BOOST_CHECK(!f.is_open());
                       }));
    run(c);
    ::umask(mask);
}

BOOST_DATA_TEST_CASE(a_file_without_a_name, every_mode, m)
{
    mode_context c(m);
    temporary_directory d;
    bool supported = true;
    fs::async_open(c, d.path(), file_base::read_write | file_base::temporary,
                   once(
                       [&](error_code ec, auto f)
                       {
                           supported = ec != boost::system::errc::operation_not_supported;
                           if (ec)
                               return;
                           f.write_some_at(0, net::buffer("abc", 3));
                           BOOST_CHECK(stdfs::is_empty(d.path()));
                           auto kept = std::make_shared<decltype(f)>(std::move(f));
                           fs::async_link(
                               *kept, d.path() / "named",
                               once([kept](error_code e) { BOOST_CHECK(!e); }));
                       }));
    run(c);
    URIO_REQUIRE_OR_SKIP(supported, "the file system has no O_TMPFILE");
    BOOST_CHECK_EQUAL(stdfs::file_size(d.path() / "named"), 3u);
}

// A server that must not be talked out of its directory.
BOOST_DATA_TEST_CASE(beneath_a_directory, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    stdfs::create_directories(d.path() / "root/sub");
    std::ofstream(d.path() / "secret") << "secret";
    std::ofstream(d.path() / "root/sub/page") << "page";
    stdfs::create_symlink("../secret", d.path() / "root/link");
    stdfs::create_symlink("sub/page", d.path() / "root/inner");

    fs::directory root;
    fs::async_open_directory(c, d.path() / "root",
                             once(
                                 [&](error_code ec, fs::directory found)
                                 {
                                     BOOST_CHECK(!ec);
                                     root = std::move(found);
                                 }));
    run(c);
    // It stays the same one.
    stdfs::rename(d.path() / "root", d.path() / "moved");

    auto const opens = [&](const char* path, net::resolve how, int error)
    {
        fs::async_open(c, {root, path}, {file_base::read_only, 0, how},
                       once(
                           [=](error_code ec, auto f)
                           {
                               BOOST_TEST_INFO(path);
                               BOOST_CHECK_EQUAL(ec.value(), error);
                               BOOST_CHECK_EQUAL(f.is_open(), error == 0);
                           }));
        run(c);
    };
    using net::resolve;
    opens("sub/page", resolve::beneath, 0);
    opens("inner", resolve::beneath, 0);
    opens("../secret", resolve::anywhere, 0);
    opens("../secret", resolve::beneath, EXDEV);
    opens("link", resolve::beneath, EXDEV);
    opens("/etc/passwd", resolve::beneath, EXDEV);
    opens("/sub/page", resolve::in_root, 0);
    opens("inner", resolve::beneath | resolve::no_symlinks, ELOOP);
    opens("sub/page", resolve::no_mount_crossing | resolve::no_magic_links, 0);

    // Synchronously, and a location keeps its directory open.
    net::random_access_file f(c);
    fs::location const page(root, "sub/page");
    root = {};
    f.open(page, {file_base::read_only, 0, resolve::beneath});
    BOOST_CHECK_EQUAL(f.size(), 4u);
    error_code ec;
    f.close();
    f.open({fs::directory(page.base()), "../secret"},
           {file_base::read_only, 0, resolve::beneath}, ec);
    BOOST_CHECK_EQUAL(ec.value(), EXDEV);
}

BOOST_DATA_TEST_CASE(names, every_mode, m)
{
    mode_context c(m);
    temporary_directory d;
    auto const a = d.path() / "a", b = d.path() / "b", l = d.path() / "l";
    fs::async_mkdir(c, d.path() / "dir", 0700, expect());
    run(c);
    BOOST_CHECK(stdfs::status(d.path() / "dir").permissions() == stdfs::perms(0700));
    fs::async_mkdir(c, d.path() / "dir", expect(EEXIST));
    run(c);

    std::ofstream(a) << "a";
    fs::async_link(c, a, b, expect());
    run(c);
    BOOST_CHECK_EQUAL(stdfs::hard_link_count(a), 2u);
    fs::async_symlink(c, "a", l, expect());
    run(c);
    BOOST_CHECK_EQUAL(stdfs::read_symlink(l), "a");
    for (std::size_t const size : {1, 255, 256, 257, 4000})
    {
        std::string const target(size, 'x');
        fs::async_symlink(c, target, d.path() / "long", expect());
        run(c);
        fs::async_read_symlink(c, d.path() / "long",
                               once(
                                   [&](error_code ec, std::string t)
                                   {
                                       BOOST_CHECK(!ec);
                                       BOOST_CHECK_EQUAL(t, target);
                                   }));
        run(c);
        stdfs::remove(d.path() / "long");
    }
    // No backend has it but on a thread.
    BOOST_CHECK_GE(urio::statistics_of(c).pooled, 5u);
    fs::async_read_symlink(c, d.path() / "none",
                           once(
                               [](error_code ec, std::string t)
                               {
                                   BOOST_CHECK_EQUAL(ec.value(), ENOENT);
                                   BOOST_CHECK(t.empty());
                               }));
    run(c);

    fs::async_symlink_stat(c, l,
                           once([](error_code ec, net::file_status s)
                                { BOOST_CHECK(!ec && s.is_symlink()); }));
    fs::async_stat(c, l,
                   once([](error_code ec, net::file_status s)
                        { BOOST_CHECK(!ec && s.is_regular_file() && s.links() == 2); }));
    run(c);

    fs::async_unlink(c, b, expect());
    run(c);
    std::ofstream(b) << "b";
    fs::async_rename(c, a, b, fs::existing::keep, expect(EEXIST));
    run(c);
    fs::async_rename(c, a, b, fs::existing::exchange, expect());
    run(c);
    BOOST_CHECK_EQUAL(content_of(a), "b");
    fs::async_rename(c, a, b, expect());
    run(c);
    BOOST_CHECK(!stdfs::exists(a));

    fs::async_unlink(c, d.path() / "dir", expect(EISDIR));
    run(c);
    fs::async_rmdir(c, d.path(), expect(ENOTEMPTY));
    run(c);
    fs::async_rmdir(c, d.path() / "dir", expect());
    run(c);
    BOOST_CHECK(!stdfs::exists(d.path() / "dir"));
}

BOOST_DATA_TEST_CASE(errors, every_mode, m)
{
    mode_context c(m);
    temporary_directory d;
    auto const missing = d.path() / "missing";
    fs::async_stat(c, missing,
                   once([](error_code ec, net::file_status s)
                        { BOOST_CHECK(ec.value() == ENOENT && s.size() == 0); }));
    fs::async_unlink(c, missing, expect(ENOENT));
    fs::async_rename(c, missing, d.path() / "b", expect(ENOENT));
    fs::async_link(c, missing, d.path() / "b", expect(ENOENT));
    fs::async_open_directory(c, missing,
                             once([](error_code ec, fs::directory)
                                  { BOOST_CHECK_EQUAL(ec.value(), ENOENT); }));
    run(c);

    // A path that the system would see less of.
    std::string const cut("a\0b", 3);
    fs::async_unlink(c, cut, expect(EINVAL));
    fs::async_rename(c, "a", cut, expect(EINVAL));
    fs::async_rename(c, cut, "a", expect(EINVAL));
    fs::async_symlink(c, cut, d.path() / "a", expect(EINVAL));
    fs::async_mkdir(c, cut, expect(EINVAL));
    fs::async_open(
        c, cut, file_base::read_only,
        once([](error_code ec, auto) { BOOST_CHECK_EQUAL(ec.value(), EINVAL); }));
    run(c);
}

BOOST_DATA_TEST_CASE(exceptions_name_the_path, every_mode, m)
{
    mode_context c(m);
    temporary_directory d;
    std::string const from = d.path() / "from", to = d.path() / "to";
    auto const work = [&]() -> net::awaitable<void>
    {
        try
        {
            co_await fs::async_rename(c, from, to, net::use_awaitable);
            BOOST_ERROR("there is no such file");
        }
        catch (const fs::filesystem_error& e)
        {
            BOOST_CHECK_EQUAL(e.code().value(), ENOENT);
            BOOST_CHECK_EQUAL(e.path1(), from);
            BOOST_CHECK_EQUAL(e.path2(), to);
            std::string const text = e.what();
            BOOST_CHECK_NE(text.find("async_rename"), text.npos);
            BOOST_CHECK_NE(text.find(from), text.npos);
            BOOST_CHECK_NE(text.find(to), text.npos);
            BOOST_CHECK_NE(text.find("No such file"), text.npos);
        }
        // Others see the code.
        auto [ec] = co_await fs::async_unlink(c, from, net::as_tuple(net::use_awaitable));
        BOOST_CHECK_EQUAL(ec.value(), ENOENT);
        co_await fs::async_unlink(c, from, net::redirect_error(net::use_awaitable, ec));
        BOOST_CHECK_EQUAL(ec.value(), ENOENT);
        // No error.
        co_await fs::async_mkdir(c, to, net::use_awaitable);
        net::file_status s = co_await fs::async_stat(c, to, net::use_awaitable);
        BOOST_CHECK(s.is_directory());
        auto f = co_await fs::async_open(c, d.path() / "f",
                                         file_base::write_only | file_base::create,
                                         net::use_awaitable);
        BOOST_CHECK(f.is_open());
    };
    auto done = net::co_spawn(c, work(), net::use_future);
    run(c);
    done.get();

    std::future<net::file_status> s = fs::async_stat(c, from, net::use_future);
    run(c);
    BOOST_CHECK_EXCEPTION(s.get(), fs::filesystem_error,
                          [&](const fs::filesystem_error& e)
                          { return e.path1() == from && e.path2().empty(); });
    auto bound = fs::async_stat(c, from, net::bind_executor(c, net::use_future));
    run(c);
    BOOST_CHECK_THROW(bound.get(), fs::filesystem_error);
}

BOOST_DATA_TEST_CASE(cancellation, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    net::cancellation_signal signal;
    for (int i = 0; i != 100; ++i)
    {
        auto const path = d.path() / std::to_string(i);
        bool called = false;
        fs::async_mkdir(c, path,
                        net::bind_cancellation_slot(
                            signal.slot(),
                            [&](error_code ec)
                            {
                                called = true;
                                BOOST_CHECK(!ec || ec == net::error::operation_aborted);
                                BOOST_CHECK_EQUAL(stdfs::exists(path), !ec);
                            }));
        signal.emit(net::cancellation_type::total);
        run(c);
        BOOST_CHECK(called);
    }
}

BOOST_DATA_TEST_CASE(the_context_ends, every_mode, m)
{
    descriptor_check check;
    temporary_file t;
    mode_context c(m);
    for (int i = 0; i != 20; ++i)
        fs::async_open(c, t.path(), file_base::read_only, [](error_code, auto) {});
    fs::async_open_directory(c, "/", [](error_code, fs::directory) {});
    c.poll_one();
}

// On whatever context there is.
BOOST_AUTO_TEST_CASE(other_contexts)
{
    temporary_file t("abc");
    net::thread_pool pool(2);
    auto size = [&](auto&& where)
    {
        std::future<net::file_status> s =
            fs::async_stat(where, t.path(), net::use_future);
        return s.get().size();
    };
    BOOST_CHECK_EQUAL(size(pool), 3u);
    BOOST_CHECK_EQUAL(size(pool.get_executor()), 3u);
    BOOST_CHECK_EQUAL(size(net::any_io_executor(pool.get_executor())), 3u);
    pool.join();
}
