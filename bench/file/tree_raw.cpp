// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The same files opened, read and closed directly on liburing: in the mode `linked`, as
// one submission of three linked entries with a descriptor of the ring's own; otherwise
// each step when the one before it is complete.

#include "raw_ring.hpp"
#include "tree.hpp"

#include <fcntl.h>

namespace
{

class reader
{
public:
    reader(const bench::work& w, bench::raw_ring& ring)
        : ring_(ring)
        , linked_(w.mode == "linked")
    {
        if (linked_ && io_uring_register_files_sparse(ring.get(), w.depth) < 0)
            bench::cannot_run("io_uring_register_files_sparse needs Linux 5.19");
    }

    void start(bench::tree_chain& c)
    {
        if (!c.next())
            return;
        c.step = 0;
        io_uring_sqe* const sqe = ring_.entry();
        if (linked_)
        {
            io_uring_prep_openat_direct(sqe, AT_FDCWD, c.name().c_str(), O_RDONLY, 0,
                                        c.index());
            sqe->flags |= IOSQE_IO_LINK;
        }
        else
            io_uring_prep_openat(sqe, AT_FDCWD, c.name().c_str(), O_RDONLY | O_CLOEXEC,
                                 0);
        io_uring_sqe_set_data(sqe, &c);
        if (!linked_)
            return;
        // A short read, as of a file that is smaller than the buffer, breaks a soft link.
        read(c, static_cast<int>(c.index()))->flags |=
            IOSQE_FIXED_FILE | IOSQE_IO_HARDLINK;
        close(c);
    }

    void completed(bench::tree_chain& c, int result)
    {
        if (result < 0)
            bench::fail(c.name().c_str(), -result);
        switch (c.step++)
        {
        case 0:
            c.descriptor = result;
            if (!linked_)
                read(c, c.descriptor);
            break;
        case 1:
            c.done(result);
            if (!linked_)
                close(c);
            break;
        default:
            start(c);
        }
    }

private:
    io_uring_sqe* read(bench::tree_chain& c, int descriptor)
    {
        io_uring_sqe* const sqe = ring_.entry();
        io_uring_prep_read(sqe, descriptor, c.data(), static_cast<unsigned>(c.size()), 0);
        io_uring_sqe_set_data(sqe, &c);
        return sqe;
    }

    void close(bench::tree_chain& c)
    {
        io_uring_sqe* const sqe = ring_.entry();
        if (linked_)
            io_uring_prep_close_direct(sqe, c.index());
        else
            io_uring_prep_close(sqe, c.descriptor);
        io_uring_sqe_set_data(sqe, &c);
    }

    bench::raw_ring& ring_;
    bool linked_;
};

} // namespace

int main(int argc, char** argv)
{
    bench::work const w = bench::parse(argc, argv);
    bench::raw_ring ring(w);
    auto chains = bench::make_tree_chains(w);
    reader r(w, ring);

    bench::measurement m(w);
    for (bench::tree_chain& c : chains)
        r.start(c);
    ring.run([&](void* data, int result)
             { r.completed(*static_cast<bench::tree_chain*>(data), result); });
    m.stop();
    m.print(w, bench::add_up(chains));
}
