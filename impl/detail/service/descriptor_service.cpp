// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/service/descriptor_service.hpp>

#include "classify.hpp"
#include "wait_events.hpp"

#include <urio/detail/loop/loop.hpp>

#include <boost/asio/error.hpp>

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

descriptor_service::descriptor_service(boost::asio::execution_context& context)
    : service_base<descriptor_service>(context)
    , engine_(use_engine(context))
{
}

error_code descriptor_service::assign(implementation_type& impl, int descriptor,
                                      error_code& ec)
{
    if (is_open(impl))
        return ec = boost::asio::error::already_open;
    struct ::stat s = {};
    int const flags = ::fcntl(descriptor, F_GETFL);
    if (flags < 0 || ::fstat(descriptor, &s) != 0)
        return ec = error_code(errno, boost::asio::error::get_system_category());

    descriptor_traits t = classify(descriptor, s);
    t.non_blocking = (flags & O_NONBLOCK) != 0;
    impl.object_ = &engine_.open_object(descriptor, t);
    impl.descriptor_ = descriptor;
    impl.state_ = descriptor_ops::possible_dup;
    return ec = error_code();
}

void descriptor_service::destroy(implementation_type& impl) noexcept
{
    if (!is_open(impl))
        return;
    BOOST_ASIO_HANDLER_OPERATION((context(), "descriptor", &impl,
                                  static_cast<std::uintmax_t>(impl.descriptor_),
                                  "close"));
    if (engine_.retire(*impl.object_) == engine::ownership::caller_closes)
    {
        error_code ignored;
        descriptor_ops::close(impl.descriptor_, impl.state_, ignored);
    }
}

error_code descriptor_service::close(implementation_type& impl, error_code& ec)
{
    ec = error_code();
    if (is_open(impl))
    {
        BOOST_ASIO_HANDLER_OPERATION((context(), "descriptor", &impl,
                                      static_cast<std::uintmax_t>(impl.descriptor_),
                                      "close"));
        // The descriptor is closed even if close(2) reports an error.
        if (engine_.retire(*impl.object_) == engine::ownership::caller_closes)
            descriptor_ops::close(impl.descriptor_, impl.state_, ec);
        construct(impl);
    }
    return ec;
}

int descriptor_service::release(implementation_type& impl, error_code& ec)
{
    ec = error_code();
    if (!is_open(impl))
        return -1;
    BOOST_ASIO_HANDLER_OPERATION((context(), "descriptor", &impl,
                                  static_cast<std::uintmax_t>(impl.descriptor_),
                                  "release"));
    engine_.release(*impl.object_, ec);
    if (ec)
        return -1;
    return std::exchange(impl, {}).descriptor_;
}

int descriptor_service::release(implementation_type& impl)
{
    error_code ec;
    int const descriptor = release(impl, ec);
    throw_error(ec, "release");
    return descriptor;
}

error_code descriptor_service::cancel(implementation_type& impl, error_code& ec)
{
    if (!is_open(impl))
        return ec = boost::asio::error::bad_descriptor;
    BOOST_ASIO_HANDLER_OPERATION((context(), "descriptor", &impl,
                                  static_cast<std::uintmax_t>(impl.descriptor_),
                                  "cancel"));
    engine_.cancel(*impl.object_);
    return ec = error_code();
}

void descriptor_service::flush_before(implementation_type& impl, wait_type w,
                                      std::size_t size) noexcept
{
    if (!is_open(impl))
        return;
    engine_.flush(*impl.object_);
    if (impl.state_ & descriptor_ops::user_set_non_blocking)
        return;
    // Pipes and their like are ready for so much and no more.
    if (size > PIPE_BUF || !is_ready_now(impl.descriptor_, events_of(w)))
        engine_.flush();
}

error_code descriptor_service::wait(implementation_type& impl, wait_type w,
                                    error_code& ec)
{
    flush_before(impl, w, 0);
    switch (w)
    {
    case wait_type::wait_read:
        descriptor_ops::poll_read(impl.descriptor_, impl.state_, ec);
        break;
    case wait_type::wait_write:
        descriptor_ops::poll_write(impl.descriptor_, impl.state_, ec);
        break;
    case wait_type::wait_error:
        descriptor_ops::poll_error(impl.descriptor_, impl.state_, ec);
        break;
    default:
        ec = boost::asio::error::invalid_argument;
        break;
    }
    return ec;
}

short descriptor_service::events_of(wait_type w) noexcept
{
    return events_of_wait(w);
}

} // namespace detail
} // namespace urio::inline URIO_ABI
