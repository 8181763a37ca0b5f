// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The buffers that multishot operations receive into: the kernel takes one for each
// completion, and the server gives it back.
#pragma once

#include "server_raw_ring.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace bench
{

class provided_buffers
{
public:
    static constexpr unsigned short group = 0;

    // There is one for each completion of a turn, unless they are large.
    provided_buffers(server_ring& ring, std::size_t size)
        : size_(size)
        , distance_((size + 63) / 64 * 64)
        , count_(static_cast<unsigned>(
              std::bit_floor(std::clamp<std::size_t>((16 << 20) / size, 16, 1024))))
        , entries_(allocate<io_uring_buf_ring>(count_ * sizeof(io_uring_buf)))
        , memory_(allocate<char>(count_ * distance_))
    {
        check_kernel(ring);
        io_uring_buf_reg what{};
        what.ring_addr = reinterpret_cast<std::uintptr_t>(entries_.get());
        what.ring_entries = count_;
        what.bgid = group;
        int const error = io_uring_register_buf_ring(ring.get(), &what, 0);
        if (error < 0)
            cannot_run(std::string("provided buffers: ") + std::strerror(-error));
        io_uring_buf_ring_init(entries_.get());
        for (unsigned id = 0; id != count_; ++id)
            give_back(id);
    }

    unsigned count() const { return count_; }

    // How many the kernel has.
    unsigned available() const { return available_; }

    char* at(unsigned id) const { return memory_.get() + id * distance_; }

    // The number of the one that the kernel has used, from the flags of a completion.
    unsigned taken(unsigned flags)
    {
        --available_;
        return flags >> IORING_CQE_BUFFER_SHIFT;
    }

    void give_back(unsigned id)
    {
        io_uring_buf_ring_add(entries_.get(), at(id), static_cast<unsigned>(size_),
                              static_cast<unsigned short>(id),
                              io_uring_buf_ring_mask(count_), 0);
        io_uring_buf_ring_advance(entries_.get(), 1);
        ++available_;
    }

private:
    // There is no question to the kernel whether it has multishot receive, which came
    // with Linux 6.0, but one about an operation that came with it, too.
    static void check_kernel(server_ring& ring)
    {
        io_uring_probe* const probe = io_uring_get_probe_ring(ring.get());
        bool const has = probe && io_uring_opcode_supported(probe, IORING_OP_SEND_ZC);
        io_uring_free_probe(probe);
        if (!has)
            cannot_run("multishot receive needs Linux 6.0");
    }

    struct release
    {
        void operator()(void* p) const { std::free(p); }
    };

    template <class T>
    using memory = std::unique_ptr<T, release>;

    // Whole pages. The kernel wants that for the entries; and copies to and from buffers
    // that begin a little off a page, as those of malloc do, take half as long again.
    template <class T>
    static memory<T> allocate(std::size_t n)
    {
        void* const p = std::aligned_alloc(4096, (n + 4095) / 4096 * 4096);
        if (!p)
            throw std::bad_alloc();
        return memory<T>(static_cast<T*>(p));
    }

    std::size_t size_;
    std::size_t distance_; // of two buffers: no cache line belongs to both
    unsigned count_;
    unsigned available_ = 0;
    memory<io_uring_buf_ring> entries_;
    memory<char> memory_;
};

} // namespace bench
