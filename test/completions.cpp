// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What one completion means is its operation's to say: that something is delivered and
// the operation goes on, that a result is kept until the kernel is done with the buffer,
// that all of it begins again. Each completion reaches it, also on cancellation and at
// the end of the context.

#include "descriptors.hpp"
#include "faults.hpp"
#include "multishot_poll.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <optional>
#include <string>
#include <sys/eventfd.h>
#include <tuple>
#include <unistd.h>

namespace
{

using namespace test;
namespace net = urio;
using net::detail::io_operation;
using net::detail::verdict;

struct event_descriptor
{
    int const fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    ~event_descriptor() { ::close(fd); }

    void signal() const
    {
        std::uint64_t const one = 1;
        BOOST_REQUIRE_EQUAL(::write(fd, &one, sizeof(one)), 8);
    }
};

/// A zero-copy send: its first completion has the result, the last says that the buffer
/// is free.
class zero_copy_send : public io_operation
{
public:
    zero_copy_send(func_type complete, const std::string& text, int& completions)
        : io_operation(the_kind, complete)
        , text_(text)
        , completions_(completions)
    {
    }

    std::tuple<error_code, std::size_t> results(bool) const
    {
        return {error(), error() ? 0 : static_cast<std::size_t>(result())};
    }

private:
    static void prepare(io_operation& base, ::io_uring_sqe& sqe)
    {
        auto& op = static_cast<zero_copy_send&>(base);
        ::io_uring_prep_send_zc(&sqe, op.descriptor(), op.text_.data(), op.text_.size(),
                                MSG_NOSIGNAL, 0);
    }

    static verdict completion(io_operation& base, int& result, std::uint32_t flags)
    {
        auto& op = static_cast<zero_copy_send&>(base);
        ++op.completions_;
        if (flags & IORING_CQE_F_NOTIF)
        {
            result = *op.sent_;
            return verdict::keep;
        }
        if (!(flags & IORING_CQE_F_MORE))
            return net::detail::judge(result);
        op.sent_ = result;
        return verdict::keep;
    }

    static constexpr net::detail::op_kind the_kind{
        .opcode = IORING_OP_SEND_ZC, .prepare = &prepare, .completion = &completion};
    const std::string& text_;
    int& completions_;
    std::optional<int> sent_;
};

/// Reads an eventfd as often as it says so. All engines can.
class repeated_read : public io_operation
{
public:
    repeated_read(func_type complete, int times, delivery_report& r)
        : io_operation(the_kind, complete)
        , left_(times)
        , report_(r)
    {
        wake_events_ = POLLIN;
    }

    std::tuple<error_code> results(bool) const { return {error()}; }

private:
    static void prepare(io_operation& base, ::io_uring_sqe& sqe)
    {
        auto& op = static_cast<repeated_read&>(base);
        ::io_uring_prep_read(&sqe, op.descriptor(), &op.value_, sizeof(op.value_), 0);
    }

    static int perform(io_operation& base)
    {
        auto& op = static_cast<repeated_read&>(base);
        ::ssize_t const n = ::read(op.descriptor(), &op.value_, sizeof(op.value_));
        return n < 0 ? -errno : static_cast<int>(n);
    }

    static verdict completion(io_operation& base, int& result, std::uint32_t)
    {
        auto& op = static_cast<repeated_read&>(base);
        return result < 0        ? net::detail::judge(result)
               : --op.left_ == 0 ? verdict::complete
                                 : verdict::deliver;
    }

    static net::detail::scheduler_operation* delivery(io_operation& base) noexcept
    {
        return new delivered_news(static_cast<repeated_read&>(base).report_);
    }

    static constexpr net::detail::op_kind the_kind{.opcode = IORING_OP_READ,
                                                   .prepare = &prepare,
                                                   .completion = &completion,
                                                   .perform = &perform,
                                                   .delivery = &delivery};
    int left_;
    delivery_report& report_;
    std::uint64_t value_ = 0;
};

// They came together with IORING_FEAT_RSRC_TAGS.
bool has_multishot_polls()
{
    return (urio::features().features & IORING_FEAT_RSRC_TAGS) != 0;
}

} // namespace

BOOST_DATA_TEST_CASE(what_is_delivered_does_not_end_the_operation, every_mode, m)
{
    URIO_ON_URING_ONLY();
    URIO_REQUIRE_OR_SKIP(has_multishot_polls(), "no multishot polls (Linux 5.13)");
    event_descriptor e;
    delivery_report r;
    mode_context c(m);
    auto& engine = net::detail::use_engine(c);
    net::detail::io_object& object = engine.open_object(e.fd, {});
    start_multishot(
        c, object, r,
        once([](error_code ec) { BOOST_CHECK(ec == net::error::operation_aborted); }));
    for (int round = 1; round != 5; ++round)
    {
        e.signal();
        while (r.delivered != round)
            BOOST_REQUIRE_EQUAL(c.run_one_for(patience), 1u);
        BOOST_CHECK_EQUAL(r.told, round);
        std::uint64_t n;
        BOOST_REQUIRE_EQUAL(::read(e.fd, &n, sizeof(n)), 8);
    }
    BOOST_CHECK_EQUAL(r.ends, 0);
    engine.cancel(object);
    run(c);
    BOOST_CHECK_EQUAL(r.ends, 1);
    (void)engine.retire(object);
}

BOOST_DATA_TEST_CASE(each_completion_reaches_it_at_the_end_of_the_context, every_mode, m)
{
    URIO_ON_URING_ONLY();
    URIO_REQUIRE_OR_SKIP(has_multishot_polls(), "no multishot polls (Linux 5.13)");
    descriptor_check check;
    event_descriptor e;
    delivery_report r;
    {
        mode_context c(m);
        net::detail::io_object& object = net::detail::use_engine(c).open_object(e.fd, {});
        start_multishot(c, object, r, [](error_code) { BOOST_ERROR("was invoked"); });
        e.signal();
        while (r.delivered == 0)
            BOOST_REQUIRE_EQUAL(c.run_one_for(patience), 1u);
        // One that nobody comes to look at.
        e.signal();
    }
    BOOST_CHECK_EQUAL(r.ends, 1);
    BOOST_CHECK_EQUAL(r.told, r.delivered + r.destroyed);
}

BOOST_DATA_TEST_CASE(what_is_kept_is_the_result, every_mode, m)
{
    URIO_ON_URING_ONLY();
    URIO_REQUIRE_OR_SKIP(urio::features().operations[IORING_OP_SEND_ZC],
                         "the kernel has no zero-copy sends (Linux 6.0)");
    mode_context c(m);
    raw_pair p(c);
    auto& engine = net::detail::use_engine(c);
    int const fd = ::dup(p.socket.native_handle());
    net::detail::io_object& object = engine.open_object(fd, {});
    std::string const text(5000, 'z');
    int completions = 0;
    auto handler = once(
        [&](error_code ec, std::size_t n)
        {
            BOOST_CHECK(!ec);
            BOOST_CHECK_EQUAL(n, text.size());
        });
    start_operation<zero_copy_send>(c, object, net::detail::lane::write,
                                    std::move(handler), text, completions);
    c.restart();
    c.poll();
    BOOST_CHECK(p.receive(text.size()) == text);
    run(c);
    BOOST_CHECK_EQUAL(completions, 2);
    if (engine.retire(object) == net::detail::engine::ownership::caller_closes)
        ::close(fd);
}

// More often than an operation may find nothing to do where its descriptor is said to be
// ready; and where the kernel lacks the operation, so that it is only waited for.
BOOST_DATA_TEST_CASE(delivery_by_the_last_completion_begins_again,
                     every_mode* boost::unit_test::data::make({false, true}), m, lacking)
{
    std::optional<faults> f;
    if (lacking)
        f.emplace(IORING_OP_READ);
    event_descriptor e;
    delivery_report r;
    constexpr int times = 8;
    mode_context c(m);
    auto& engine = net::detail::use_engine(c);
    net::detail::io_object& object = engine.open_object(e.fd, {.non_blocking = true});
    auto handler = once([](error_code ec) { BOOST_CHECK(!ec); });
    start_operation<repeated_read>(c, object, net::detail::lane::read, std::move(handler),
                                   times, r);
    for (int round = 1; round != times; ++round)
    {
        e.signal();
        while (r.delivered != round)
            BOOST_REQUIRE_EQUAL(c.run_one_for(patience), 1u);
    }
    e.signal();
    run(c);
    BOOST_CHECK_EQUAL(r.delivered, times - 1);
    (void)engine.retire(object);
}
