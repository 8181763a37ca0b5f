// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A file on a file system of the test's own (FUSE, by the kernel's protocol of
// <linux/fuse.h>), which answers as the test says: the errors of disks that are broken or
// full, at will.
#pragma once

#include "file.hpp"
#include "test.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <linux/fuse.h>
#include <memory>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace test
{

/// Puts the program into a mount namespace of its own, whose mounts go with it.
struct own_mounts
{
    own_mounts()
        : possible(::unshare(CLONE_NEWNS) == 0 &&
                   ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0)
    {
        instance = this;
    }
    bool possible;
    static inline own_mounts* instance = nullptr;
};

class faulty_file
{
public:
    static constexpr std::uint64_t file_size = 1 << 20;

    /// Given an offset and a length; a number of bytes or a negative error.
    using transfer = std::function<int(std::uint64_t, std::uint32_t)>;

    // To be set before path() is called.
    transfer on_read = [](std::uint64_t, std::uint32_t n) { return static_cast<int>(n); };
    transfer on_write = on_read;
    /// A negative error, or 0.
    std::function<int()> on_sync = [] { return 0; };
    std::function<int()> on_close = on_sync;

    faulty_file()
    {
        if (!own_mounts::instance->possible)
            return;
        channel_ = ::open("/dev/fuse", O_RDWR | O_CLOEXEC);
        std::string const options =
            "fd=" + std::to_string(channel_) + ",rootmode=40000,user_id=0,group_id=0";
        mounted_ =
            channel_ >= 0 && ::mount("urio-test", directory_.path().c_str(), "fuse.urio",
                                     MS_NOSUID | MS_NODEV, options.c_str()) == 0;
    }

    ~faulty_file()
    {
        if (mounted_)
        {
            ::umount2(directory_.path().c_str(), MNT_DETACH);
            if (server_.joinable())
                server_.join();
        }
        if (channel_ >= 0)
            ::close(channel_);
    }

    /// Whether this process may mount it.
    bool possible() const { return mounted_; }

    /// Its name. From now on it is served.
    std::string path()
    {
        if (mounted_ && !server_.joinable())
            server_ = std::thread([this] { serve(); });
        return directory_.path() / "file";
    }

private:
    static constexpr std::uint64_t file_node = 2;

    void serve()
    {
        std::vector<char> request(2 << 20);
        for (;;)
        {
            ::ssize_t const n = ::read(channel_, request.data(), request.size());
            if (n < 0 && (errno == EINTR || errno == ENOENT || errno == EAGAIN))
                continue;
            if (n < static_cast<::ssize_t>(sizeof(::fuse_in_header)))
                return; // unmounted
            ::fuse_in_header in;
            std::memcpy(&in, request.data(), sizeof(in));
            answer(in, request.data() + sizeof(in));
        }
    }

    template <class T>
    static T argument(const char* from)
    {
        T t;
        std::memcpy(&t, from, sizeof(t));
        return t;
    }

    void answer(const ::fuse_in_header& in, const char* body)
    {
        switch (in.opcode)
        {
        case FUSE_INIT:
        {
            ::fuse_init_out out{};
            out.major = FUSE_KERNEL_VERSION;
            out.minor = 31;
            out.max_write = 128 << 10;
            out.max_background = 16;
            return reply(in, 0, out);
        }
        case FUSE_LOOKUP:
        {
            if (std::string(body) != "file")
                return reply(in, -ENOENT);
            ::fuse_entry_out out{};
            out.nodeid = file_node;
            out.attr = attributes(file_node);
            return reply(in, 0, out);
        }
        case FUSE_GETATTR:
        case FUSE_SETATTR:
        {
            ::fuse_attr_out out{};
            out.attr = attributes(in.nodeid);
            return reply(in, 0, out);
        }
        case FUSE_OPEN:
        {
            ::fuse_open_out out{};
            out.open_flags = FOPEN_DIRECT_IO;
            return reply(in, 0, out);
        }
        case FUSE_READ:
        {
            auto const read = argument<::fuse_read_in>(body);
            int const n = on_read(read.offset, read.size);
            return n < 0 ? reply(in, n)
                         : reply(in, 0, std::string(static_cast<unsigned>(n), 'r').data(),
                                 static_cast<unsigned>(n));
        }
        case FUSE_WRITE:
        {
            auto const write = argument<::fuse_write_in>(body);
            int const n = on_write(write.offset, write.size);
            ::fuse_write_out out{};
            out.size = static_cast<unsigned>(std::max(n, 0));
            return n < 0 ? reply(in, n) : reply(in, 0, out);
        }
        case FUSE_FSYNC:
            return reply(in, on_sync());
        case FUSE_FLUSH:
            return reply(in, on_close());
        case FUSE_RELEASE:
        case FUSE_DESTROY:
            return reply(in, 0);
        case FUSE_FORGET:
        case FUSE_BATCH_FORGET:
        case FUSE_INTERRUPT:
            return;
        default:
            return reply(in, -ENOSYS);
        }
    }

    static ::fuse_attr attributes(std::uint64_t node)
    {
        ::fuse_attr a{};
        a.ino = node;
        a.nlink = 1;
        a.mode = node == file_node ? S_IFREG | 0666 : S_IFDIR | 0777;
        a.size = node == file_node ? file_size : 0;
        return a;
    }

    void reply(const ::fuse_in_header& in, int error, const void* body = nullptr,
               std::size_t size = 0)
    {
        ::fuse_out_header const header{static_cast<unsigned>(sizeof(header) + size),
                                       error, in.unique};
        ::iovec const parts[] = {
            {const_cast<::fuse_out_header*>(&header), sizeof(header)},
            {const_cast<void*>(body), size}};
        (void)!::writev(channel_, parts, size ? 2 : 1);
    }

    template <class Body>
        requires std::is_class_v<Body>
    void reply(const ::fuse_in_header& in, int error, const Body& body)
    {
        reply(in, error, &body, sizeof(body));
    }

    temporary_directory directory_;
    int channel_ = -1;
    bool mounted_ = false;
    std::thread server_;
};

} // namespace test
