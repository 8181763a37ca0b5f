# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# A build that cannot work stops, and says why: on an Asio whose internals have moved,
# and with macros that take away what urio stands on.

# refuse(<name> <text> [MUTATE <header> <what> <by>] [FLAGS <flag>...]) compiles
# <urio.hpp>, perhaps with an altered header of Asio, and expects the text.
function(refuse name text)
  cmake_parse_arguments(arg "" "" "MUTATE;FLAGS" ${ARGN})
  set(altered ${WORK}/${name})
  file(REMOVE_RECURSE ${altered})
  file(MAKE_DIRECTORY ${altered})
  if(arg_MUTATE)
    list(GET arg_MUTATE 0 header)
    list(GET arg_MUTATE 1 what)
    list(GET arg_MUTATE 2 by)
    file(READ ${BOOST}/${header} content)
    string(REPLACE "${what}" "${by}" changed "${content}")
    if(changed STREQUAL content)
      message(SEND_ERROR "${name}: ${header} has no ${what} to replace")
    endif()
    file(WRITE ${altered}/${header} "${changed}")
  endif()
  file(WRITE ${altered}/all.cpp "#include <urio.hpp>\n")
  execute_process(
    COMMAND ${CXX} -std=c++20 ${arg_FLAGS} -I${altered} -I${INCLUDE} -I${BOOST}
      -fsyntax-only ${altered}/all.cpp
    ERROR_VARIABLE errors RESULT_VARIABLE result)
  string(FIND "${errors}" "${text}" found)
  if(found EQUAL -1)
    message(SEND_ERROR "${name}: expected '${text}', got (${result}):\n${errors}")
  endif()
  message(STATUS "${name}: ${text}")
endfunction()

refuse(service_interface "has changed the interface of its socket service"
  MUTATE boost/asio/detail/reactive_socket_service.hpp
  "void async_send_to(" "void async_send_elsewhere(")
refuse(front_end "no longer holds an io_object_impl of its reactive socket service"
  MUTATE boost/asio/basic_socket.hpp "impl_" "held_")
refuse(newer_version "urio is untested with this Asio"
  MUTATE boost/asio/version.hpp "#define BOOST_ASIO_VERSION 10"
  "#define BOOST_ASIO_VERSION 20")
refuse(older_version "urio needs Boost 1.81"
  MUTATE boost/asio/version.hpp "#define BOOST_ASIO_VERSION 10"
  "#define BOOST_ASIO_VERSION 00")
refuse(no_epoll "do not disable or replace them" FLAGS -DBOOST_ASIO_DISABLE_EPOLL)
refuse(no_eventfd "do not disable eventfd" FLAGS -DBOOST_ASIO_DISABLE_EVENTFD)
refuse(no_threads "urio needs threads" FLAGS -DBOOST_ASIO_DISABLE_THREADS)
refuse(older_language "urio needs C++20" FLAGS -std=c++17)
