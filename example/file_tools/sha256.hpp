// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Checksums of files: read at depth, computed on a pool of threads.
#pragma once

#include "common.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <string>

struct evp_md_ctx_st; // OpenSSL's EVP_MD_CTX

namespace file_tools
{

/// A SHA-256 that is being computed.
class sha256
{
public:
    sha256();
    void update(net::const_buffer bytes);
    /// In hexadecimal digits. Ends the object's use.
    std::string finish();

private:
    std::unique_ptr<::evp_md_ctx_st, void (*)(::evp_md_ctx_st*)> context_;
};

/// The threads that compute.
class hash_pool
{
public:
    explicit hash_pool(unsigned threads) : pool_(threads) {}
    ~hash_pool() { pool_.join(); }

    /// Small pieces are computed at once: to hand them over would take as long.
    net::awaitable<void> update(sha256& hash, net::const_buffer bytes);

private:
    net::thread_pool pool_;
};

struct hashed
{
    std::string digest;
    std::uint64_t bytes = 0;
};

/// Throws boost::system::system_error.
net::awaitable<hashed> hash_file(hash_pool& pool, std::string path, unsigned depth);

/// The same of what is read from one byte to the next: pipes, terminals.
net::awaitable<hashed> hash_stream(hash_pool& pool, net::stream_file file);

/// How many bytes two files have in common from their beginning.
net::awaitable<std::uint64_t> common_prefix(std::string path1, std::string path2,
                                            unsigned depth);

} // namespace file_tools
