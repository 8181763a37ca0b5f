// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the programs that benchmark files have in common: the work that one is asked to
// do, when it ends, and what the program prints of it.
#pragma once

#include "../common/system_calls.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace bench
{

// The same work for every program. It ends after so many operations or so much time,
// whichever comes first.
struct work
{
    std::string path; // a file, or a folder of files
    std::string mode; // which of the forms that the program has
    bool write = false;
    bool direct = false;     // O_DIRECT
    bool sequential = false; // block after block, once; otherwise random blocks
    bool sync = false;       // fdatasync(2) at the end, within the time
    bool verify = false;     // look at all bytes, which takes time
    bool count = false;      // count system calls, which takes time, too
    unsigned depth = 1;      // operations in flight
    std::size_t block = 4096;
    std::uint64_t salt = 0;       // what is written differs from run to run by it
    std::uint64_t operations = 0; // 0: as many as there is time for
    double seconds = 0;           // 0: as long as it takes
    unsigned files = 10000;       // in a folder
};

// Ends the program with a usage text, if it is asked for, or if the options are wrong.
work parse(int argc, char** argv);

// Ends the program: this form cannot run here, for example because the kernel has no
// io_uring. Who runs it leaves it out, and says why.
[[noreturn]] void cannot_run(const std::string& why);

// Ends the program with the text of an error number.
[[noreturn]] void fail(const char* what, int error);

// What has been done.
struct totals
{
    std::uint64_t operations = 0;
    std::uint64_t bytes = 0;
};

// Set by a signal when the time is up. A signal, because another thread would make the
// kernel count references to descriptors, which single-threaded programs are spared.
extern std::atomic<bool> time_is_up;

// Measures from its construction on.
class measurement
{
public:
    explicit measurement(const work& w);

    // Takes the times.
    void stop();

    // Prints one line of JSON.
    void print(const work& w, const totals& t) const;

private:
    struct times
    {
        double wall, user, system;
    };

    static times now();

    times begin_;
    times used_{};
    std::optional<system_call_counter> counter_;
    std::optional<std::uint64_t> calls_;
};

} // namespace bench
