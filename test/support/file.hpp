// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Files for tests.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <unistd.h>

namespace test
{

/// All of a file; nothing if there is none.
inline std::string content_of(const std::filesystem::path& p)
{
    std::ifstream in(p, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A file that is removed with the object.
class temporary_file
{
public:
    explicit temporary_file(
        const std::string& content = {},
        const std::filesystem::path& directory = std::filesystem::temp_directory_path())
    {
        std::string name = (directory / "urio-test-XXXXXX").string();
        int const fd = ::mkstemp(name.data());
        BOOST_REQUIRE(fd >= 0);
        ::close(fd);
        path_ = name;
        std::ofstream(path_, std::ios::binary) << content;
    }

    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    ~temporary_file() { std::filesystem::remove(path_); }

    const std::string& path() const { return path_; }

    void append(const std::string& more) const
    {
        std::ofstream(path_, std::ios::binary | std::ios::app) << more;
    }

    std::string content() const { return content_of(path_); }

private:
    std::string path_;
};

/// A directory that is removed with the object, and all that is in it.
class temporary_directory
{
public:
    temporary_directory()
    {
        std::string name =
            (std::filesystem::temp_directory_path() / "urio-test-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()));
        path_ = name;
    }

    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    ~temporary_directory() { std::filesystem::remove_all(path_); }

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// Bytes that look random and are the same every time.
inline std::string pattern(std::size_t size, unsigned seed = 1)
{
    std::minstd_rand generator(seed);
    std::string s(size, '\0');
    for (char& c : s)
        c = static_cast<char>(generator());
    return s;
}

} // namespace test
