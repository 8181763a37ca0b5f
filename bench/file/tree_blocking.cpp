// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The same files opened, read and closed by blocking calls, in a loop or in a pool.

#include "blocking.hpp"
#include "tree.hpp"

#include <fcntl.h>
#include <unistd.h>

int main(int argc, char** argv)
{
    bench::work const w = bench::parse(argc, argv);
    auto chains = bench::make_tree_chains(w);
    auto const read_file = [](bench::tree_chain& c)
    {
        if (!c.next())
            return false;
        int const fd = ::open(c.name().c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            bench::fail(c.name().c_str(), errno);
        ssize_t const n = ::pread(fd, c.data(), c.size(), 0);
        c.done(n < 0 ? -errno : n);
        ::close(fd);
        return true;
    };
    bench::blocking run(w);

    bench::measurement m(w);
    run(chains, read_file);
    m.stop();
    m.print(w, bench::add_up(chains));
}
