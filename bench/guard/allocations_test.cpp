// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Whether the counts of allocations.hpp miss nothing: the forms of malloc(3) and of
// operator new, called here and in the libraries that programs are made of.

#include "allocations.hpp"

#include <liburing.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <new>
#include <string>

namespace
{

// The compiler may leave out what nobody sees.
void* seen(void* p)
{
    asm volatile("" : "+r"(p) : : "memory");
    return p;
}

bool good = true;

// f takes memory, at least so many bytes and in so many calls, which give_back returns.
template <class Take, class GiveBack>
void check(const char* what, std::uint64_t calls, std::int64_t bytes, Take take,
           GiveBack give_back)
{
    std::uint64_t const calls_before = bench::allocations();
    std::int64_t const bytes_before = bench::live_bytes();
    void* const p = seen(take());
    std::uint64_t const counted = bench::allocations() - calls_before;
    std::int64_t const kept = bench::live_bytes() - bytes_before;
    give_back(p);
    std::int64_t const left = bench::live_bytes() - bytes_before;
    if (p && counted == calls && kept >= bytes && left == 0)
        return;
    std::printf("%s: %llu calls of %llu, %lld bytes, %lld of them left\n", what,
                static_cast<unsigned long long>(counted),
                static_cast<unsigned long long>(calls), static_cast<long long>(kept),
                static_cast<long long>(left));
    good = false;
}

} // namespace

int main()
{
    auto const release = [](void* p) { std::free(p); };
    auto const aligned = std::align_val_t(64);

    check("malloc", 1, 100, [] { return std::malloc(100); }, release);
    check("calloc", 1, 100, [] { return std::calloc(10, 10); }, release);
    check(
        "realloc", 2, 1000, [] { return std::realloc(seen(std::malloc(10)), 1000); },
        release);
    check("aligned_alloc", 1, 128, [] { return std::aligned_alloc(64, 128); }, release);
    check("memalign", 1, 100, [] { return ::memalign(64, 100); }, release);
    check(
        "posix_memalign", 1, 100,
        []
        {
            void* p = nullptr;
            return ::posix_memalign(&p, 64, 100) == 0 ? p : nullptr;
        },
        release);
    check(
        "new", 1, 100, [] { return ::operator new(100); },
        [](void* p) { ::operator delete(p); });
    check(
        "new[]", 1, 100, [] { return ::operator new[](100); },
        [](void* p) { ::operator delete[](p); });
    check(
        "new(nothrow)", 1, 100, [] { return ::operator new(100, std::nothrow); },
        [](void* p) { ::operator delete(p); });
    check(
        "new(align_val_t)", 1, 100, [&] { return ::operator new(100, aligned); },
        [&](void* p) { ::operator delete(p, aligned); });
    check("in glibc", 1, 6, [] { return ::strdup("a copy"); }, release);
    // basic_string of wchar_t is compiled into libstdc++, and grows there.
    check(
        "in libstdc++", 2, 4000,
        []
        {
            auto* const s = new std::wstring;
            s->reserve(1000);
            return s;
        },
        [](void* p) { delete static_cast<std::wstring*>(p); });
    if (::io_uring_probe* const probe = ::io_uring_get_probe())
    {
        ::io_uring_free_probe(probe);
        check(
            "in liburing", 1, 16, [] { return ::io_uring_get_probe(); },
            [](void* p) { ::io_uring_free_probe(static_cast<::io_uring_probe*>(p)); });
    }
    return good ? 0 : 1;
}
