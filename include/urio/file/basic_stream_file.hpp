// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Files read and written from where the last operation has ended.
#pragma once

#include <urio/file/basic_file.hpp>

#include <boost/asio/async_result.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace urio::inline URIO_ABI
{

/// A file that is read and written as a stream, with the interface of
/// boost::asio::basic_stream_file.
/**
 * A file that was opened has a position of its own. Operations run one after another
 * in the order of their starts, reads and writes alike, each from where the one
 * before it has ended, however much that transferred; an operation that is cancelled
 * before it begins does not move the position. A descriptor that was assigned, and a
 * file opened to append, have the kernel's position, which other holders of the same
 * open file share; descriptors that cannot seek have none.
 *
 * @par Thread safety
 * Distinct objects: safe. Shared objects: unsafe.
 *
 * @par Example
 * @code
 * urio::stream_file file(context, "log", urio::file_base::write_only |
 *                                        urio::file_base::create);
 * co_await urio::async_write(file, urio::buffer(text), urio::use_awaitable);
 * @endcode
 *
 * @par Kernel
 * Linux 5.11: IORING_OP_READ and IORING_OP_WRITE, see io_uring_enter(2).
 */
template <class Executor = any_io_executor>
class basic_stream_file : public basic_file<Executor>
{
    using base = basic_file<Executor>;
    using signature = void(boost::system::error_code, std::size_t);
    using default_token = typename boost::asio::default_completion_token<Executor>::type;

public:
    using executor_type = Executor;
    using native_handle_type = typename base::native_handle_type;

    /// Rebinds the file type to another executor.
    template <class OtherExecutor>
    struct rebind_executor
    {
        using other = basic_stream_file<OtherExecutor>;
    };

    /// Construct a file without opening it.
    explicit basic_stream_file(const executor_type& ex) : base(ex)
    {
        this->set_is_stream(true);
    }

    template <detail::context_type ExecutionContext>
    explicit basic_stream_file(ExecutionContext& context) : base(context)
    {
        this->set_is_stream(true);
    }

    /// Construct and open.
    basic_stream_file(const executor_type& ex, const char* path,
                      file_base::flags open_flags)
        : basic_stream_file(ex)
    {
        this->open(path, open_flags);
    }

    template <detail::context_type ExecutionContext>
    basic_stream_file(ExecutionContext& context, const char* path,
                      file_base::flags open_flags)
        : basic_stream_file(context)
    {
        this->open(path, open_flags);
    }

    basic_stream_file(const executor_type& ex, const std::string& path,
                      file_base::flags open_flags)
        : basic_stream_file(ex, path.c_str(), open_flags)
    {
    }

    template <detail::context_type ExecutionContext>
    basic_stream_file(ExecutionContext& context, const std::string& path,
                      file_base::flags open_flags)
        : basic_stream_file(context, path.c_str(), open_flags)
    {
    }

    /// Construct on an open descriptor, which the file takes over.
    basic_stream_file(const executor_type& ex, native_handle_type descriptor)
        : basic_stream_file(ex)
    {
        this->assign(descriptor);
    }

    template <detail::context_type ExecutionContext>
    basic_stream_file(ExecutionContext& context, native_handle_type descriptor)
        : basic_stream_file(context)
    {
        this->assign(descriptor);
    }

    basic_stream_file(basic_stream_file&& other) noexcept = default;
    basic_stream_file& operator=(basic_stream_file&& other) = default;

    /// Move from a file with another executor type.
    template <std::convertible_to<Executor> OtherExecutor>
    basic_stream_file(basic_stream_file<OtherExecutor>&& other) : base(std::move(other))
    {
    }

    template <std::convertible_to<Executor> OtherExecutor>
    basic_stream_file& operator=(basic_stream_file<OtherExecutor>&& other)
    {
        base::operator=(std::move(other));
        return *this;
    }

    /// Closes the file, see basic_file.
    ~basic_stream_file() = default;

    /// Move the position: lseek(2). Operations that start afterwards
    /// are concerned. Returns the position, in bytes from the
    /// beginning.
    std::uint64_t seek(std::int64_t offset, file_base::seek_basis whence)
    {
        boost::system::error_code ec;
        std::uint64_t const position = seek(offset, whence, ec);
        detail::throw_error(ec, "seek");
        return position;
    }

    std::uint64_t seek(std::int64_t offset, file_base::seek_basis whence,
                       boost::system::error_code& ec)
    {
        return this->service().seek(this->implementation(), offset, whence, ec);
    }

    /// Write some data, blocking: writev(2). Returns the number of
    /// bytes, which may be less than asked for.
    template <class ConstBufferSequence>
    std::size_t write_some(const ConstBufferSequence& buffers)
    {
        boost::system::error_code ec;
        std::size_t const n = write_some(buffers, ec);
        detail::throw_error(ec, "write_some");
        return n;
    }

    template <class ConstBufferSequence>
    std::size_t write_some(const ConstBufferSequence& buffers,
                           boost::system::error_code& ec)
    {
        return this->service().write_some(this->implementation(), buffers, ec);
    }

    /// Start to write some data. The handler gets an `error_code` and
    /// the number of bytes, which may be less than asked for; at most
    /// 64 buffers and 2 GiB are transferred by one operation. The
    /// data must stay valid until the handler is called; a copy of
    /// the buffer sequence is kept. Supports cancellation of types
    /// terminal, partial and total.
    template <class ConstBufferSequence,
              BOOST_ASIO_COMPLETION_TOKEN_FOR(signature) Token = default_token>
    auto async_write_some(const ConstBufferSequence& buffers,
                          Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, signature>(initiate_write{this}, token,
                                                             buffers);
    }

    /// Start to write some data with a buffer that the operation owns
    /// meanwhile: a std::vector, std::string, std::array or any other movable owner of
    /// bytes that boost::asio::buffer() takes. The handler gets an `error_code`, the
    /// number of bytes and the buffer. Cancelled, by any means, it need not wait for the
    /// kernel: the handler is called with `operation_aborted`, 0 and an empty buffer, and
    /// the operation keeps the buffer until the kernel is done with it; or with the
    /// result if there is one, or with the buffer if the kernel has let go of it.
    template <detail::owned_buffer Buffer,
              BOOST_ASIO_COMPLETION_TOKEN_FOR(detail::owned_signature<Buffer>)
                  Token = default_token>
    auto async_write_some(Buffer&& buffer, Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, detail::owned_signature<Buffer>>(
            initiate_owned<detail::owned_write_op>{this, "async_write_some"}, token,
            std::move(buffer));
    }

    /// Read some data, blocking: readv(2). Returns the number of
    /// bytes, which may be less than asked for. `eof` if there is
    /// nothing more to read.
    template <class MutableBufferSequence>
    std::size_t read_some(const MutableBufferSequence& buffers)
    {
        boost::system::error_code ec;
        std::size_t const n = read_some(buffers, ec);
        detail::throw_error(ec, "read_some");
        return n;
    }

    template <class MutableBufferSequence>
    std::size_t read_some(const MutableBufferSequence& buffers,
                          boost::system::error_code& ec)
    {
        return this->service().read_some(this->implementation(), buffers, ec);
    }

    /// Start to read some data. The handler gets an `error_code` and
    /// the number of bytes, which may be less than asked for; at most
    /// 64 buffers and 2 GiB are transferred by one operation. `eof`
    /// if there is nothing more to read. The data must stay valid
    /// until the handler is called; a copy of the buffer sequence is
    /// kept. Supports cancellation of types terminal, partial and
    /// total.
    template <class MutableBufferSequence,
              BOOST_ASIO_COMPLETION_TOKEN_FOR(signature) Token = default_token>
    auto async_read_some(const MutableBufferSequence& buffers,
                         Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, signature>(initiate_read{this}, token,
                                                             buffers);
    }

    /// Start to read some data with a buffer that the operation owns
    /// meanwhile: a std::vector, std::string, std::array or any other movable owner of
    /// bytes that boost::asio::buffer() takes. The handler gets an `error_code`, the
    /// number of bytes and the buffer. `eof` if
    /// there is nothing more to read. Cancelled, by any means, it need not wait for the
    /// kernel: the handler is called with `operation_aborted`, 0 and an empty buffer, and
    /// the operation keeps the buffer until the kernel is done with it; or with the
    /// result if there is one, or with the buffer if the kernel has let go of it.
    template <detail::owned_buffer Buffer,
              BOOST_ASIO_COMPLETION_TOKEN_FOR(detail::owned_signature<Buffer>)
                  Token = default_token>
    auto async_read_some(Buffer&& buffer, Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, detail::owned_signature<Buffer>>(
            initiate_owned<detail::owned_read_op>{this, "async_read_some"}, token,
            std::move(buffer));
    }

private:
    template <template <class> class Op>
    struct initiate_owned
    {
        using executor_type = Executor;

        const executor_type& get_executor() const noexcept
        {
            return self->get_executor();
        }

        template <class Handler, class Buffer>
        void operator()(Handler&& handler, Buffer buffer) const
        {
            detail::non_const_lvalue<Handler> h(handler);
            self->service().template async_transfer_owned<Op<Buffer>>(
                self->implementation(), name, {true, 0}, std::move(buffer), h.value,
                self->get_executor());
        }

        basic_stream_file* self;
        const char* name;
    };

    struct initiate_write
    {
        using executor_type = Executor;

        const executor_type& get_executor() const noexcept
        {
            return self->get_executor();
        }

        template <class Handler, class Buffers>
        void operator()(Handler&& handler, const Buffers& buffers) const
        {
            detail::non_const_lvalue<Handler> h(handler);
            self->service().async_write_some(self->implementation(), buffers, h.value,
                                             self->get_executor());
        }

        basic_stream_file* self;
    };

    struct initiate_read
    {
        using executor_type = Executor;

        const executor_type& get_executor() const noexcept
        {
            return self->get_executor();
        }

        template <class Handler, class Buffers>
        void operator()(Handler&& handler, const Buffers& buffers) const
        {
            detail::non_const_lvalue<Handler> h(handler);
            self->service().async_read_some(self->implementation(), buffers, h.value,
                                            self->get_executor());
        }

        basic_stream_file* self;
    };
};

} // namespace urio::inline URIO_ABI
