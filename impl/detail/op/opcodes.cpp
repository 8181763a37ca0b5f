// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// urio's numbers of operations are the kernel's. (Older headers have no ftruncate.)

#include <urio/detail/op/opcodes.hpp>

#include "../system/liburing.hpp"

namespace urio::inline URIO_ABI
{
namespace detail::opcodes
{

static_assert(fsync == IORING_OP_FSYNC);
static_assert(sendmsg == IORING_OP_SENDMSG);
static_assert(fallocate == IORING_OP_FALLOCATE);
static_assert(close == IORING_OP_CLOSE);
static_assert(statx == IORING_OP_STATX);
static_assert(read == IORING_OP_READ);
static_assert(write == IORING_OP_WRITE);
static_assert(fadvise == IORING_OP_FADVISE);
static_assert(openat2 == IORING_OP_OPENAT2);
static_assert(renameat == IORING_OP_RENAMEAT);
static_assert(unlinkat == IORING_OP_UNLINKAT);
static_assert(mkdirat == IORING_OP_MKDIRAT);
static_assert(symlinkat == IORING_OP_SYMLINKAT);
static_assert(linkat == IORING_OP_LINKAT);

} // namespace detail::opcodes
} // namespace urio::inline URIO_ABI
