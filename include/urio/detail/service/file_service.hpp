// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The service of files.
#pragma once

#include <urio/detail/engine/engine.hpp>
#include <urio/detail/initiate/async_op.hpp>
#include <urio/detail/initiate/owned.hpp>
#include <urio/detail/op/file_calls.hpp>
#include <urio/detail/op/file_transfer.hpp>
#include <urio/detail/op/path_calls.hpp>
#include <urio/detail/service/registered_buffer.hpp>
#include <urio/file/file_base.hpp>

#include <array>
#include <memory>

namespace urio::inline URIO_ABI
{
namespace detail
{

class opening;

class file_service : public service_base<file_service>
{
public:
    using native_handle_type = int;

    struct implementation_type
    {
        int descriptor_ = -1;
        io_object* object_ = nullptr;
        bool is_stream_ = false;
        // An async_open() that is pending.
        std::shared_ptr<opening> opening_;
    };

    explicit file_service(boost::asio::execution_context& context);

    // The engine has shut down what was pending.
    void shutdown() override {}

    void construct(implementation_type& impl) noexcept { impl = {}; }

    void move_construct(implementation_type& impl, implementation_type& other) noexcept;

    void move_assign(implementation_type& impl, file_service&,
                     implementation_type& other) noexcept
    {
        destroy(impl);
        move_construct(impl, other);
    }

    void destroy(implementation_type& impl) noexcept;
    void set_is_stream(implementation_type& impl, bool s) noexcept
    {
        impl.is_stream_ = s;
    }
    bool is_open(const implementation_type& impl) const noexcept
    {
        return native_handle(impl) != -1;
    }
    int native_handle(const implementation_type& impl) const noexcept
    {
        return impl.opening_ && is_opening(impl) ? -1 : impl.descriptor_;
    }
    /// What has become of an async_open() is known to the thread that asks.
    bool is_opening(const implementation_type& impl) const noexcept;

    error_code open(implementation_type& impl, const char* path, file_base::flags flags,
                    error_code& ec);
    error_code open(implementation_type& impl, const fs::location& where,
                    const open_options& options, error_code& ec);
    error_code assign(implementation_type& impl, int descriptor, error_code& ec);
    error_code close(implementation_type& impl, error_code& ec);
    int release(implementation_type& impl, error_code& ec);
    error_code cancel(implementation_type& impl, error_code& ec);
    std::uint64_t size(const implementation_type& impl, error_code& ec) const;
    error_code resize(implementation_type& impl, std::uint64_t n, error_code& ec);
    error_code sync_all(implementation_type& impl, error_code& ec);
    error_code sync_data(implementation_type& impl, error_code& ec);
    error_code allocate(implementation_type& impl, int mode, std::uint64_t offset,
                        std::uint64_t length, error_code& ec);
    error_code advise(implementation_type& impl, int advice, std::uint64_t offset,
                      std::uint64_t length, error_code& ec);
    file_status stat(const implementation_type& impl, error_code& ec) const;
    bool register_descriptor(implementation_type& impl, error_code& ec);
    std::uint64_t seek(implementation_type& impl, std::int64_t offset,
                       file_base::seek_basis whence, error_code& ec);

    template <class Buffers>
    std::size_t read_some(implementation_type& impl, const Buffers& buffers,
                          error_code& ec)
    {
        return transfer_now<boost::asio::mutable_buffer>(impl, buffers, {true, 0}, false,
                                                         ec);
    }

    template <class Buffers>
    std::size_t write_some(implementation_type& impl, const Buffers& buffers,
                           error_code& ec)
    {
        return transfer_now<boost::asio::const_buffer>(impl, buffers, {true, 0}, true,
                                                       ec);
    }

    template <class Buffers>
    std::size_t read_some_at(implementation_type& impl, std::uint64_t offset,
                             const Buffers& buffers, error_code& ec)
    {
        return transfer_now<boost::asio::mutable_buffer>(impl, buffers, {false, offset},
                                                         false, ec);
    }

    template <class Buffers>
    std::size_t write_some_at(implementation_type& impl, std::uint64_t offset,
                              const Buffers& buffers, error_code& ec)
    {
        return transfer_now<boost::asio::const_buffer>(impl, buffers, {false, offset},
                                                       true, ec);
    }

    template <class Buffers, class Handler, class IoExecutor>
    void async_read_some(implementation_type& impl, const Buffers& buffers,
                         Handler& handler, const IoExecutor& ex)
    {
        start<read_op<Buffers, Handler>>(impl, "async_read_some", buffers, {true, 0},
                                         handler, ex);
    }

    template <class Buffers, class Handler, class IoExecutor>
    void async_write_some(implementation_type& impl, const Buffers& buffers,
                          Handler& handler, const IoExecutor& ex)
    {
        start<write_op<Buffers, Handler>>(impl, "async_write_some", buffers, {true, 0},
                                          handler, ex);
    }

    template <class Buffers, class Handler, class IoExecutor>
    void async_read_some_at(implementation_type& impl, std::uint64_t offset,
                            const Buffers& buffers, Handler& handler,
                            const IoExecutor& ex)
    {
        start<read_op<Buffers, Handler>>(impl, "async_read_some_at", buffers,
                                         {false, offset}, handler, ex);
    }

    template <class Buffers, class Handler, class IoExecutor>
    void async_write_some_at(implementation_type& impl, std::uint64_t offset,
                             const Buffers& buffers, Handler& handler,
                             const IoExecutor& ex)
    {
        start<write_op<Buffers, Handler>>(impl, "async_write_some_at", buffers,
                                          {false, offset}, handler, ex);
    }

    /// A call that has a descriptor for its subject.
    template <class Call, class Handler, class IoExecutor>
    void async_call(implementation_type& impl, Call&& call, const char* name,
                    Handler& handler, const IoExecutor& ex)
    {
        using op = call_op<Call>;
        bool const open = is_open(impl);
        initiate<op>(
            engine_, impl.object_, lane::unordered, handler, ex,
            [&](op& o)
            {
                note_creation(impl, o, name);
                o.set_result(open ? 0 : -EBADF);
                return open ? initiation::start : initiation::immediate;
            },
            std::move(call));
    }

    template <class Handler, class IoExecutor>
    void async_close(implementation_type& impl, Handler& handler, const IoExecutor& ex)
    {
        using op = call_op<close_call>;
        if (!is_open(impl))
        {
            error_code ignored;
            close(impl, ignored); // what is being opened
            return initiate<op>(
                engine_, nullptr, lane::unordered, handler, ex,
                [&](op& o)
                {
                    note_creation(impl, o, "async_close");
                    return initiation::immediate;
                },
                close_call(-1));
        }
        // When it has been started, its handler may use the file again, or destroy it.
        implementation_type const before = impl;
        initiate_last<op>(
            engine_, *impl.object_, handler, ex,
            [&](op& o)
            {
                note_creation(impl, o, "async_close");
                impl.descriptor_ = -1;
                impl.object_ = nullptr;
            },
            [&] { impl = before; }, close_call(before.descriptor_));
    }

    template <class Handler, class IoExecutor>
    void async_open(implementation_type& impl, fs::location&& where,
                    const open_options& options, Handler& handler, const IoExecutor& ex);

    /// Take a descriptor over that was just opened, with open(2)'s flags. Throws
    /// std::bad_alloc.
    void adopt(implementation_type& impl, unique_descriptor descriptor, int flags);

    /// `Op` is an owned_read_op or owned_write_op.
    template <class Op, class Handler, class IoExecutor>
    void async_transfer_owned(implementation_type& impl, const char* name,
                              file_position position, typename Op::buffer_type&& buffer,
                              Handler& handler, const IoExecutor& ex)
    {
        bool const open = is_open(impl);
        position.direct = open && impl.object_->traits().direct;
        initiate_owned<Op>(
            engine_, impl.object_, position.stream ? lane::read : lane::unordered,
            handler, ex,
            [&](Op& op, scheduler_operation& front)
            {
                note_creation(impl, front, name);
                return op.empty() || !allowed(op, open, position) ? initiation::immediate
                                                                  : initiation::start;
            },
            Op::make(std::move(buffer), position,
                     open && !impl.object_->traits().bounded));
    }

private:
    template <class Buffers, class Handler>
    using read_op =
        file_read_op<Buffers, file_places<boost::asio::mutable_buffer, Buffers, Handler>>;
    template <class Buffers, class Handler>
    using write_op =
        file_write_op<Buffers, file_places<boost::asio::const_buffer, Buffers, Handler>>;

    template <class Op>
    void note_creation(implementation_type& impl, Op& op, const char* name)
    {
        BOOST_ASIO_HANDLER_CREATION((context(), op, "file", &impl,
                                     static_cast<std::uintmax_t>(impl.descriptor_),
                                     name));
        (void)impl, (void)op, (void)name;
    }

    static constexpr std::uint64_t max_offset = 0x7fffffffffffffff;

    /// Otherwise the operation has its result.
    static bool allowed(io_operation& op, bool open, file_position position) noexcept
    {
        // The kernel would take an offset of all ones for its own position.
        op.set_result(!open ? -EBADF : position.offset > max_offset ? -EINVAL : 0);
        return op.result() == 0;
    }

    template <class Op, class Buffers, class Handler, class IoExecutor>
    void start(implementation_type& impl, const char* name, const Buffers& buffers,
               file_position position, Handler& handler, const IoExecutor& ex)
    {
        typename Op::view const view(buffers);
        bool const open = is_open(impl);
        position.direct = open && impl.object_->traits().direct;
        initiate<Op>(
            engine_, impl.object_, position.stream ? lane::read : lane::unordered,
            handler, ex,
            [&](Op& op)
            {
                note_creation(impl, op, name);
                op.name_buffer(registered_slot(engine_, buffers));
                return view.size() == 0 || !allowed(op, open, position)
                           ? initiation::immediate
                           : initiation::start;
            },
            view, buffers, position, open && !impl.object_->traits().bounded);
    }

    template <class Buffer, class Buffers>
    std::size_t transfer_now(implementation_type& impl, const Buffers& buffers,
                             file_position position, bool write, error_code& ec)
    {
        std::array<::iovec, max_iov> vector;
        buffer_view<Buffer, Buffers> const view(buffers);
        return do_transfer(impl, view.fill(vector.data()), position, write, ec);
    }

    std::size_t do_transfer(implementation_type& impl, const transfer& memory,
                            file_position position, bool write, error_code& ec);
    bool check_closed(implementation_type& impl, error_code& ec);
    /// Returns the size of the file.
    std::uint64_t attach(implementation_type& impl, int descriptor, bool shared_position,
                         bool direct);
    engine& engine_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI
