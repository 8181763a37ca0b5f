// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What events are about: a descriptor, or a slot of the ring's table of files.
#pragma once

#include <urio/detail/initiate/executor_source.hpp>
#include <urio/detail/system/unique_descriptor.hpp>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

#include <memory>

struct io_uring_sqe;

namespace urio::inline URIO_ABI
{
/// A descriptor that is closed with its owner: get(), release().
using unique_descriptor = detail::unique_descriptor;

namespace detail
{

class engine;

/// Of one run of an event: not carried along when the event is moved.
template <class T>
class transient
{
public:
    transient() noexcept = default;
    transient(transient&&) noexcept {}
    transient& operator=(transient&&) noexcept
    {
        value = T();
        return *this;
    }

    T value{};
};

/// A slot of a ring's table, or a descriptor in its place.
class file_place
{
public:
    file_place(engine* e, int slot) noexcept : engine_(e), slot_(slot) {}
    file_place(const file_place&) = delete;
    file_place& operator=(const file_place&) = delete;
    ~file_place();

    /// -1 if there is none.
    int slot() const noexcept { return slot_; }
    int descriptor() const noexcept { return descriptor_; }
    /// Without a slot: what has been opened, instead of what was there.
    void put(int descriptor) const noexcept;
    /// The same: what was there, to be closed; or -1.
    int take() const noexcept;

private:
    engine* engine_;
    int slot_;
    mutable int descriptor_ = -1;
};

std::shared_ptr<file_place> open_place(boost::asio::execution_context& context);

} // namespace detail

namespace event
{

/// A place in the context's table of files (io_uring_register_files(3)), for a file that
/// is opened into it and has no descriptor in the process.
/**
 * With it the links of a chain can name a file that the first of them opens:
 * @code
 * urio::event::file_slot slot(context);
 * auto chain = urio::link(
 *     urio::event::openat("file", O_RDONLY, 0, slot),
 *     urio::hard_link(urio::event::read(slot, std::vector<char>(100)),
 *                     urio::event::close(slot)));
 * @endcode
 * (A hard link, since a read that reaches the end of the file is short, and what is short
 * ends a chain.) Where the context does not run on io_uring it is a descriptor of the
 * process after all. What a kernel lacks cannot be done to a slot by other means, and
 * ends with EBADF or `operation_not_supported`.
 *
 * Constructing one throws boost::system::system_error, ENFILE, if the table is full or
 * the kernel has none (Linux 5.19). The destructor closes the file that is left in it.
 * The context, and the object while events name it, must last.
 *
 * @par Thread safety
 * Distinct objects: safe. Shared objects: unsafe, but for the events that name it.
 */
class file_slot
{
public:
    template <detail::executor_source Source>
    explicit file_slot(Source&& source)
        : place_(detail::open_place(boost::asio::query(detail::executor_of(source),
                                                       boost::asio::execution::context)))
    {
    }

    const detail::file_place& place() const noexcept { return *place_; }

private:
    std::shared_ptr<detail::file_place> place_;
};

/// A descriptor, which the user keeps open until the event has ended; or a file_slot.
class handle
{
public:
    handle(int descriptor) noexcept : number_(descriptor) {}
    handle(const file_slot& slot) noexcept : place_(&slot.place()) {}

    /// For an entry: that of the slot, or the descriptor.
    int number() const noexcept;
    /// Whether number() is that of a slot (IOSQE_FIXED_FILE).
    bool is_slot() const noexcept;
    /// For system calls: what there is instead of a slot, or the descriptor; -1 if a ring
    /// has the file.
    int descriptor() const noexcept;
    /// Null for a descriptor.
    const detail::file_place* place() const noexcept { return place_; }

private:
    int number_ = -1;
    const detail::file_place* place_ = nullptr;
};

} // namespace event
} // namespace urio::inline URIO_ABI
