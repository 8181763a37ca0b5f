// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Buffers that are registered with io_uring.
#pragma once

#include <urio/detail/loop/loop.hpp>
#include <urio/detail/service/registered_buffer.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/is_executor.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/registered_buffer.hpp>

#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <sys/uio.h>
#include <utility>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

template <class T>
concept registering_context = std::is_convertible_v<T&, boost::asio::execution_context&>;

template <class T>
concept registering_executor =
    boost::asio::is_executor<T>::value || boost::asio::execution::is_executor<T>::value;

template <registering_context Context>
boost::asio::execution_context& registration_context(Context& c) noexcept
{
    return c;
}

template <registering_executor Executor>
boost::asio::execution_context& registration_context(const Executor& ex) noexcept
{
    if constexpr (boost::asio::execution::is_executor<Executor>::value)
        return boost::asio::query(ex, boost::asio::execution::context);
    else
        return ex.context();
}

} // namespace detail

/// Buffers that the kernel knows as long as this object lives, with the interface of
/// boost::asio::buffer_registration.
/**
 * The kernel looks at their pages once, and keeps them in memory, instead of at each
 * operation. The elements, Asio's own `mutable_registered_buffer`, are for the
 * asynchronous reads and writes of the same context's files; everywhere else they are
 * buffers like any others. Several registrations may exist side by side.
 *
 * Not being able to register is no error, see registered(): the elements then are
 * buffers like any others, too. Throws std::bad_alloc, and what the context's engine
 * throws when it is set up.
 *
 * @par Thread safety
 * Distinct objects: safe, also of one context. Shared objects: unsafe. In exclusive mode
 * buffers can be registered before the context first runs, or by the thread that runs
 * it; the end of a registration elsewhere takes effect when that thread runs again.
 *
 * @par Lifetime
 * The context must outlive the registration. The memory must stay valid as long as the
 * registration. That may end while operations are in flight, whose buffers must stay
 * valid as usual.
 *
 * @par Kernel
 * Linux 5.19: io_uring_register_buffers_sparse(3). Up to 16384 buffers of one context, of
 * at most 1 GiB each; they count against RLIMIT_MEMLOCK, see getrlimit(2).
 */
template <class MutableBufferSequence, class Allocator = std::allocator<void>>
class buffer_registration
{
    using buffer_type = boost::asio::mutable_registered_buffer;
    template <class T>
    using vector =
        std::vector<T,
                    typename std::allocator_traits<Allocator>::template rebind_alloc<T>>;

public:
    using allocator_type = Allocator;
    using iterator = typename vector<buffer_type>::const_iterator;
    using const_iterator = iterator;

    /// Register buffers with a context, or with the context of an executor.
    template <detail::registering_executor Executor>
    buffer_registration(const Executor& ex, const MutableBufferSequence& buffers,
                        const Allocator& allocator = Allocator())
        : buffer_registration(detail::use_engine(detail::registration_context(ex)),
                              buffers, allocator)
    {
    }

    template <detail::registering_context ExecutionContext>
    buffer_registration(ExecutionContext& context, const MutableBufferSequence& buffers,
                        const Allocator& allocator = Allocator())
        : buffer_registration(detail::use_engine(detail::registration_context(context)),
                              buffers, allocator)
    {
    }

    buffer_registration(buffer_registration&& other) noexcept
        : sequence_(std::move(other.sequence_))
        , buffers_(std::move(other.buffers_))
        , slots_(std::move(other.slots_))
        , engine_(std::exchange(other.engine_, nullptr))
    {
    }

    buffer_registration& operator=(buffer_registration&& other) noexcept
    {
        if (this != &other)
        {
            unregister();
            sequence_ = std::move(other.sequence_);
            buffers_ = std::move(other.buffers_);
            slots_ = std::move(other.slots_);
            engine_ = std::exchange(other.engine_, nullptr);
        }
        return *this;
    }

    buffer_registration(const buffer_registration&) = delete;
    buffer_registration& operator=(const buffer_registration&) = delete;

    /// Ends the registration. Operations in flight are not affected.
    ~buffer_registration() { unregister(); }

    /// Whether the kernel knows the buffers: all or none.
    bool registered() const noexcept { return engine_ != nullptr; }

    std::size_t size() const noexcept { return buffers_.size(); }

    const_iterator begin() const noexcept { return buffers_.begin(); }
    const_iterator cbegin() const noexcept { return buffers_.cbegin(); }
    const_iterator end() const noexcept { return buffers_.end(); }
    const_iterator cend() const noexcept { return buffers_.cend(); }

    const boost::asio::mutable_registered_buffer& operator[](std::size_t i) const noexcept
    {
        return buffers_[i];
    }

    /// Throws std::out_of_range.
    const boost::asio::mutable_registered_buffer& at(std::size_t i) const
    {
        return buffers_.at(i);
    }

private:
    buffer_registration(detail::engine& e, const MutableBufferSequence& buffers,
                        const Allocator& allocator)
        : sequence_(buffers)
        , buffers_(allocator)
        , slots_(allocator)
    {
        auto const first = boost::asio::buffer_sequence_begin(sequence_);
        auto const last = boost::asio::buffer_sequence_end(sequence_);
        auto const n = static_cast<std::size_t>(std::distance(first, last));
        vector<::iovec> memory(allocator);
        memory.reserve(n);
        buffers_.reserve(n);
        slots_.assign(n, -1);
        for (auto i = first; i != last; ++i)
        {
            boost::asio::mutable_buffer const b(*i);
            memory.push_back({b.data(), b.size()});
        }
        if (e.register_buffers(memory.data(), slots_.data(), n))
            engine_ = std::addressof(e);
        for (std::size_t i = 0; i != n; ++i)
            buffers_.push_back(detail::registered_buffer_access::make(
                {memory[i].iov_base, memory[i].iov_len}, e, slots_[i]));
    }

    void unregister() noexcept
    {
        if (detail::engine* const e = std::exchange(engine_, nullptr))
            e->unregister_buffers(slots_.data(), slots_.size());
    }

    MutableBufferSequence sequence_;
    vector<buffer_type> buffers_;
    vector<int> slots_;
    detail::engine* engine_ = nullptr;
};

/// Register buffers with an execution context, or with that of an executor; see
/// buffer_registration.
template <detail::registering_executor Executor, class MutableBufferSequence,
          class Allocator = std::allocator<void>>
[[nodiscard]] buffer_registration<MutableBufferSequence, Allocator>
register_buffers(const Executor& ex, const MutableBufferSequence& buffers,
                 const Allocator& allocator = Allocator())
{
    return {ex, buffers, allocator};
}

template <detail::registering_context ExecutionContext, class MutableBufferSequence,
          class Allocator = std::allocator<void>>
[[nodiscard]] buffer_registration<MutableBufferSequence, Allocator>
register_buffers(ExecutionContext& context, const MutableBufferSequence& buffers,
                 const Allocator& allocator = Allocator())
{
    return {context, buffers, allocator};
}

} // namespace urio::inline URIO_ABI
