// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What urio's sockets and pipes have in common.
#pragma once

#include <urio/reactor/buffer.hpp>
#include <urio/reactor/io_source.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace urio::reactor
{

/// Which direction of a connection to shut down.
enum class shutdown_type
{
    read,
    write,
    both,
};

namespace detail
{

/// Owns a descriptor.
class descriptor
{
public:
    explicit descriptor(int fd = -1) noexcept : fd_(fd) {}
    descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept;
    ~descriptor();

    int native_handle() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_;
};

/// An address that the system fills in.
struct name_buffer
{
    alignas(8) unsigned char data[128];
    std::size_t size = sizeof data;
};

/// A source with a descriptor of its own.
class io_object
{
public:
    int native_handle() const noexcept { return io_.native_handle(); }

    /// The descriptor, deregistered, for the caller to close.
    int release() noexcept
    {
        return std::exchange(io_, io_source<descriptor>(descriptor()))
            .into_inner()
            .release();
    }

    /// Tries an operation of one's own on the descriptor, so that the reactor sees
    /// whether it would have blocked: calls `f(ec)` and returns its result.
    template <class F>
    decltype(auto) try_io(interest directions, F f, error_code& ec)
    {
        return io_.do_io(
            directions,
            [&f](descriptor&, error_code& e) -> decltype(auto) { return f(e); }, ec);
    }

    // Called by registry.
    void register_with(const registry& r, token t, interest i, trigger when,
                       error_code& ec)
    {
        io_.register_with(r, t, i, when, ec);
    }

    void reregister_with(const registry& r, token t, interest i, trigger when,
                         error_code& ec)
    {
        io_.reregister_with(r, t, i, when, ec);
    }

    void deregister_from(const registry& r, error_code& ec)
    {
        io_.deregister_from(r, ec);
    }

protected:
    explicit io_object(descriptor d) : io_(std::move(d)) {}

    /// readv(2), writev(2).
    std::size_t do_read(std::span<const mutable_buffer> to, error_code& ec);
    std::size_t do_write(std::span<const const_buffer> from, error_code& ec);

    io_source<descriptor> io_;
};

/// The system's socket calls, for the classes below to give a type to.
class socket : public io_object
{
public:
    /// Fetches, and clears, the error of the socket (SO_ERROR in socket(7)); success if
    /// there is none. Throws, or yields, what getsockopt(2) reports.
    error_code take_error(error_code& ec);
    error_code take_error();

protected:
    explicit socket(descriptor d) : io_object(std::move(d)) {}

    enum flags
    {
        none,
        peeks
    };

    std::size_t receive(std::span<const mutable_buffer> to, flags f, name_buffer* from,
                        error_code& ec);
    std::size_t send(std::span<const const_buffer> from, const void* to,
                     std::size_t to_size, error_code& ec);
    descriptor do_accept(name_buffer& peer, error_code& ec);
    name_buffer local_name(error_code& ec) const;
    name_buffer peer_name(error_code& ec) const;
    void do_connect(const void* to, std::size_t to_size, error_code& ec);
    void do_shutdown(shutdown_type how, error_code& ec);
    int get_option(int level, int name, error_code& ec) const;
    void set_option(int level, int name, const void* value, std::size_t size,
                    error_code& ec);
    void set_option(int level, int name, int value, error_code& ec);

    static descriptor open(int family, int type, error_code& ec);
    static std::pair<descriptor, descriptor> open_pair(int type, error_code& ec);
    static descriptor bound(int type, const void* to, std::size_t size, error_code& ec);
    static descriptor listening(const void* to, std::size_t size, bool reuse, int backlog,
                                error_code& ec);
    static descriptor connecting(int type, const void* to, std::size_t size,
                                 error_code& ec);
};

} // namespace detail
} // namespace urio::reactor
