// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the programs that run contestants have in common.
#pragma once

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace bench
{

inline double median(std::vector<double> v)
{
    std::sort(v.begin(), v.end());
    return v[v.size() / 2];
}

// In a child process: become the program, whose words are separated by spaces.
[[noreturn]] inline void execute(const std::string& command)
{
    std::istringstream in(command);
    std::vector<std::string> words;
    for (std::string word; in >> word;)
        words.push_back(word);
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    std::perror(argv[0]);
    ::_exit(127);
}

// Whether there is the program of a command.
inline bool is_there(const std::string& command)
{
    return ::access(command.substr(0, command.find(' ')).c_str(), X_OK) == 0;
}

// For tables: the command without the folder of its program.
inline std::string without_folder(const std::string& command)
{
    std::size_t const end = std::min(command.find(' '), command.size());
    std::size_t const slash = command.rfind('/', end);
    return slash == std::string::npos ? command : command.substr(slash + 1);
}

} // namespace bench
