// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A file that is being opened asynchronously.
#pragma once

#include <urio/detail/process/process_mutex.hpp>
#include <urio/detail/service/file_service.hpp>

#include <memory>
#include <mutex>
#include <tuple>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// What a file that is being opened and the operation that does so know of each other:
/// the file may move, or be closed, before there is a result.
class opening
{
public:
    /// Throws std::bad_alloc.
    opening(file_service& s, engine& e, file_service::implementation_type& f);

    bool pending() const;

    /// Ask for the cancellation, if it is pending.
    void cancel() noexcept;

    /// The file does not wait for it any more: what is opened yet is closed again.
    void give_up() noexcept;

    /// The file has moved.
    void move(file_service::implementation_type& to,
              file_service::implementation_type& from) noexcept;

    /// It has a result. Returns what to tell the handler.
    boost::system::error_code finish(unique_descriptor descriptor, int flags,
                                     boost::system::error_code ec, bool alive) noexcept;

    io_object& object() noexcept { return *object_; }

private:
    mutable process::process_mutex mutex_;
    file_service& service_;
    engine& engine_;
    // Null if it does not wait any more.
    file_service::implementation_type* file_;
    io_object* object_;
};

/// async_open of a file.
struct file_open_call : open_call
{
    file_open_call(fs::location w, const open_options& options,
                   std::shared_ptr<opening> r)
        : open_call(std::move(w), options)
        , request(std::move(r))
    {
    }

    std::tuple<boost::system::error_code>
    results(int result, boost::system::error_code ec, bool alive) const noexcept
    {
        return {request->finish(unique_descriptor(ec ? -1 : result),
                                static_cast<int>(how.flags), ec, alive)};
    }

    std::shared_ptr<opening> request;
};

template <class Handler, class IoExecutor>
void file_service::async_open(implementation_type& impl, fs::location&& where,
                              const open_options& options, Handler& handler,
                              const IoExecutor& ex)
{
    using op = call_op<file_open_call>;

    error_code ec;
    if (check_closed(impl, ec) && !where.valid())
        ec = boost::asio::error::invalid_argument;
    if (ec)
        return initiate<call_op<refusal>>(
            engine_, nullptr, lane::unordered, handler, ex,
            [&](call_op<refusal>& o)
            {
                note_creation(impl, o, "async_open");
                return initiation::immediate;
            },
            refusal(ec));

    auto request = std::make_shared<opening>(*this, engine_, impl);
    io_object& object = request->object();
    // If it cannot be started, the file waits for nothing.
    struct guard
    {
        std::shared_ptr<opening> request;
        ~guard()
        {
            if (request)
                request->give_up();
        }
    } abandon_unless_started{request};
    initiate<op>(
        engine_, &object, lane::unordered, handler, ex,
        [&](op& o)
        {
            note_creation(impl, o, "async_open");
            impl.opening_ = request;
            return initiation::start;
        },
        file_open_call(std::move(where), options, request));
    abandon_unless_started.request.reset();
}

} // namespace detail
} // namespace urio::inline URIO_ABI
