// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Files that are kept open, the ones that were asked for last in front.
#pragma once

#include "open_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

/// A file that is open, with what its HTTP responses say of it.
struct content
{
    content(net::io_context& context, int descriptor) : file(context, descriptor) {}

    open_file file;
    std::uint64_t size = 0;
    std::time_t modified = 0;
    std::string etag;
    std::string last_modified;
    std::string_view mime_type;
};

/// As nginx's open_file_cache: what was found is believed for one period of the clock,
/// and what nobody asks for is closed after `kept_for`, so that deleted files do not
/// stay.
class file_cache
{
public:
    static constexpr unsigned kept_for = 10;

    explicit file_cache(std::size_t capacity)
        : capacity_(std::max<std::size_t>(capacity, 1))
    {
    }

    /// Null if it is not there, or was put there in an earlier period.
    std::shared_ptr<content> find(std::string_view path)
    {
        auto const it = index_.find(path);
        if (it == index_.end() || it->second->checked != now_)
            return nullptr;
        it->second->used = now_;
        entries_.splice(entries_.begin(), entries_, it->second);
        return it->second->file;
    }

    void put(std::string_view path, std::shared_ptr<content> file)
    {
        erase(path);
        if (index_.size() == capacity_)
            erase(entries_.back().path);
        entries_.push_front({std::string(path), std::move(file), now_, now_});
        index_.emplace(entries_.front().path, entries_.begin());
    }

    void erase(std::string_view path)
    {
        if (auto const it = index_.find(path); it != index_.end())
        {
            auto const entry = it->second;
            // The index refers to the text in the entry.
            index_.erase(it);
            entries_.erase(entry);
        }
    }

    /// Closes all files that are not being sent. Returns how many.
    std::size_t close_unused()
    {
        return close_if([](const entry& e) { return e.file.use_count() == 1; });
    }

    /// A period of the clock has passed.
    void tick()
    {
        ++now_;
        close_if([this](const entry& e) { return now_ - e.used > kept_for; });
    }

    std::size_t size() const { return entries_.size(); }

private:
    struct entry
    {
        std::string path;
        std::shared_ptr<content> file;
        unsigned checked;
        unsigned used;
    };

    template <class Condition>
    std::size_t close_if(Condition condition)
    {
        std::size_t closed = 0;
        for (auto it = entries_.begin(); it != entries_.end();)
        {
            auto const next = std::next(it);
            if (condition(*it))
            {
                erase(it->path);
                ++closed;
            }
            it = next;
        }
        return closed;
    }

    std::size_t capacity_;
    unsigned now_ = 0;
    std::list<entry> entries_;
    std::unordered_map<std::string_view, std::list<entry>::iterator> index_;
};
