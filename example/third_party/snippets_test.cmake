# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Each block of C++ in PAGE stands in one of the sources in FOLDER, as it is.

cmake_minimum_required(VERSION 3.22)

file(GLOB sources ${FOLDER}/*.cpp)
set(code "")
foreach(source IN LISTS sources)
  file(READ ${source} text)
  string(APPEND code "${text}")
endforeach()

file(READ ${PAGE} page)
set(begin "```cpp\n")
string(LENGTH "${begin}" begin_length)
set(count 0)
while(TRUE)
  string(FIND "${page}" "${begin}" first)
  if(first EQUAL -1)
    break()
  endif()
  math(EXPR first "${first} + ${begin_length}")
  string(SUBSTRING "${page}" ${first} -1 page)
  string(FIND "${page}" "```" last)
  string(SUBSTRING "${page}" 0 ${last} snippet)
  string(FIND "${code}" "${snippet}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "In no example:\n${snippet}")
  endif()
  math(EXPR count "${count} + 1")
  string(SUBSTRING "${page}" ${last} -1 page)
endwhile()
if(count EQUAL 0)
  message(FATAL_ERROR "${PAGE} shows nothing")
endif()
