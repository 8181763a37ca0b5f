// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The same appends by blocking calls, in a loop over the files or in a pool.

#include "append.hpp"
#include "blocking.hpp"

int main(int argc, char** argv)
{
    bench::work const w = bench::parse(argc, argv);
    auto chains = bench::make_append_chains(w);
    auto const append = [](bench::append_chain& c)
    {
        if (!c.next())
            return false;
        ssize_t const n =
            ::pwrite(c.descriptor(), c.data(), c.size(), static_cast<off_t>(c.offset()));
        c.written(n < 0 ? -errno : n);
        c.done(::fdatasync(c.descriptor()) == 0 ? 0 : -errno);
        return true;
    };
    bench::blocking run(w);

    bench::measurement m(w);
    run(chains, append);
    m.stop();
    bench::finish_appends(w, m, chains);
}
