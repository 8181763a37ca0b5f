# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# The contestant on mio, from the crates that a distribution has packaged (Debian's
# librust-mio-dev): nothing is downloaded. Without them there is one contestant fewer.

find_program(URIO_CARGO cargo)
find_program(URIO_RUSTC rustc)
set(URIO_CRATES /usr/share/cargo/registry CACHE PATH "The folder of packaged crates")
file(GLOB mio_crate ${URIO_CRATES}/mio-*)
if(NOT URIO_CARGO OR NOT URIO_RUSTC)
  message(STATUS "server_mio is left out: there is no cargo or no rustc")
  return()
elseif(NOT mio_crate)
  message(STATUS "server_mio is left out: there is no mio in ${URIO_CRATES}")
  return()
endif()

set(mio_folder ${CMAKE_CURRENT_BINARY_DIR}/mio)
configure_file(server_mio.toml.in ${mio_folder}/Cargo.toml @ONLY)
# Each time: cargo itself knows what is out of date.
add_custom_target(server_mio ALL
  COMMAND ${CMAKE_COMMAND} -E env RUSTC=${URIO_RUSTC} CARGO_HOME=${mio_folder}/home
    ${URIO_CARGO} build --quiet --release --offline --target-dir ${mio_folder}/target
    --config "source.crates-io.replace-with='packaged'"
    --config "source.packaged.directory='${URIO_CRATES}'"
  COMMAND ${CMAKE_COMMAND} -E copy_if_different
    ${mio_folder}/target/release/server_mio ${CMAKE_CURRENT_BINARY_DIR}
  WORKING_DIRECTORY ${mio_folder} VERBATIM)
add_dependencies(bench_contestants server_mio)
