// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The server on libuv. As programs on it commonly do, it tries to write at once
// (uv_try_write), and makes a request (uv_write) only of what is left over.

#include "server.hpp"

#include <uv.h>

#include <algorithm>
#include <cstring>
#include <sys/socket.h>

namespace
{

bench::server_options options;

void check(int result, const char* what)
{
    if (result < 0)
        bench::fail(what, -result);
}

// One buffer, which is received into and sent from in turn. libuv's handle of it is the
// owner of a connection.
struct connection
{
    uv_any_handle handle{};
    uv_write_t request{};
    std::unique_ptr<char[]> data = std::make_unique_for_overwrite<char[]>(options.buffer);
};

connection& of(void* handle)
{
    return *static_cast<connection*>(static_cast<uv_handle_t*>(handle)->data);
}

void close(uv_handle_t* handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle,
                 [](uv_handle_t* h) { delete static_cast<connection*>(h->data); });
}

void allocate(uv_handle_t* handle, std::size_t, uv_buf_t* buffer)
{
    *buffer = uv_buf_init(of(handle).data.get(), static_cast<unsigned>(options.buffer));
}

void close(uv_stream_t* stream)
{
    close(reinterpret_cast<uv_handle_t*>(stream));
}

void receive(uv_stream_t* stream, uv_read_cb then)
{
    if (uv_read_start(stream, allocate, then) < 0)
        close(stream);
}

void write(uv_stream_t* stream, char* data, std::size_t n, uv_write_cb then)
{
    uv_buf_t const buffer = uv_buf_init(data, static_cast<unsigned>(n));
    if (uv_write(&of(stream).request, stream, &buffer, 1, then) < 0)
        close(stream);
}

void echo(uv_stream_t* stream, ::ssize_t n, const uv_buf_t* buffer)
{
    if (n < 0)
        return close(stream);
    if (n == 0)
        return;
    uv_buf_t const all = uv_buf_init(buffer->base, static_cast<unsigned>(n));
    int const sent = uv_try_write(stream, &all, 1);
    if (sent < 0 && sent != UV_EAGAIN)
        return close(stream);
    if (sent == n)
        return;
    uv_read_stop(stream);
    std::size_t const begin = static_cast<std::size_t>(std::max(sent, 0));
    write(stream, all.base + begin, all.len - begin,
          [](uv_write_t* request, int status)
          {
              if (status < 0)
                  close(request->handle);
              else
                  receive(request->handle, echo);
          });
}

void discard(uv_stream_t* stream, ::ssize_t n, const uv_buf_t*)
{
    if (n < 0)
        close(stream);
}

void send_forever(uv_write_t* request, int status)
{
    if (status < 0)
        close(request->handle);
    else
        write(request->handle, of(request->handle).data.get(), options.buffer,
              send_forever);
}

void accept(uv_stream_t* listener, int status)
{
    if (status < 0)
        return bench::check_accept(-status);
    auto* const c = new connection;
    c->handle.handle.data = c;
    if (options.protocol == "unix")
        check(uv_pipe_init(listener->loop, &c->handle.pipe, 0), "uv_pipe_init");
    else
        check(uv_tcp_init(listener->loop, &c->handle.tcp), "uv_tcp_init");
    uv_stream_t* const stream = &c->handle.stream;
    check(uv_accept(listener, stream), "uv_accept");
    if (options.protocol == "tcp")
        uv_tcp_nodelay(&c->handle.tcp, 1);
    if (options.work != "source")
        return receive(stream, options.work == "sink" ? discard : echo);
    std::memset(c->data.get(), 'x', options.buffer);
    write(stream, c->data.get(), options.buffer, send_forever);
}

void listen(uv_loop_t& loop, uv_any_handle& listener, int socket)
{
    if (options.protocol == "unix")
    {
        check(uv_pipe_init(&loop, &listener.pipe, 0), "uv_pipe_init");
        check(uv_pipe_open(&listener.pipe, socket), "uv_pipe_open");
    }
    else
    {
        check(uv_tcp_init(&loop, &listener.tcp), "uv_tcp_init");
        check(uv_tcp_open(&listener.tcp, socket), "uv_tcp_open");
    }
    check(uv_listen(&listener.stream, 4096, accept), "uv_listen");
}

void datagram_received(uv_udp_t* socket, ::ssize_t n, const uv_buf_t* buffer,
                       const ::sockaddr* from, unsigned)
{
    // Without a sender it was but an attempt.
    if (n < 0 || !from)
        return;
    uv_buf_t const reply = uv_buf_init(buffer->base, static_cast<unsigned>(n));
    if (uv_udp_try_send(socket, &reply, 1, from) != UV_EAGAIN)
        return;
    static uv_udp_send_t request;
    uv_udp_recv_stop(socket);
    auto const sent = [](uv_udp_send_t* r, int status)
    {
        if (status != UV_ECANCELED)
            uv_udp_recv_start(r->handle, allocate, datagram_received);
    };
    check(uv_udp_send(&request, socket, &reply, 1, from, sent), "uv_udp_send");
}

void receive_datagrams(uv_loop_t& loop, connection& c, int socket)
{
    c.handle.handle.data = &c;
    check(uv_udp_init(&loop, &c.handle.udp), "uv_udp_init");
    check(uv_udp_open(&c.handle.udp, socket), "uv_udp_open");
    check(uv_udp_recv_start(&c.handle.udp, allocate, datagram_received),
          "uv_udp_recv_start");
}

void wait_for_end_of_input(uv_loop_t& loop, uv_poll_t& input)
{
    check(uv_poll_init(&loop, &input, 0), "uv_poll_init");
    check(uv_poll_start(&input, UV_READABLE | UV_DISCONNECT,
                        [](uv_poll_t* p, int, int) { uv_stop(p->loop); }),
          "uv_poll_start");
}

} // namespace

int main(int argc, char** argv)
{
    options = bench::start_server(argc, argv, {});
    uv_loop_t loop;
    check(uv_loop_init(&loop), "uv_loop_init");
    uv_poll_t input{};
    wait_for_end_of_input(loop, input);
    int const socket = bench::server_socket(options, SOCK_NONBLOCK);
    uv_any_handle listener{};
    if (options.protocol == "udp")
        receive_datagrams(loop, *new connection, socket);
    else
        listen(loop, listener, socket);
    bench::print_port(options, socket);
    uv_run(&loop, UV_RUN_DEFAULT);

    uv_walk(&loop, [](uv_handle_t* handle, void*) { close(handle); }, nullptr);
    uv_run(&loop, UV_RUN_DEFAULT);
    check(uv_loop_close(&loop), "uv_loop_close");
}
