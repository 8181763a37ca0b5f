// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Files read from one end to the other, several chunks ahead.
#pragma once

#include <urio/detail/file/reader_state.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace urio::inline URIO_ABI
{

/// Reads a file, or a part of it, from one end to the other with several reads in flight,
/// and hands it out in order.
/**
 * `File` is a basic_random_access_file, or any other type with Asio's
 * AsyncRandomAccessReadDevice requirements; the reader deduces it. Memory: up to
 * depth + 1 chunks, allocated as they are needed, each at the beginning of a page.
 * Nothing is read before the first call of async_next().
 *
 * Pipes, terminals and the like disregard offsets: they are read by one read at a time.
 * So are files that claim to have no size, those of /proc for instance, which must be
 * open when the reader is constructed; the first read asks for 256 KiB at least, since
 * those of /proc/sys give nothing to a second one, and no read for more than 1 MiB.
 *
 * @par Thread safety
 * Distinct objects: safe. Shared objects: unsafe, but any number of threads may run the
 * context. While the reader lives, other uses of the file (cancel() and close() among
 * them) need either one thread or a strand that is the file's executor.
 *
 * @par Lifetime
 * The file must stay where it is until the reader is destroyed or cancel() is called. A
 * reader may be destroyed at any time: reads in flight are cancelled and keep the memory
 * that they need until they are over, for which nobody waits.
 *
 * @par Example
 * @code
 * urio::random_access_file file(context, "data", urio::file_base::read_only);
 * urio::file_reader reader(file, {.depth = 8});
 * for (;;)
 * {
 *     auto [ec, chunk] = co_await reader.async_next(urio::as_tuple(urio::use_awaitable));
 *     if (ec == urio::error::eof)
 *         break;
 *     …
 * }
 * @endcode
 */
template <class File>
class basic_file_reader
{
    using state_type = detail::reader_state<File>;
    using signature = void(boost::system::error_code, boost::asio::const_buffer);

public:
    using file_type = File;
    using executor_type = typename File::executor_type;

    /// Throws boost::system::system_error with `invalid_argument` for options that are
    /// out of range or not multiples of the alignment; std::bad_alloc.
    explicit basic_file_reader(File& file, const file_reader_options& options = {})
        : state_(std::make_shared<state_type>(file, options))
    {
    }

    basic_file_reader(basic_file_reader&& other) noexcept = default;

    basic_file_reader& operator=(basic_file_reader&& other) noexcept
    {
        std::swap(state_, other.state_);
        return *this;
    }

    /// Cancels what is in flight. An async_next() that waits completes with
    /// `operation_aborted`.
    ~basic_file_reader()
    {
        if (state_)
            state_->end();
    }

    const executor_type& get_executor() const noexcept { return state_->get_executor(); }

    /// Start to wait for the next chunk.
    /**
     * The handler gets an `error_code` and a const_buffer, which is never empty without
     * an error and stays valid until the next call of async_next() or the reader's
     * destruction. Every chunk but the last is full. After the last, the error is `eof`;
     * after an error of a read, what could be read before it comes first. These are
     * final: all later calls complete with them, too.
     *
     * One at a time: a second call while one is pending completes with `already_started`.
     * Supports cancellation of types terminal, partial and total, which end the waiting
     * and lose nothing: the next call gets the chunk.
     */
    template <BOOST_ASIO_COMPLETION_TOKEN_FOR(signature)
                  Token = boost::asio::default_completion_token_t<executor_type>>
    auto
    async_next(Token&& token = boost::asio::default_completion_token_t<executor_type>())
    {
        using operation = detail::chunk_operation<state_type, detail::next_request,
                                                  boost::asio::const_buffer>;
        return boost::asio::async_compose<Token, signature>(operation(state_, {}), token,
                                                            get_executor());
    }

    /// The position in the file of the chunk that comes next, in bytes: what was
    /// delivered, and the offset that it began with.
    std::uint64_t offset() const { return state_->offset(); }

    /// Stop for good: reads in flight are cancelled, and a pending async_next() as well
    /// as all later ones complete with `operation_aborted`. The file is not used any
    /// more.
    void cancel() { state_->end(); }

private:
    std::shared_ptr<state_type> state_;
};

} // namespace urio::inline URIO_ABI
