// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/service/fs_service.hpp>

#include <urio/detail/loop/loop.hpp>
#include <urio/fs/error.hpp>

namespace urio::inline URIO_ABI
{
namespace detail
{

fs_service::fs_service(boost::asio::execution_context& context)
    : service_base<fs_service>(context)
    , engine_(use_engine(context))
    , object_(engine_.open_object(-1, {.bounded = true}))
{
}

} // namespace detail

namespace fs
{
namespace
{

std::string describe(const char* operation, const std::string& path1,
                     const std::string& path2)
{
    std::string text = operation;
    for (const std::string* path : {&path1, &path2})
        if (!path->empty())
            text += " \"" + *path + '"';
    return text;
}

} // namespace

filesystem_error::filesystem_error(boost::system::error_code ec, const char* operation,
                                   std::string path1, std::string path2)
    : boost::system::system_error(ec, describe(operation, path1, path2))
    , path1_(std::move(path1))
    , path2_(std::move(path2))
{
}

} // namespace fs
} // namespace urio::inline URIO_ABI
