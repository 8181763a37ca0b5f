// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The selector on poll(2), for every POSIX system. Edges are emulated: what has been
// reported is not asked for again before an operation would have blocked.
#pragma once

#include "selector.hpp"

#include <vector>

#include <poll.h>
#include <sys/types.h>

namespace urio::reactor::detail
{

class poll_selector final : public selector
{
public:
    explicit poll_selector(waker_kind kind);

    selector_kind kind() const noexcept override { return selector_kind::poll; }
    bool wants_failures() const noexcept override { return true; }
    void failed(key k, interest directions, const error_code& ec) noexcept override;

private:
    /// A file, which a closed descriptor's number may be that of another one.
    struct identity
    {
        dev_t device;
        ino_t inode;
        bool socket;
        friend bool operator==(const identity&, const identity&) = default;
    };

    /// What poll(2) is to be asked for one registration.
    struct watch
    {
        short asked = 0;    // the events of its interests
        short armed = 0;    // those that have not been reported as edges
        short ended = 0;    // POLLHUP, POLLERR: reported, and poll(2) always would
        bool spent = false; // a one-shot
        identity file{};
    };

    bool knows(interest i) const noexcept override;
    int add_to_system(slot& s) override;
    int change_in_system(slot& s, const registration& before) override;
    int remove_from_system(slot& s) override;
    void wait_in_system(events& out, const deadline& until, error_code& ec) override;

    static int identify(int fd, identity& file) noexcept;
    int check(const slot& s) noexcept;
    void arm(const slot& s) noexcept;
    void interrupt() noexcept;

    void list(const slot& s, short wanted);
    bool look_at_ended(events& out);
    void list_all();
    void collect(events& out);
    void complete();

    // What one pass works on, of the thread that waits.
    std::vector<pollfd> set_;
    std::vector<key> keys_; // of the same places
    std::vector<pollfd> again_;
    std::vector<std::size_t> places_; // of the same in set_
    // What is shared.
    std::vector<watch> watches_; // by the index of the slot
    wake_descriptor interrupter_;
    std::uint32_t first_ = 0; // the slot to begin with, so that none is left out for ever
    bool waiting_ = false;
};

} // namespace urio::reactor::detail
