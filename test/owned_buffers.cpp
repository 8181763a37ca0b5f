// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Operations on files that own their buffer: results and completion tokens.

#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "test.hpp"

#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using net::file_base;
using net::random_access_file;
using net::stream_file;
using net::detail::owned_buffer;

static_assert(owned_buffer<std::vector<std::byte>>);
static_assert(owned_buffer<std::string>);
static_assert(owned_buffer<std::array<unsigned char, 8>>);
static_assert(!owned_buffer<std::string&>);
static_assert(!owned_buffer<const std::string>);
static_assert(!owned_buffer<std::string_view>);
static_assert(!owned_buffer<std::span<char>>);
static_assert(!owned_buffer<char[4]>);
static_assert(!owned_buffer<net::mutable_buffer>);
static_assert(!owned_buffer<net::const_buffer>);
static_assert(!owned_buffer<std::vector<net::mutable_buffer>>);
static_assert(!owned_buffer<std::array<net::const_buffer, 2>>);
static_assert(!owned_buffer<std::vector<std::string>>);
static_assert(!owned_buffer<std::vector<bool>>);
static_assert(!owned_buffer<int>);

template <class Buffer>
Buffer of_size(std::size_t n)
{
    Buffer b{};
    if constexpr (requires { b.resize(n); })
        b.resize(n);
    return b;
}

template <class Buffer>
std::string text_of(const Buffer& b, std::size_t n)
{
    return {reinterpret_cast<const char*>(b.data()), n};
}

template <class Buffer>
Buffer copy_of(const std::string& text)
{
    auto b = of_size<Buffer>(text.size());
    net::buffer_copy(net::buffer(b), net::buffer(text));
    return b;
}

// What the handler gets, checked.
template <class Buffer>
auto expect(error_code expected, const std::string& text, std::size_t size)
{
    return once(
        [=](error_code ec, std::size_t n, Buffer b)
        {
            BOOST_CHECK_EQUAL(ec, expected);
            BOOST_REQUIRE_EQUAL(n, text.size());
            BOOST_CHECK_EQUAL(b.size(), size);
            BOOST_CHECK_EQUAL(text_of(b, n), text);
        });
}

template <class Buffer, class Context>
void use(Context& c)
{
    constexpr std::size_t size = 8;
    temporary_file t("0123456789");
    random_access_file f(c, t.path(), file_base::read_write);
    f.async_read_some_at(1, of_size<Buffer>(size), expect<Buffer>({}, "12345678", size));
    f.async_read_some_at(6, of_size<Buffer>(size), expect<Buffer>({}, "6789", size));
    f.async_read_some_at(10, of_size<Buffer>(size),
                         expect<Buffer>(net::error::eof, "", size));
    run(c);
    f.async_write_some_at(4, copy_of<Buffer>("abcdefgh"),
                          expect<Buffer>({}, "abcdefgh", size));
    run(c);
    BOOST_CHECK_EQUAL(t.content(), "0123abcdefgh");

    stream_file s(c, t.path(), file_base::read_write);
    s.async_read_some(of_size<Buffer>(size), expect<Buffer>({}, "0123abcd", size));
    s.async_write_some(copy_of<Buffer>("ABCDEFGH"), expect<Buffer>({}, "ABCDEFGH", size));
    s.async_read_some(of_size<Buffer>(size), expect<Buffer>(net::error::eof, "", size));
    run(c);
    BOOST_CHECK_EQUAL(t.content(), "0123abcdABCDEFGH");
}

} // namespace

BOOST_DATA_TEST_CASE(all_types_of_buffers, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    use<std::vector<std::byte>>(c);
    use<std::vector<char>>(c);
    use<std::vector<unsigned char>>(c);
    use<std::string>(c); // whose bytes are within it
    use<std::array<char, 8>>(c);
}

BOOST_DATA_TEST_CASE(the_same_bytes_come_back, every_mode, m)
{
    mode_context c(m);
    std::string const text = pattern(100'000);
    temporary_file t(text);
    random_access_file f(c, t.path(), file_base::read_only);
    std::vector<char> b(text.size());
    const char* const address = b.data();
    f.async_read_some_at(0, std::move(b),
                         once(
                             [&](error_code ec, std::size_t n, std::vector<char> got)
                             {
                                 BOOST_CHECK(!ec);
                                 BOOST_CHECK_EQUAL(n, text.size());
                                 BOOST_CHECK(got.data() == address);
                                 BOOST_CHECK(text_of(got, n) == text);
                             }));
    run(c);
}

// The buffer comes back with a refusal, too.
BOOST_DATA_TEST_CASE(what_completes_at_once, every_mode, m)
{
    mode_context c(m);
    random_access_file closed(c);
    closed.async_read_some_at(0, std::string(40, 'x'),
                              once(
                                  [](error_code ec, std::size_t n, std::string b)
                                  {
                                      BOOST_CHECK_EQUAL(ec, net::error::bad_descriptor);
                                      BOOST_CHECK_EQUAL(n, 0u);
                                      BOOST_CHECK_EQUAL(b, std::string(40, 'x'));
                                  }));
    closed.async_write_some_at(0, std::string(), expect<std::string>({}, "", 0));
    temporary_file t("abc");
    random_access_file f(c, t.path(), file_base::read_only);
    f.async_read_some_at(~std::uint64_t{0}, std::string(4, 'x'),
                         expect<std::string>(net::error::invalid_argument, "", 4));
    f.async_read_some_at(0, std::string(), expect<std::string>({}, "", 0));
    f.async_write_some_at(0, std::string("xyz"),
                          expect<std::string>(net::error::bad_descriptor, "", 3));
    run(c);
    BOOST_CHECK_EQUAL(t.content(), "abc");
}

BOOST_DATA_TEST_CASE(completion_tokens, every_mode, m)
{
    mode_context c(m);
    temporary_file t("0123456789");
    random_access_file f(c, t.path(), file_base::read_write);
    stream_file s(c, t.path(), file_base::read_only);
    bool done = false;
    net::co_spawn(
        c,
        [&]() -> net::awaitable<void>
        {
            auto [n, b] = co_await f.async_read_some_at(0, std::string(4, '\0'),
                                                        net::use_awaitable);
            BOOST_CHECK_EQUAL(n, 4u);
            BOOST_CHECK_EQUAL(b, "0123");
            auto [m, a] = co_await s.async_read_some(std::move(b), net::use_awaitable);
            BOOST_CHECK_EQUAL(m, 4u);
            BOOST_CHECK_EQUAL(a, "0123");
            auto [ec, k, e] = co_await f.async_read_some_at(
                100, std::move(a), net::as_tuple(net::use_awaitable));
            BOOST_CHECK_EQUAL(ec, error_code(net::error::eof));
            BOOST_CHECK_EQUAL(k, 0u);
            BOOST_CHECK_EQUAL(e.size(), 4u);
            std::tuple<std::size_t, std::string> const w =
                co_await f.async_write_some_at(8, std::string("xyz"), net::deferred);
            BOOST_CHECK_EQUAL(std::get<0>(w), 3u);
            BOOST_CHECK_EQUAL(std::get<1>(w), "xyz");
            done = true;
        },
        [](std::exception_ptr e)
        {
            if (e)
                std::rethrow_exception(e);
        });
    run(c);
    BOOST_CHECK(done);

    auto future = f.async_read_some_at(6, std::vector<char>(5), net::use_future);
    run(c);
    auto [n, b] = future.get();
    BOOST_CHECK_EQUAL(n, 5u);
    BOOST_CHECK_EQUAL(text_of(b, n), "67xyz");

    net::use_awaitable_t<>::as_default_on_t<stream_file> by_default(c, t.path(),
                                                                    file_base::read_only);
    net::co_spawn(
        c,
        [&]() -> net::awaitable<void>
        {
            auto [m, a] = co_await by_default.async_read_some(std::array<char, 3>{});
            BOOST_CHECK_EQUAL(text_of(a, m), "012");
        },
        net::detached);
    run(c);
}
