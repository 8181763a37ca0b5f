// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A file that can be read at offsets by many connections at once.
#pragma once

#include "net.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <unistd.h>

#if defined(FILE_SERVER_ON_STOCK_ASIO)

// Asio has files only with build-wide macros, which put the sockets on its own io_uring
// too. Without them one reads with plain calls, and the thread waits for the disk.
class open_file
{
public:
    open_file(net::io_context&, int descriptor) : descriptor_(descriptor) {}

    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;
    ~open_file() { ::close(descriptor_); }

    int descriptor() const { return descriptor_; }

    /// Fills the buffer, or ends with net::error::eof.
    net::awaitable<void> read(std::uint64_t offset, net::mutable_buffer buffer)
    {
        while (buffer.size() != 0)
        {
            ssize_t const n = ::pread(descriptor_, buffer.data(), buffer.size(),
                                      static_cast<off_t>(offset));
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                throw boost::system::system_error(
                    n < 0 ? boost::system::error_code(errno,
                                                      boost::system::system_category())
                          : boost::system::error_code(net::error::eof),
                    "pread");
            buffer += static_cast<std::size_t>(n);
            offset += static_cast<std::uint64_t>(n);
        }
        co_return;
    }

private:
    int descriptor_;
};

#else

class open_file
{
public:
    open_file(net::io_context& context, int descriptor) : file_(context, descriptor) {}

    int descriptor() { return file_.native_handle(); }

    /// Fills the buffer, or ends with net::error::eof.
    net::awaitable<void> read(std::uint64_t offset, net::mutable_buffer buffer)
    {
        co_await net::async_read_at(file_, offset, buffer, net::use_awaitable);
    }

private:
    net::random_access_file file_;
};

#endif
