// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// urio's numbers of operations are the kernel's. (Those that liburing 2.3 does not have
// are compared with a newer one's by test/event_table.)

#include <urio/detail/op/opcodes.hpp>

#include "../system/liburing.hpp"

namespace urio::inline URIO_ABI
{
namespace detail::opcodes
{

static_assert(nop == IORING_OP_NOP);
static_assert(readv == IORING_OP_READV);
static_assert(writev == IORING_OP_WRITEV);
static_assert(fsync == IORING_OP_FSYNC);
static_assert(read_fixed == IORING_OP_READ_FIXED);
static_assert(write_fixed == IORING_OP_WRITE_FIXED);
static_assert(poll_add == IORING_OP_POLL_ADD);
static_assert(poll_remove == IORING_OP_POLL_REMOVE);
static_assert(sync_file_range == IORING_OP_SYNC_FILE_RANGE);
static_assert(sendmsg == IORING_OP_SENDMSG);
static_assert(recvmsg == IORING_OP_RECVMSG);
static_assert(timeout == IORING_OP_TIMEOUT);
static_assert(timeout_remove == IORING_OP_TIMEOUT_REMOVE);
static_assert(accept == IORING_OP_ACCEPT);
static_assert(async_cancel == IORING_OP_ASYNC_CANCEL);
static_assert(link_timeout == IORING_OP_LINK_TIMEOUT);
static_assert(connect == IORING_OP_CONNECT);
static_assert(fallocate == IORING_OP_FALLOCATE);
static_assert(openat == IORING_OP_OPENAT);
static_assert(close == IORING_OP_CLOSE);
static_assert(files_update == IORING_OP_FILES_UPDATE);
static_assert(statx == IORING_OP_STATX);
static_assert(read == IORING_OP_READ);
static_assert(write == IORING_OP_WRITE);
static_assert(fadvise == IORING_OP_FADVISE);
static_assert(madvise == IORING_OP_MADVISE);
static_assert(send == IORING_OP_SEND);
static_assert(recv == IORING_OP_RECV);
static_assert(openat2 == IORING_OP_OPENAT2);
static_assert(epoll_ctl == IORING_OP_EPOLL_CTL);
static_assert(splice == IORING_OP_SPLICE);
static_assert(provide_buffers == IORING_OP_PROVIDE_BUFFERS);
static_assert(remove_buffers == IORING_OP_REMOVE_BUFFERS);
static_assert(tee == IORING_OP_TEE);
static_assert(shutdown == IORING_OP_SHUTDOWN);
static_assert(renameat == IORING_OP_RENAMEAT);
static_assert(unlinkat == IORING_OP_UNLINKAT);
static_assert(mkdirat == IORING_OP_MKDIRAT);
static_assert(symlinkat == IORING_OP_SYMLINKAT);
static_assert(linkat == IORING_OP_LINKAT);
static_assert(msg_ring == IORING_OP_MSG_RING);
static_assert(fsetxattr == IORING_OP_FSETXATTR);
static_assert(setxattr == IORING_OP_SETXATTR);
static_assert(fgetxattr == IORING_OP_FGETXATTR);
static_assert(getxattr == IORING_OP_GETXATTR);
static_assert(socket == IORING_OP_SOCKET);
static_assert(uring_cmd == IORING_OP_URING_CMD);
static_assert(send_zc == IORING_OP_SEND_ZC);
static_assert(sendmsg_zc == IORING_OP_SENDMSG_ZC);

} // namespace detail::opcodes
} // namespace urio::inline URIO_ABI
