// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A body that is read and thrown away.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>

#include <cstddef>
#include <cstdint>

/// In Beast's terms a Body that can be parsed.
struct discarded_body
{
    struct value_type
    {
    };

    class reader
    {
    public:
        template <bool IsRequest, class Fields>
        reader(boost::beast::http::header<IsRequest, Fields>&, value_type&)
        {
        }

        void init(const boost::optional<std::uint64_t>&, boost::beast::error_code& ec)
        {
            ec = {};
        }

        template <class Buffers>
        std::size_t put(const Buffers& buffers, boost::beast::error_code& ec)
        {
            ec = {};
            return boost::asio::buffer_size(buffers);
        }

        void finish(boost::beast::error_code& ec) { ec = {}; }
    };
};
