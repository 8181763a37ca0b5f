// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "ring.hpp"

#include "availability.hpp"
#include "syscalls.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

constexpr unsigned max_entries = 32768;
constexpr unsigned max_completions = 2 * max_entries;
constexpr unsigned usual_entries = 256;
// With it each of the two queues is one page. There is no smaller ring.
constexpr unsigned smallest_entries = 32;

unsigned completions_of(const uring_options& options, unsigned entries) noexcept
{
    return options.cq_entries ? options.cq_entries
                              : std::min(4 * entries, max_completions);
}

// From what we want to what every kernel has that urio can use. An older kernel
// answers EINVAL to flags that it does not know.
std::array<unsigned, 4> flag_sets(const uring_options& options)
{
    constexpr unsigned all = IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL;
    constexpr unsigned cooperative =
        all | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
    constexpr unsigned exclusive = all | IORING_SETUP_TASKRUN_FLAG |
                                   IORING_SETUP_SINGLE_ISSUER |
                                   IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_R_DISABLED;

    unsigned const shared = options.cooperative ? cooperative : all;
    unsigned const best = options.threads == thread_mode::exclusive ? exclusive : shared;
    return {best, shared, all, IORING_SETUP_CQSIZE};
}

// What the kernel has does not change while a process runs. Null, and an error number, if
// it does not tell. Neither locked, for a child process has no use for a thread's lock,
// nor ever freed, for the last context may outlive what is static here.
const ::io_uring_probe* ask_once(::io_uring& ring, std::size_t operations, int& error)
{
    static std::atomic<const ::io_uring_probe*> answer{nullptr};
    if (const ::io_uring_probe* const known = answer.load(std::memory_order_acquire))
        return known;
    std::unique_ptr<::io_uring_probe, decltype(&std::free)> probe(
        static_cast<::io_uring_probe*>(std::calloc(
            1, sizeof(::io_uring_probe) + operations * sizeof(::io_uring_probe_op))),
        &std::free);
    error = probe ? -::io_uring_register_probe(&ring, probe.get(),
                                               static_cast<unsigned>(operations))
                  : ENOMEM;
    if (error > 0)
        return nullptr;
    const ::io_uring_probe* first = nullptr;
    if (answer.compare_exchange_strong(first, probe.get(), std::memory_order_acq_rel))
        first = probe.release();
    return first;
}

// To count the processors, a file is opened and read.
unsigned count_cores_once() noexcept
{
    static std::atomic<unsigned> answer{0};
    unsigned n = answer.load(std::memory_order_relaxed);
    if (n == 0)
        answer.store(n = std::max(1u, std::thread::hardware_concurrency()),
                     std::memory_order_relaxed);
    return n;
}

} // namespace

void check(const uring_options& options)
{
    if (options.entries > max_entries)
        throw std::invalid_argument("urio: uring_options::entries must be 0 to 32768");
    unsigned const entries = options.entries ? options.entries : usual_entries;
    if (options.cq_entries != 0 &&
        (options.cq_entries < entries || options.cq_entries > max_completions))
        throw std::invalid_argument("urio: uring_options::cq_entries must be 0 or at "
                                    "least `entries`, and at most 65536");
}

int ring::set_up(const uring_options& options, unsigned entries)
{
    int error = 0;
    for (unsigned const flags : flag_sets(options))
    {
        ::io_uring_params params{};
        params.flags = flags;
        params.cq_entries = completions_of(options, entries);
        error = -syscalls().load()->queue_init_params(entries, &ring_, &params);
        if (error != EINVAL)
            break;
    }
    return error;
}

ring::ring(const uring_options& options)
{
    check(options);

    unsigned entries = options.entries ? options.entries : usual_entries;
    int error = set_up(options, entries);
    // Who asks for a size is not given another one.
    if (options.entries == 0 && options.cq_entries == 0 && is_memory_limit(error))
        for (; error == ENOMEM && entries > smallest_entries; shortened_ = true)
            error = set_up(options, entries /= 2);
    if (error == EINVAL && set_up({}, 1) == 0)
    {
        // What the kernel does not know is the size, not the flags.
        ::io_uring_queue_exit(&ring_);
        throw boost::system::system_error(
            EINVAL, boost::system::system_category(),
            "io_uring_setup: this kernel has no ring of " + std::to_string(entries) +
                " entries and " + std::to_string(completions_of(options, entries)) +
                " completions");
    }
    if (error != 0)
        throw_unavailable(error);

    if (auto const missing = missing_features(ring_.features); !missing.empty())
    {
        ::io_uring_queue_exit(&ring_);
        throw_too_old(missing);
    }

    if (error = ask_for_operations(); error != 0)
    {
        ::io_uring_queue_exit(&ring_);
        throw_unavailable(error);
    }
    if (auto const missing = missing_operations(operations_); !missing.empty())
    {
        ::io_uring_queue_exit(&ring_);
        throw_too_old(missing);
    }

    headers_.reset(new (std::nothrow)::msghdr[ring_.sq.ring_entries]);
    if (!headers_)
    {
        ::io_uring_queue_exit(&ring_);
        throw std::bad_alloc();
    }

    // Entry i is always found at place i; the kernel's indirection is not used.
    if (ring_.sq.array)
        for (unsigned i = 0; i != ring_.sq.ring_entries; ++i)
            ring_.sq.array[i] = i;

    // A child process must not write into its parent's queues.
    ::io_uring_ring_dontfork(&ring_);

    limit_workers(options);

    if (ring_.features & feature_no_iowait)
        wait_flags_ |= enter_no_iowait;
}

// The limits are the thread's, not the ring's, and the kernel's default for file
// operations depends on the entries of the thread's first ring: were that a small one,
// such as a probe's, all later ones would have to do with its few workers. Zero leaves a
// limit as it is. Older kernels do not know the call: they keep their defaults.
void ring::limit_workers(const uring_options& options, unsigned more) noexcept
{
    unsigned const cores = count_cores_once();
    unsigned limits[2] = {
        (options.max_bounded_workers ? options.max_bounded_workers : 4 * cores) + more,
        options.max_unbounded_workers};
    (void)::io_uring_register_iowq_max_workers(&ring_, limits);
}

ring::~ring()
{
    if (!disowned_)
        ::io_uring_queue_exit(&ring_);
}

// The queues are not mapped here (MADV_DONTFORK), and something else may be by now.
void ring::disown() noexcept
{
    disowned_ = true;
    ::close(ring_.ring_fd);
}

int ring::ask_for_operations()
{
    int error = 0;
    const ::io_uring_probe* const probe = ask_once(ring_, operations_.size(), error);
    if (!probe)
        return error;
    auto const supported = syscalls().load()->opcode_supported;
    for (std::size_t op = 0; op != operations_.size(); ++op)
        operations_[op] = supported(probe, static_cast<int>(op)) != 0;
    return 0;
}

int ring::enter(unsigned submit, unsigned wait_for, unsigned flags,
                ::__kernel_timespec* timeout) noexcept
{
    if (wait_for != 0)
        flags |= IORING_ENTER_GETEVENTS | wait_flags_;

    ::io_uring_getevents_arg argument{};
    if (!timeout)
        return syscalls()
            .load(std::memory_order_relaxed)
            ->enter2(ring_.ring_fd, submit, wait_for, flags, nullptr, _NSIG / 8);

    argument.ts = reinterpret_cast<std::uint64_t>(timeout);
    argument.sigmask_sz = _NSIG / 8;
    return syscalls()
        .load(std::memory_order_relaxed)
        ->enter2(ring_.ring_fd, submit, wait_for, flags | IORING_ENTER_EXT_ARG, &argument,
                 sizeof(argument));
}

int ring::change(unsigned opcode, const void* argument, unsigned n) noexcept
{
    return syscalls().load()->change(static_cast<unsigned>(ring_.ring_fd), opcode,
                                     argument, n);
}

int ring::enable() noexcept
{
    if (!(ring_.flags & IORING_SETUP_R_DISABLED))
        return 0;
    // liburing 2.3 declares io_uring_enable_rings, but its shared library lacks it.
    return ::io_uring_register(static_cast<unsigned>(ring_.ring_fd),
                               IORING_REGISTER_ENABLE_RINGS, nullptr, 0);
}

} // namespace detail
} // namespace urio::inline URIO_ABI
