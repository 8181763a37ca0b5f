// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The contract that every selector fulfils, and what they have in common.
//
// - A registration has a key. The system's interface is given the key, and what it
//   reports is looked up by it, under the lock that registration changes take as well:
//   so an event of what has been removed or replaced is never handed out.
// - Registering what is registered fails with EEXIST, changing or removing what is not
//   with ENOENT, and a failure changes nothing.
// - Changes take effect on a wait that is under way.
// - A wait starts when it is called; whatever goes on inside does not prolong it.
#pragma once

#include "deadline.hpp"
#include "registrations.hpp"
#include "wake_descriptor.hpp"
#include <urio/detail/process/process_mutex.hpp>

#include <urio/reactor/events.hpp>
#include <urio/reactor/options.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace urio::reactor::detail
{

class selector
{
public:
    explicit selector(waker_kind kind);
    virtual ~selector();

    virtual selector_kind kind() const noexcept = 0;
    virtual int native_handle() const noexcept { return -1; }

    void wait(events& out, timeout limit, error_code& ec);

    /// Returns the key of the registration, 0 if there is an error.
    key add(int fd, const registration& what, error_code& ec);
    key change(int fd, const registration& what, error_code& ec);
    void remove(int fd, error_code& ec);

    /// Removes the registration of the key, if there still is one.
    void release(key k) noexcept;

    std::optional<registration> find(int fd);

    bool registered(key k);

    /// Tells somebody of tokens, from now on; null to end that, after which no call is
    /// under way. With an observer a level-triggered registration reports what it has
    /// once, and then not before report_again(): the wait goes on for others meanwhile.
    void observe(token_observer* o) noexcept;

    /// Lets level-triggered registrations report anew: those with the token, or all.
    void report_again(std::optional<token> which) noexcept;

    /// Whether failed() is to be called.
    virtual bool wants_failures() const noexcept { return false; }

    /// An operation failed: a selector that emulates edges arms the directions again if
    /// it would have blocked.
    virtual void failed(key, interest, const error_code&) noexcept {}

    virtual void open_waker(token t, error_code& ec);
    virtual void wake(error_code& ec) const noexcept;
    virtual void close_waker() noexcept;

protected:
    using slot = registrations::slot;

    /// How often the system is to report it.
    trigger trigger_of(const slot& s) const noexcept
    {
        return observed_ && s.what.when == trigger::level ? trigger::oneshot
                                                          : s.what.when;
    }

    /// The interests that the selector knows.
    virtual bool knows(interest i) const noexcept = 0;

    // The system's part; the lock is held. Return 0 or the error.
    virtual int add_to_system(slot& s) = 0;
    virtual int change_in_system(slot& s, const registration& before) = 0;
    virtual int remove_from_system(slot& s) = 0;

    /// Waits. The events are empty and have a capacity.
    virtual void wait_in_system(events& out, const deadline& until, error_code& ec) = 0;

    // For wait_in_system.
    static bool full(const events& out) noexcept;
    void hand_out(events& out, const slot& s, std::uint16_t bits, std::uint32_t native);
    /// An event that belongs to no registration.
    static void hand_out(events& out, const event& e);

    process::process_mutex mutex_;
    std::shared_ptr<registrations> table_ = std::make_shared<registrations>();
    waker_kind waker_kind_;
    std::unique_ptr<wake_descriptor> waker_;
    key waker_key_ = 0;

private:
    bool observed_ = false;
    std::vector<key> reported_; // level-triggered ones, for report_again()
    std::atomic<bool> any_reported_{false};
};

/// One that the options ask for. Throws boost::system::system_error.
std::shared_ptr<selector> make_selector(const options& o);

std::shared_ptr<selector> make_epoll_selector(waker_kind kind);
std::shared_ptr<selector> make_poll_selector(waker_kind kind);
std::shared_ptr<selector> make_kqueue_selector(waker_kind kind);

/// The inside of the public classes, for what passes events on, and for tests that put a
/// selector of their own below a poll.
struct access
{
    using entry = events::entry;

    static poll make_poll(std::shared_ptr<selector> s);
    static std::uint16_t bits(const event& e) noexcept { return e.bits_; }
    static std::vector<entry>& entries(events& e) noexcept { return e.entries_; }
    /// Lets the entries of one be in the other as well.
    static void keep(events& out, const events& from) { out.keeps_ = from.keeps_; }
};

} // namespace urio::reactor::detail
