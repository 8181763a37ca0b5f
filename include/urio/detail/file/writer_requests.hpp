// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The operations of a file_writer.
#pragma once

#include <urio/detail/file/writer_state.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <tuple>

namespace urio::inline URIO_ABI
{
namespace detail
{

struct prepare_request
{
    template <class State>
    void begin(State& state) const
    {
        state.begin(false);
    }

    template <class State>
    std::tuple<error_code, boost::asio::mutable_buffer>
    results(State& state, std::unique_lock<process::process_mutex>&) const
    {
        boost::asio::mutable_buffer const room = state.prepare_room();
        return {state.error(), room};
    }
};

template <class Buffers>
struct write_request
{
    template <class State>
    void begin(State& state) const
    {
        state.begin(false);
    }

    template <class State>
    std::tuple<error_code, std::size_t>
    results(State& state, std::unique_lock<process::process_mutex>& lock) const
    {
        std::size_t copied = 0;
        auto const end = boost::asio::buffer_sequence_end(buffers);
        for (auto i = boost::asio::buffer_sequence_begin(buffers); i != end; ++i)
        {
            boost::asio::const_buffer from(*i);
            while (from.size() != 0)
            {
                boost::asio::mutable_buffer const room = state.room();
                if (room.size() == 0)
                    return taken(state, copied);
                // Completions need not wait until it is copied.
                lock.unlock();
                std::size_t const n = boost::asio::buffer_copy(room, from);
                lock.lock();
                state.commit(n);
                from += n;
                copied += n;
            }
        }
        return taken(state, copied);
    }

    /// An error is for the next operation, if this one has got something done.
    template <class State>
    static std::tuple<error_code, std::size_t> taken(State& state, std::size_t copied)
    {
        return {copied == 0 ? state.error() : error_code(), copied};
    }

    Buffers buffers;
};

struct finish_request
{
    template <class State>
    void begin(State& state)
    {
        state.begin(true);
        state.write_rest();
    }

    template <class State, class Self>
    bool proceed(State& state, Self& self, error_code ec)
    {
        if (!syncing)
        {
            if (sync == file_sync::none || state.error())
                return false;
            syncing = true;
            state.sync(self, sync);
            return true;
        }
        failed = ec;
        if (ec && ec != boost::asio::error::operation_aborted)
            state.sync_failed(ec);
        return false;
    }

    template <class State>
    std::tuple<error_code, std::uint64_t>
    results(State& state, std::unique_lock<process::process_mutex>&) const
    {
        return {state.error() ? state.error() : failed, state.total()};
    }

    file_sync sync;
    bool syncing = false;
    error_code failed{};
};

} // namespace detail
} // namespace urio::inline URIO_ABI
