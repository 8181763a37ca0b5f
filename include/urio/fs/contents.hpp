// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Whole files: into a container, and from buffers.
#pragma once

#include <urio/detail/fs/task.hpp>
#include <urio/fs/location.hpp>

#include <boost/asio/buffer.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// What the bytes of a file can be read into: std::string, std::vector<std::byte>.
template <class T>
concept byte_container = requires(T& t, std::size_t n) {
    t.resize(n);
    { t.data() } -> std::convertible_to<void*>;
    requires sizeof(*t.data()) == 1;
};

class byte_sink
{
public:
    virtual void resize(std::size_t n) = 0;
    virtual void* data() noexcept = 0;

protected:
    ~byte_sink() = default;
};

template <class Container>
class container_sink final : public byte_sink
{
public:
    explicit container_sink(Container& c) noexcept : container_(c) {}
    void resize(std::size_t n) override { container_.resize(n); }
    void* data() noexcept override { return container_.data(); }

private:
    Container& container_;
};

boost::asio::awaitable<std::exception_ptr, any_io_executor>
read_file(fs::location where, byte_sink& sink, std::uint64_t limit);

template <class Container>
fs_task<Container> read_file_into(fs::location where, std::uint64_t limit)
{
    outcome<Container> result;
    container_sink<Container> sink(result.value);
    result.error = co_await read_file(std::move(where), sink, limit);
    co_return result;
}

} // namespace detail

namespace fs
{

/// Reads a whole file: `void(error_code, Container)`.
/**
 * `Container` is std::string, std::vector<std::byte> or another one that has resize() and
 * data(). After an error it holds what was read. A file ends where reading finds its end:
 * the size in its status, which is not that of what there is in /proc, /sys and devices,
 * is believed only of what takes room on a disk. If there are more than `limit` bytes the
 * operation fails with `file_too_large`, and holds none; no more than 4 KiB beyond the
 * limit, or 256 KiB, are read.
 *
 * Any thread. Supports terminal, partial and total cancellation.
 *
 * @par Kernel
 * As fs::async_open() and basic_random_access_file::async_read_some_at().
 */
template <class Container = std::string, detail::executor_source Source, class Token>
    requires detail::byte_container<Container>
auto async_read_file(Source&& source, location where, std::uint64_t limit, Token&& token)
{
    return detail::async_fs_task<Container>(
        source, std::forward<Token>(token), [where = std::move(where), limit]() mutable
        { return detail::read_file_into<Container>(std::move(where), limit); });
}

template <class Container = std::string, detail::executor_source Source, class Token>
    requires(detail::byte_container<Container> &&
             !std::convertible_to<Token, std::uint64_t>)
auto async_read_file(Source&& source, location where, Token&& token)
{
    return async_read_file<Container>(source, std::move(where),
                                      std::numeric_limits<std::uint64_t>::max(),
                                      std::forward<Token>(token));
}

/// How a whole file is written.
struct write_options
{
    /// Whoever opens the file, at whatever moment, finds either what was there before or
    /// all of what is written, also after the process or the machine has crashed.
    /**
     * The bytes go to a file beside it, `.<name>.<random>.tmp`, which takes its name when
     * they are on the disk: fsync(2), rename(2). So the directory must be writable; a
     * symbolic link is replaced, not what it leads to; and other names (hard links) of
     * the file keep what was there. What is no regular file is not replaced: a device, a
     * pipe, or a link to one of these is written into, as without `atomic`. The new file
     * has the permissions of the old one (but for set-user-ID, set-group-ID and the
     * sticky bit), and the caller for its owner. A crash may leave the file beside it.
     */
    bool atomic = false;

    /// The operation completes when the bytes, and with `atomic` the name, are on the
    /// disk.
    bool sync = false;

    /// The permissions of a file that is created, less the umask.
    unsigned mode = 0666;
};

} // namespace fs

namespace detail
{

fs_task<std::uint64_t> write_file(fs::location where,
                                  std::vector<boost::asio::const_buffer> buffers,
                                  fs::write_options options);

} // namespace detail

namespace fs
{

/// Writes a whole file: `void(error_code, std::uint64_t)`.
/**
 * The file is created, or what was in it is replaced, by the bytes of the buffers. Their
 * number is the result, and after an error the number of those that were written. The
 * memory must stay valid until the completion.
 *
 * Any thread. Supports terminal, partial and total cancellation. With
 * write_options::atomic the file is as it was after an error, and after a cancellation
 * that was in time; only an error of the last fsync(2), which write_options::sync asks
 * for, comes when it has been replaced.
 */
template <detail::executor_source Source, class ConstBufferSequence, class Token>
auto async_write_file(Source&& source, location where, const ConstBufferSequence& buffers,
                      write_options options, Token&& token)
{
    std::vector<boost::asio::const_buffer> list(
        boost::asio::buffer_sequence_begin(buffers),
        boost::asio::buffer_sequence_end(buffers));
    return detail::async_fs_task<std::uint64_t>(
        source, std::forward<Token>(token),
        [where = std::move(where), list = std::move(list), options]() mutable
        { return detail::write_file(std::move(where), std::move(list), options); });
}

template <detail::executor_source Source, class ConstBufferSequence, class Token>
auto async_write_file(Source&& source, location where, const ConstBufferSequence& buffers,
                      Token&& token)
{
    return async_write_file(source, std::move(where), buffers, write_options(),
                            std::forward<Token>(token));
}

} // namespace fs
} // namespace urio::inline URIO_ABI
