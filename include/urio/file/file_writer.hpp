// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Files written from one end to the other, several chunks at once.
#pragma once

#include <urio/detail/file/writer_requests.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace urio::inline URIO_ABI
{

/// Writes to a file in order, with several writes in flight.
/**
 * `File` is a basic_random_access_file, or any other type with Asio's
 * AsyncRandomAccessWriteDevice requirements (and, for async_finish(), the sync functions
 * of a file); the writer deduces it.
 *
 * What is to be written is either put into the writer's own memory (async_prepare() and
 * commit()), or copied into it (async_write_some(), with which the writer is an
 * AsyncWriteStream: boost::asio::async_write() takes it). A chunk is written when it is
 * full, or by async_finish(). Memory: up to depth chunks, allocated as they are needed,
 * each at the beginning of a page.
 *
 * The first error of a write is final: all operations from then on complete with it. What
 * was to be written is lost then; written() tells what is safe to count on.
 *
 * @par Where offsets mean nothing
 * To a file that is open with file_base::append (O_APPEND, also on a descriptor that was
 * assigned) the kernel writes at the end, whatever the offset is; to pipes, terminals and
 * the like in the order of the writes. One write at a time is in flight then, while
 * others wait, so that all comes in order. With `append`, offset() counts from where the
 * file ended when the writer was constructed: right unless others append to it, too. The
 * file must be open then already.
 *
 * @par Thread safety
 * Distinct objects: safe. Shared objects: unsafe, but any number of threads may run the
 * context. While the writer lives, other uses of the file (cancel() and close() among
 * them) need either one thread or a strand that is the file's executor.
 *
 * @par Lifetime
 * The file must stay where it is until the writer is destroyed or cancel() is called. A
 * writer may be destroyed at any time: writes in flight are cancelled and keep the memory
 * that they need until they are over, for which nobody waits. Data is complete only after
 * async_finish().
 *
 * @par Direct I/O
 * With an alignment the end must be a multiple of it. If it is not, async_finish() writes
 * all whole blocks and completes with errc::misaligned: fill up with zeros before, and
 * cut the file with resize() afterwards.
 *
 * @par Example
 * @code
 * urio::random_access_file file(context, "copy",
 *                               urio::file_base::write_only | urio::file_base::create);
 * urio::file_writer writer(file);
 * co_await urio::async_write(writer, urio::buffer(data), urio::use_awaitable);
 * co_await writer.async_finish(urio::file_sync::data, urio::use_awaitable);
 * @endcode
 */
template <class File>
class basic_file_writer
{
    using state_type = detail::writer_state<File>;
    using prepare_signature = void(boost::system::error_code,
                                   boost::asio::mutable_buffer);
    using write_signature = void(boost::system::error_code, std::size_t);
    using finish_signature = void(boost::system::error_code, std::uint64_t);

public:
    using file_type = File;
    using executor_type = typename File::executor_type;

    /// Throws boost::system::system_error with `invalid_argument` for options that are
    /// out of range or not multiples of the alignment, and for an offset that is neither
    /// 0 nor the end of a file that is open to append; std::bad_alloc.
    explicit basic_file_writer(File& file, const file_writer_options& options = {})
        : state_(std::make_shared<state_type>(file, options))
    {
    }

    basic_file_writer(basic_file_writer&& other) noexcept = default;

    basic_file_writer& operator=(basic_file_writer&& other) noexcept
    {
        std::swap(state_, other.state_);
        return *this;
    }

    /// Cancels what is in flight, and drops what is not written. An operation that is
    /// pending completes with `operation_aborted`.
    ~basic_file_writer()
    {
        if (state_)
            state_->end();
    }

    const executor_type& get_executor() const noexcept { return state_->get_executor(); }

    /// Start to wait for memory to be filled.
    /**
     * The handler gets an `error_code` and a mutable_buffer, which is never empty without
     * an error: what is free in the present chunk, valid until the next operation. At
     * most `depth` chunks are being filled or written: if that many are, this waits for
     * the oldest.
     *
     * One operation at a time, whichever: a second one while one is pending completes
     * with `already_started`. All support cancellation of types terminal, partial and
     * total, which end the waiting, but not the writes in flight: the writer can be used
     * on.
     */
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(prepare_signature)
                  Token = boost::asio::default_completion_token_t<executor_type>>
    auto async_prepare(
        Token&& token = boost::asio::default_completion_token_t<executor_type>())
    {
        using operation = detail::chunk_operation<state_type, detail::prepare_request,
                                                  boost::asio::mutable_buffer>;
        return boost::asio::async_compose<Token, prepare_signature>(
            operation(state_, {}), token, get_executor());
    }

    /// The first n bytes of what async_prepare() has given are next in the file. Their
    /// write starts if the chunk is full. Throws boost::system::system_error with
    /// `invalid_argument` if n is more than was given.
    void commit(std::size_t n) { state_->commit_prepared(n); }

    /// Start to copy some data into the writer.
    /**
     * The handler gets an `error_code` and the number of bytes that were taken: as many
     * as there is room for, and at least one. The data must stay valid until then; a copy
     * of the buffer sequence is kept. boost::asio::async_write() takes it all.
     */
    template <class ConstBufferSequence,
              BOOST_ASIO_COMPLETION_TOKEN_FOR(write_signature)
                  Token = boost::asio::default_completion_token_t<executor_type>>
    auto async_write_some(
        const ConstBufferSequence& buffers,
        Token&& token = boost::asio::default_completion_token_t<executor_type>())
    {
        using operation = detail::chunk_operation<
            state_type, detail::write_request<ConstBufferSequence>, std::size_t>;
        return boost::asio::async_compose<Token, write_signature>(
            operation(state_, {buffers}), token, get_executor());
    }

    /// Start to write what is left, wait for all writes, and have the file synced once.
    /**
     * The handler gets an `error_code` and the number of bytes that have been written
     * since the writer was constructed, as written() tells it. With an error, too,
     * nothing is in flight any more then, unless it is `operation_aborted` (or
     * `already_started`). The writer may be used on, and finished again.
     */
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(finish_signature)
                  Token = boost::asio::default_completion_token_t<executor_type>>
    auto
    async_finish(file_sync sync,
                 Token&& token = boost::asio::default_completion_token_t<executor_type>())
    {
        using operation =
            detail::chunk_operation<state_type, detail::finish_request, std::uint64_t>;
        return boost::asio::async_compose<Token, finish_signature>(
            operation(state_, {sync}), token, get_executor());
    }

    /// How many bytes, from the offset that the writer began with, are known to be
    /// written without a gap. (Written, not synced.)
    std::uint64_t written() const { return state_->written(); }

    /// The position in the file of what comes next, in bytes.
    std::uint64_t offset() const { return state_->offset(); }

    /// Stop for good: writes in flight are cancelled (those that are with the disk
    /// already may still take place), what is not written is dropped, and a pending
    /// operation as well as all later ones complete with `operation_aborted`. The file is
    /// not used any more.
    void cancel() { state_->end(); }

private:
    std::shared_ptr<state_type> state_;
};

} // namespace urio::inline URIO_ABI
