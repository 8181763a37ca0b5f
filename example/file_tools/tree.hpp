// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What is in a tree that is copied: pairs of paths.
#pragma once

#include "temporary_name.hpp"

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace file_tools
{

/// A directory of the source and its copy.
struct directory_pair
{
    std::string source, target;
    /// Names in the source that are like those of unfinished copies.
    std::set<std::string> like_lasting = {};
};

/// Something in it.
struct item
{
    std::shared_ptr<const directory_pair> directory;
    std::string source_name, target_name;
    std::filesystem::file_type type;
    /// Names of more of the same type, if the two names are the same.
    std::vector<std::string> others = {};
    /// Whether the user has named it.
    bool is_root = false;

    std::string source() const { return path(directory->source, source_name); }
    std::string target() const { return path(directory->target, target_name); }

    /// Where its copy is until it is finished.
    std::string temporary() const
    {
        return path(directory->target, unique_name(target_name));
    }

    /// The same where the copy is to be gone on with another time.
    std::string lasting() const
    {
        return path(directory->target,
                    lasting_name(target_name, directory->like_lasting));
    }

    static std::string path(const std::string& directory, const std::string& name)
    {
        if (directory.empty() || name.empty())
            return directory + name;
        return directory.back() == '/' ? directory + name : directory + '/' + name;
    }
};

} // namespace file_tools
