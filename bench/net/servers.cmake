# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# The servers that are not on Asio, and what all servers have in common (bench_server).

add_library(bench_server STATIC server.cpp)
target_compile_features(bench_server PUBLIC cxx_std_20)
target_link_libraries(bench_server PUBLIC bench_work)

urio_bench(server_raw server_raw.cpp bench_server ${URIO_LIBURING_LIBRARY})
urio_bench(server_multishot server_multishot.cpp bench_server ${URIO_LIBURING_LIBRARY})
urio_bench(server_epoll server_epoll.cpp bench_server)
urio_bench(server_reactor server_reactor.cpp bench_server urio::urio)

find_path(URIO_UV_INCLUDE_DIR uv.h)
find_library(URIO_UV_LIBRARY uv)
if(URIO_UV_INCLUDE_DIR AND URIO_UV_LIBRARY)
  urio_bench(server_uv server_uv.cpp bench_server ${URIO_UV_LIBRARY})
  target_include_directories(server_uv SYSTEM PRIVATE ${URIO_UV_INCLUDE_DIR})
else()
  message(STATUS "server_uv is left out: there is no libuv")
endif()

include(mio.cmake)
