// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "sha256.hpp"

#include "async_run.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <sys/stat.h>

namespace file_tools
{
namespace
{

// Computing takes as long as handing over.
constexpr std::size_t at_once = 16 << 10;

constexpr auto with_code = net::as_tuple(net::use_awaitable);

void check(int ok)
{
    if (ok != 1)
        throw std::runtime_error("OpenSSL has no SHA-256 to offer");
}

} // namespace

sha256::sha256() : context_(::EVP_MD_CTX_new(), &::EVP_MD_CTX_free)
{
    // To look it up for each would take longer than a small file.
    static const ::EVP_MD* const algorithm = ::EVP_MD_fetch(nullptr, "SHA256", nullptr);
    check(context_ && algorithm ? ::EVP_DigestInit_ex(context_.get(), algorithm, nullptr)
                                : 0);
}

void sha256::update(net::const_buffer bytes)
{
    check(::EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

std::string sha256::finish()
{
    static constexpr char digits[] = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> value;
    unsigned size = 0;
    check(::EVP_DigestFinal_ex(context_.get(), value.data(), &size));
    std::string text;
    for (unsigned i = 0; i != size; ++i)
    {
        text += digits[value[i] >> 4];
        text += digits[value[i] & 15];
    }
    return text;
}

net::awaitable<void> hash_pool::update(sha256& hash, net::const_buffer bytes)
{
    if (bytes.size() <= at_once)
        hash.update(bytes);
    else
        co_await async_run(
            pool_, [&hash, bytes] { hash.update(bytes); }, net::use_awaitable);
}

net::awaitable<hashed> hash_file(hash_pool& pool, std::string path, unsigned depth)
{
    auto const ex = co_await net::this_coro::executor;
    net::random_access_file file = co_await net::fs::async_open(
        ex, std::move(path), net::file_base::read_only, net::use_awaitable);
    struct ::stat status;
    if (::fstat(file.native_handle(), &status) != 0)
        throw boost::system::system_error(errno, boost::system::system_category());
    if (S_ISFIFO(status.st_mode))
    {
        // It may be open before anybody writes, and would read as empty.
        net::posix::stream_descriptor pipe(ex, file.release());
        co_await pipe.async_wait(net::posix::stream_descriptor::wait_read,
                                 net::use_awaitable);
        net::stream_file stream(ex, pipe.release());
        co_return co_await hash_stream(pool, std::move(stream));
    }
    // The files of /proc have no size, but contents, which only who asks for one byte
    // after another gets in good time. The end of what is empty is found at once.
    if (!S_ISREG(status.st_mode) || status.st_size == 0)
    {
        net::stream_file stream(ex, file.release());
        co_return co_await hash_stream(pool, std::move(stream));
    }
    net::file_reader reader(file, {.depth = depth});
    sha256 hash;
    hashed result;
    for (;;)
    {
        auto const [ec, chunk] = co_await reader.async_next(with_code);
        if (ec == net::error::eof)
            break;
        if (ec)
            throw boost::system::system_error(ec);
        co_await pool.update(hash, chunk);
        result.bytes += chunk.size();
    }
    result.digest = hash.finish();
    co_return result;
}

net::awaitable<hashed> hash_stream(hash_pool& pool, net::stream_file file)
{
    constexpr std::size_t size = 256 << 10;
    auto const memory = std::make_unique_for_overwrite<char[]>(size);
    sha256 hash;
    hashed result;
    for (;;)
    {
        auto const [ec, n] =
            co_await file.async_read_some(net::buffer(memory.get(), size), with_code);
        if (ec == net::error::eof)
            break;
        if (ec)
            throw boost::system::system_error(ec);
        co_await pool.update(hash, net::buffer(memory.get(), n));
        result.bytes += n;
    }
    result.digest = hash.finish();
    co_return result;
}

net::awaitable<std::uint64_t> common_prefix(std::string path1, std::string path2,
                                            unsigned depth)
{
    auto const ex = co_await net::this_coro::executor;
    net::random_access_file file1 = co_await net::fs::async_open(
        ex, std::move(path1), net::file_base::read_only, net::use_awaitable);
    net::random_access_file file2 = co_await net::fs::async_open(
        ex, std::move(path2), net::file_base::read_only, net::use_awaitable);
    net::file_reader reader1(file1, {.depth = depth});
    net::file_reader reader2(file2, {.depth = depth});
    std::uint64_t same = 0;
    for (;;)
    {
        auto const [ec1, chunk1] = co_await reader1.async_next(with_code);
        auto const [ec2, chunk2] = co_await reader2.async_next(with_code);
        if (ec1 || ec2)
            co_return same;
        auto const* const a = static_cast<const char*>(chunk1.data());
        auto const* const b = static_cast<const char*>(chunk2.data());
        std::size_t const n = std::min(chunk1.size(), chunk2.size());
        if (std::memcmp(a, b, n) != 0)
            co_return same +
                static_cast<std::uint64_t>(std::mismatch(a, a + n, b).first - a);
        same += n;
        if (chunk1.size() != chunk2.size())
            co_return same;
    }
}

} // namespace file_tools
