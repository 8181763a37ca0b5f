# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https:#www.boost.org/LICENSE_1_0.txt)

# A program that is not touched runs on urio where all of its source files include
# <urio/replace_asio.hpp>; and is not linked where some do not.

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
set(ENV{URIO_LOG} 1)

execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE output ERROR_VARIABLE log
  COMMAND_ERROR_IS_FATAL ANY)
if(NOT output STREQUAL "hello\n" OR NOT log MATCHES "urio: backend: io_uring")
  message(FATAL_ERROR "It printed:\n${output}${log}")
endif()

file(WRITE ${WORK}/main.cpp "#include <boost/asio.hpp>\nint use();\n"
  "int main() { boost::asio::io_context c; boost::asio::ip::tcp::socket s(c); return use(); }\n")
file(WRITE ${WORK}/asio.cpp "#include <boost/asio.hpp>\n"
  "int use() { boost::asio::io_context c; boost::asio::ip::tcp::socket s(c); return 0; }\n")
file(WRITE ${WORK}/pipe.cpp "#include <boost/asio.hpp>\n"
  "int use() { boost::asio::io_context c; boost::asio::readable_pipe p(c); return 0; }\n")
file(WRITE ${WORK}/port.cpp "#include <boost/asio.hpp>\n"
  "int use() { boost::asio::io_context c; boost::asio::serial_port p(c); return 0; }\n")
file(WRITE ${WORK}/urio.cpp "#include <urio.hpp>\n"
  "int use() { urio::io_context c; urio::ip::tcp::socket s(c); return 0; }\n")

function(compile name)
  execute_process(COMMAND ${CXX} -std=c++20 -I${INCLUDE} -I${BOOST} ${ARGN}
    -c ${WORK}/${name}.cpp -o ${WORK}/${name}.o COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(link text)
  list(TRANSFORM ARGN PREPEND ${WORK}/)
  execute_process(COMMAND ${CXX} ${ARGN} ${LIBRARY} ${URING} ${SCRIPT} -o ${WORK}/program
    OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
  if(text STREQUAL "" AND result EQUAL 0)
    return()
  endif()
  string(FIND "${output}" "${text}" found)
  if(text STREQUAL "" OR result EQUAL 0 OR found EQUAL -1)
    message(SEND_ERROR "${ARGN}: expected '${text}', got (${result}):\n${output}")
  endif()
endfunction()

set(replaced -include urio/replace_asio.hpp)
compile(main ${replaced})
compile(asio ${replaced})
link("" main.o asio.o)
compile(asio)
link("uses sockets of boost::asio::ip::tcp is compiled without" main.o asio.o)
compile(urio)
link("a source file that includes urio is compiled without" main.o urio.o)
compile(urio ${replaced})
link("" main.o urio.o)
compile(pipe)
link("uses Asio's descriptors or pipes is compiled without" main.o pipe.o)
compile(pipe ${replaced})
link("" main.o pipe.o)
# A serial port is Asio's own in any case.
compile(port ${replaced})
link("" main.o port.o)
# Source files that do not replace anything link without the script.
set(SCRIPT "")
compile(main)
compile(urio)
link("" main.o urio.o)

# Too late.
file(WRITE ${WORK}/late.cpp "#include <urio.hpp>\n#include <urio/replace_asio.hpp>\n")
execute_process(COMMAND ${CXX} -std=c++20 -I${INCLUDE} -I${BOOST} -fsyntax-only
  ${WORK}/late.cpp ERROR_VARIABLE errors RESULT_VARIABLE result)
if(NOT errors MATCHES "comes before all other headers")
  message(SEND_ERROR "late: got (${result}):\n${errors}")
endif()
