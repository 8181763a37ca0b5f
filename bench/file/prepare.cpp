// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Makes the files that the contestants read and write: real data, without holes.

#include "../common/command_line.hpp"
#include "blocks.hpp"
#include "tree.hpp"

#include <filesystem>

namespace
{

// Writes so much to a new file. What is in the page cache of it goes, or stays.
void make_file(const std::string& name, std::uint64_t size, std::uint64_t place,
               bool sync, bool cached)
{
    int const fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        bench::fail(name.c_str(), errno);
    std::size_t const most = std::min<std::uint64_t>(size, 1 << 20);
    bench::aligned_memory const buffer = bench::allocate((most + 4095) / 4096 * 4096);
    for (std::uint64_t at = 0; at < size; at += most)
    {
        std::size_t const n = std::min<std::uint64_t>(most, size - at);
        bench::fill(buffer.get(), n, place + at, 0);
        if (::write(fd, buffer.get(), n) != static_cast<ssize_t>(n))
            bench::fail(name.c_str(), errno);
    }
    if (sync && ::fdatasync(fd) != 0)
        bench::fail(name.c_str(), errno);
    if (!cached)
        ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ::close(fd);
}

} // namespace

int main(int argc, char** argv)
try
{
    namespace po = boost::program_options;
    bench::work w;
    std::uint64_t size;
    bool uncached;
    po::options_description options =
        bench::program_options("prepare: makes the files of a benchmark");
    auto add = options.add_options();
    add("path", po::value(&w.path)->required(), "the file, or the folder of files");
    add("size", po::value(&size)->default_value(0), "bytes of the file");
    add("files", po::value(&w.files)->default_value(0), "small files in the folder");
    add("uncached", po::bool_switch(&uncached), "take the file out of the page cache");
    po::variables_map values = bench::read_command_line(argc, argv, options);
    po::notify(values);

    if (size != 0)
    {
        make_file(w.path, size, 0, true, !uncached);
        return 0;
    }
    std::filesystem::create_directories(w.path);
    for (unsigned i = 0; i != w.files; ++i)
    {
        std::filesystem::create_directories(bench::folder_of_file(w, i));
        make_file(bench::name_of_file(w, i), bench::size_of_file(i),
                  bench::place_of_file(i), false, true);
    }
}
catch (const std::exception& e)
{
    std::cerr << "prepare: " << e.what() << '\n';
    return 1;
}
