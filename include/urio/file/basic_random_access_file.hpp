// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Files read and written at offsets.
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

/// A file that is read and written at offsets, with the interface of
/// boost::asio::basic_random_access_file.
/**
 * As many operations as are started run side by side, on one object too. Nothing
 * orders them: operations that overlap, with at least one write among them, must not
 * be in flight together.
 *
 * To a file that is open with file_base::append the kernel writes at the end, whatever
 * the offset is (pwrite(2), "BUGS"): each write whole, several that are in flight in any
 * order. Reads keep to their offsets.
 *
 * @par Thread safety
 * Distinct objects: safe. Shared objects: unsafe.
 *
 * @par Example
 * @code
 * urio::random_access_file file(context, "data", urio::file_base::read_only);
 * std::size_t n = co_await file.async_read_some_at(0, urio::buffer(block),
 *                                                  urio::use_awaitable);
 * @endcode
 *
 * @par Kernel
 * Linux 5.11: IORING_OP_READ and IORING_OP_WRITE, see io_uring_enter(2).
 */
template <class Executor = any_io_executor>
class basic_random_access_file : public basic_file<Executor>
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
        using other = basic_random_access_file<OtherExecutor>;
    };

    /// Construct a file without opening it.
    explicit basic_random_access_file(const executor_type& ex) : base(ex)
    {
        this->set_is_stream(false);
    }

    /// Start to read some data at an offset with a buffer that the operation owns
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
    auto async_read_some_at(std::uint64_t offset, Buffer&& buffer,
                            Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, detail::owned_signature<Buffer>>(
            initiate_owned<detail::owned_read_op>{this, "async_read_some_at"}, token,
            offset, std::move(buffer));
    }

    template <detail::context_type ExecutionContext>
    explicit basic_random_access_file(ExecutionContext& context) : base(context)
    {
        this->set_is_stream(false);
    }

    /// Construct and open.
    basic_random_access_file(const executor_type& ex, const char* path,
                             file_base::flags open_flags)
        : basic_random_access_file(ex)
    {
        this->open(path, open_flags);
    }

    template <detail::context_type ExecutionContext>
    basic_random_access_file(ExecutionContext& context, const char* path,
                             file_base::flags open_flags)
        : basic_random_access_file(context)
    {
        this->open(path, open_flags);
    }

    basic_random_access_file(const executor_type& ex, const std::string& path,
                             file_base::flags open_flags)
        : basic_random_access_file(ex, path.c_str(), open_flags)
    {
    }

    template <detail::context_type ExecutionContext>
    basic_random_access_file(ExecutionContext& context, const std::string& path,
                             file_base::flags open_flags)
        : basic_random_access_file(context, path.c_str(), open_flags)
    {
    }

    /// Construct on an open descriptor, which the file takes over.
    basic_random_access_file(const executor_type& ex, native_handle_type descriptor)
        : basic_random_access_file(ex)
    {
        this->assign(descriptor);
    }

    template <detail::context_type ExecutionContext>
    basic_random_access_file(ExecutionContext& context, native_handle_type descriptor)
        : basic_random_access_file(context)
    {
        this->assign(descriptor);
    }

    basic_random_access_file(basic_random_access_file&& other) noexcept = default;
    basic_random_access_file& operator=(basic_random_access_file&& other) = default;

    /// Move from a file with another executor type.
    template <std::convertible_to<Executor> OtherExecutor>
    basic_random_access_file(basic_random_access_file<OtherExecutor>&& other)
        : base(std::move(other))
    {
    }

    template <std::convertible_to<Executor> OtherExecutor>
    basic_random_access_file& operator=(basic_random_access_file<OtherExecutor>&& other)
    {
        base::operator=(std::move(other));
        return *this;
    }

    /// Closes the file, see basic_file.
    ~basic_random_access_file() = default;

    /// Write some data at an offset, blocking: pwritev(2). Returns
    /// the number of bytes, which may be less than asked for.
    template <class ConstBufferSequence>
    std::size_t write_some_at(std::uint64_t offset, const ConstBufferSequence& buffers)
    {
        boost::system::error_code ec;
        std::size_t const n = write_some_at(offset, buffers, ec);
        detail::throw_error(ec, "write_some_at");
        return n;
    }

    template <class ConstBufferSequence>
    std::size_t write_some_at(std::uint64_t offset, const ConstBufferSequence& buffers,
                              boost::system::error_code& ec)
    {
        return this->service().write_some_at(this->implementation(), offset, buffers, ec);
    }

    /// Start to write some data at an offset. The handler gets an
    /// `error_code` and the number of bytes, which may be less than
    /// asked for; at most 64 buffers and 2 GiB are transferred by one
    /// operation. The data must stay valid until the handler is
    /// called; a copy of the buffer sequence is kept. Supports
    /// cancellation of types terminal, partial and total.
    template <class ConstBufferSequence,
              BOOST_ASIO_COMPLETION_TOKEN_FOR(signature) Token = default_token>
    auto async_write_some_at(std::uint64_t offset, const ConstBufferSequence& buffers,
                             Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, signature>(initiate_write{this}, token,
                                                             offset, buffers);
    }

    /// Start to write some data at an offset with a buffer that the operation owns
    /// meanwhile: a std::vector, std::string, std::array or any other movable owner of
    /// bytes that boost::asio::buffer() takes. The handler gets an `error_code`, the
    /// number of bytes and the buffer. Cancelled, by any means, it need not wait for the
    /// kernel: the handler is called with `operation_aborted`, 0 and an empty buffer, and
    /// the operation keeps the buffer until the kernel is done with it; or with the
    /// result if there is one, or with the buffer if the kernel has let go of it.
    template <detail::owned_buffer Buffer,
              BOOST_ASIO_COMPLETION_TOKEN_FOR(detail::owned_signature<Buffer>)
                  Token = default_token>
    auto async_write_some_at(std::uint64_t offset, Buffer&& buffer,
                             Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, detail::owned_signature<Buffer>>(
            initiate_owned<detail::owned_write_op>{this, "async_write_some_at"}, token,
            offset, std::move(buffer));
    }

    /// Read some data at an offset, blocking: preadv(2). Returns the
    /// number of bytes, which may be less than asked for. `eof` if
    /// there is nothing more to read.
    template <class MutableBufferSequence>
    std::size_t read_some_at(std::uint64_t offset, const MutableBufferSequence& buffers)
    {
        boost::system::error_code ec;
        std::size_t const n = read_some_at(offset, buffers, ec);
        detail::throw_error(ec, "read_some_at");
        return n;
    }

    template <class MutableBufferSequence>
    std::size_t read_some_at(std::uint64_t offset, const MutableBufferSequence& buffers,
                             boost::system::error_code& ec)
    {
        return this->service().read_some_at(this->implementation(), offset, buffers, ec);
    }

    /// Start to read some data at an offset. The handler gets an
    /// `error_code` and the number of bytes, which may be less than
    /// asked for; at most 64 buffers and 2 GiB are transferred by one
    /// operation. `eof` if there is nothing more to read. The data
    /// must stay valid until the handler is called; a copy of the
    /// buffer sequence is kept. Supports cancellation of types
    /// terminal, partial and total.
    template <class MutableBufferSequence,
              BOOST_ASIO_COMPLETION_TOKEN_FOR(signature) Token = default_token>
    auto async_read_some_at(std::uint64_t offset, const MutableBufferSequence& buffers,
                            Token&& token = default_token())
    {
        return boost::asio::async_initiate<Token, signature>(initiate_read{this}, token,
                                                             offset, buffers);
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
        void operator()(Handler&& handler, std::uint64_t offset, Buffer buffer) const
        {
            detail::non_const_lvalue<Handler> h(handler);
            self->service().template async_transfer_owned<Op<Buffer>>(
                self->implementation(), name, {false, offset}, std::move(buffer), h.value,
                self->get_executor());
        }

        basic_random_access_file* self;
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
        void operator()(Handler&& handler, std::uint64_t offset,
                        const Buffers& buffers) const
        {
            detail::non_const_lvalue<Handler> h(handler);
            self->service().async_write_some_at(self->implementation(), offset, buffers,
                                                h.value, self->get_executor());
        }

        basic_random_access_file* self;
    };

    struct initiate_read
    {
        using executor_type = Executor;

        const executor_type& get_executor() const noexcept
        {
            return self->get_executor();
        }

        template <class Handler, class Buffers>
        void operator()(Handler&& handler, std::uint64_t offset,
                        const Buffers& buffers) const
        {
            detail::non_const_lvalue<Handler> h(handler);
            self->service().async_read_some_at(self->implementation(), offset, buffers,
                                               h.value, self->get_executor());
        }

        basic_random_access_file* self;
    };
};

} // namespace urio::inline URIO_ABI
