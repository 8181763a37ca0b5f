// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What an event leaves behind when it is given up.
#pragma once

#include <urio/config.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{

/// An owner of anything: of what the kernel may still look at when an event is given up,
/// and which is freed when the kernel is done (ringbahn's Cancellation).
/**
 * It is made without an allocation from what is on the heap already: a std::unique_ptr,
 * of one object or of an array; or from a pointer, a number and a function that is called
 * with both. Moving does not throw.
 * @par Thread safety
 * Distinct objects: safe. Shared objects: unsafe.
 */
class cancellation
{
public:
    /// What frees it. Must not throw.
    using drop_function = void (*)(void* data, std::size_t metadata);

    /// Owns nothing.
    cancellation() noexcept = default;

    cancellation(void* data, std::size_t metadata, drop_function drop) noexcept
        : data_(data)
        , metadata_(metadata)
        , drop_(drop)
    {
    }

    template <class T>
    cancellation(std::unique_ptr<T> p) noexcept
        : cancellation(to_void(p.release()), 0, [](void* data, std::size_t)
                       { std::default_delete<T>()(static_cast<pointer_to<T>>(data)); })
    {
    }

    /// A value, moved to the heap. Throws std::bad_alloc.
    template <class T>
        requires(!std::is_reference_v<T> && std::movable<T>)
    static cancellation owning(T value)
    {
        return std::make_unique<T>(std::move(value));
    }

    cancellation(cancellation&& other) noexcept
        : data_(other.data_)
        , metadata_(other.metadata_)
        , drop_(std::exchange(other.drop_, nullptr))
    {
    }

    cancellation& operator=(cancellation&& other) noexcept
    {
        cancellation old(std::move(*this));
        data_ = other.data_;
        metadata_ = other.metadata_;
        drop_ = std::exchange(other.drop_, nullptr);
        return *this;
    }

    ~cancellation()
    {
        if (drop_)
            drop_(data_, metadata_);
    }

    bool owns_anything() const noexcept { return drop_ != nullptr; }

private:
    template <class T>
    using pointer_to = std::remove_extent_t<T>*;

    template <class T>
    static void* to_void(T* p) noexcept
    {
        return const_cast<void*>(static_cast<const void*>(p));
    }

    void* data_ = nullptr;
    std::size_t metadata_ = 0;
    drop_function drop_ = nullptr;
};

} // namespace urio::inline URIO_ABI
