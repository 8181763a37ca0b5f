// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/reactor/stream_socket.hpp>

namespace urio::reactor::detail
{

std::size_t stream_socket::read(mutable_buffer to, error_code& ec)
{
    return receive({&to, 1}, none, nullptr, ec);
}

std::size_t stream_socket::read_vectored(std::span<const mutable_buffer> to,
                                         error_code& ec)
{
    return receive(to, none, nullptr, ec);
}

std::size_t stream_socket::write(const_buffer from, error_code& ec)
{
    return send({&from, 1}, nullptr, 0, ec);
}

std::size_t stream_socket::write_vectored(std::span<const const_buffer> from,
                                          error_code& ec)
{
    return send(from, nullptr, 0, ec);
}

void stream_socket::shutdown(shutdown_type how, error_code& ec)
{
    do_shutdown(how, ec);
}

} // namespace urio::reactor::detail
