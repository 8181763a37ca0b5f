// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Names for Unix domain sockets.
#pragma once

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace test
{

/// A directory for sockets, removed with the object.
class socket_directory
{
public:
    socket_directory()
    {
        std::string name =
            (std::filesystem::temp_directory_path() / "urio-test-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }

    socket_directory(const socket_directory&) = delete;
    socket_directory& operator=(const socket_directory&) = delete;
    ~socket_directory() { std::filesystem::remove_all(path_); }

    std::string operator/(const std::string& name) const { return path_ + '/' + name; }

private:
    std::string path_;
};

/// An abstract name, which leaves no file behind, that nobody has had yet.
inline std::string abstract_name()
{
    static std::atomic<int> count = 0;
    return std::string(1, '\0') + "urio-test-" + std::to_string(::getpid()) + '-' +
           std::to_string(++count);
}

} // namespace test
