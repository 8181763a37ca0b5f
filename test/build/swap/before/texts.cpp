// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What only looks like Asio: boost::asio::io_context in a comment, and in literals.
#include "parts.hpp"

/* namespace net = boost::asio;
   using namespace boost::asio; */

// A comment that goes on \
   in boost::asio::ip::tcp

namespace other
{
namespace asio
{
constexpr int io_context = 1'000'000;
}
namespace boost
{
constexpr int asio = 'a';
}
} // namespace other

struct has_member
{
    int asio = other::asio::io_context + other::boost::asio;
    char quote = '"';
};

const char* texts()
{
    return "boost::asio::io_context \" boost::asio // "
           R"(boost::asio::io_context ")" R"x(using namespace boost::asio;)" /* )x"
           "*/ namespace net = boost::asio;";
}
