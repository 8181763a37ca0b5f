// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/fs/copy.hpp>

#include "copy_job.hpp"

#include <urio/file/basic_random_access_file.hpp>
#include <urio/fs/initiate.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read_at.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write_at.hpp>

#include <algorithm>
#include <memory>
#include <unistd.h>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

using boost::asio::awaitable;
constexpr boost::asio::use_awaitable_t<any_io_executor> token_for_copies;

/// One step of a copy, on a thread of the pool.
// (With a constructor: g++ 12 destroys temporary aggregates twice in an expression that
// is awaited.)
struct copy_step_call
{
    explicit copy_step_call(std::shared_ptr<copy_job> j) noexcept : job(std::move(j)) {}
    int perform(int) const noexcept { return job->step(); }
    std::tuple<boost::system::error_code, int>
    results(int result, boost::system::error_code ec, bool) const noexcept
    {
        return {ec, result};
    }

    std::shared_ptr<copy_job> job;
};

/// The first steps of many.
struct copy_many_call : plain_call
{
    using jobs = std::vector<std::shared_ptr<copy_job>>;
    using outcomes = std::vector<int>;

    copy_many_call(std::shared_ptr<const jobs> j, std::shared_ptr<outcomes> o) noexcept
        : all(std::move(j))
        , steps(std::move(o))
    {
    }
    int perform(int) const noexcept
    {
        for (std::size_t i = 0; i != all->size(); ++i)
            if (auto const& job = (*all)[i])
                (*steps)[i] = job->step();
        return 0;
    }

    std::shared_ptr<const jobs> all;
    std::shared_ptr<outcomes> steps;
};

struct copy_finish_call : plain_call
{
    explicit copy_finish_call(std::shared_ptr<copy_job> j) noexcept : job(std::move(j)) {}
    int perform(int) const noexcept { return job->finish(); }

    std::shared_ptr<copy_job> job;
};

// Each coroutine that is begun anew would hear of terminal cancellation alone.
auto accept_cancellation()
{
    return boost::asio::this_coro::reset_cancellation_state(
        boost::asio::enable_total_cancellation());
}

/// A copy by reads and writes, several at a time.
class pipelined_copy
{
public:
    using file = basic_random_access_file<any_io_executor>;

    pipelined_copy(const any_io_executor& ex, copy_job& job,
                   const fs::copy_options& options)
        : in_(ex, duplicate(job.source()))
        , out_(ex, duplicate(job.target()))
        , options_(options)
        , next_(job.offset())
        , done_(job.offset())
    {
        if (options_.chunk == 0)
            options_.chunk = 256 << 10;
        // What has no offsets, or does not know its end, is read and written from one
        // byte to the next.
        if (!job.has_size() || ::lseek(job.source(), 0, SEEK_CUR) < 0 ||
            ::lseek(job.target(), 0, SEEK_CUR) < 0)
            options_.depth = 1;
    }

    awaitable<void, any_io_executor> run()
    {
        co_await accept_cancellation();
        co_await workers(std::max(1u, options_.depth));
        if (failed_)
            std::rethrow_exception(failed_);
    }

    /// How many bytes there are in the copy, from the beginning, without a gap.
    std::uint64_t contiguous() const noexcept { return done_; }

private:
    static int duplicate(int descriptor)
    {
        int const d = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
        if (d < 0)
            throw boost::system::system_error(errno, boost::system::system_category(),
                                              "async_copy_file");
        return d;
    }

    awaitable<void, any_io_executor> workers(unsigned n)
    {
        using namespace boost::asio::experimental::awaitable_operators;
        co_await accept_cancellation();
        if (n == 1)
            co_await work_until_failure();
        else
            co_await (work_until_failure() && workers(n - 1));
    }

    // The first failure is that of all; the others finish what they are at.
    awaitable<void, any_io_executor> work_until_failure()
    {
        co_await accept_cancellation();
        try
        {
            co_await work();
        }
        catch (...)
        {
            if (!failed_)
                failed_ = std::current_exception();
            ended_ = true;
        }
    }

    awaitable<void, any_io_executor> work()
    {
        std::vector<char> buffer(options_.chunk);
        while (!ended_)
        {
            std::uint64_t const offset = std::exchange(next_, next_ + options_.chunk);
            boost::system::error_code ec;
            std::size_t const n = co_await boost::asio::async_read_at(
                in_, offset, boost::asio::buffer(buffer),
                boost::asio::redirect_error(token_for_copies, ec));
            if (ec == boost::asio::error::eof)
                ended_ = true;
            else if (ec)
                throw boost::system::system_error(ec);
            co_await boost::asio::async_write_at(
                out_, offset, boost::asio::buffer(buffer.data(), n), token_for_copies);
            finished(offset, n);
        }
    }

    void finished(std::uint64_t offset, std::uint64_t n)
    {
        pieces_.push_back({offset, n});
        for (bool found = true; found;)
        {
            auto const next =
                std::find_if(pieces_.begin(), pieces_.end(),
                             [&](const piece& p) { return p.offset == done_; });
            found = next != pieces_.end() && next->size != 0;
            if (!found)
                break;
            done_ += next->size;
            pieces_.erase(next);
        }
        if (options_.progress)
            options_.progress(done_);
    }

    struct piece
    {
        std::uint64_t offset, size;
    };

    file in_, out_;
    fs::copy_options options_;
    std::uint64_t next_, done_;
    // What is written beyond a gap.
    std::vector<piece> pieces_;
    std::exception_ptr failed_;
    bool ended_ = false;
};

// Goes on after a step with such an outcome; before the first one it is `more`.
awaitable<void, any_io_executor> copy(std::shared_ptr<copy_job> job, int status,
                                      const fs::copy_options& options)
{
    auto const ex = co_await boost::asio::this_coro::executor;
    while (status == copy_job::more)
    {
        status = co_await async_fs_call<int>(ex, token_for_copies, "async_copy_file",
                                             copy_step_call(job));
        if (status != copy_job::by_hand && options.progress)
            options.progress(job->offset());
    }
    if (status == copy_job::done)
        co_return;
    pipelined_copy p(ex, *job, options);
    std::exception_ptr failed;
    try
    {
        // The workers share its state.
        co_await boost::asio::co_spawn(any_io_executor(boost::asio::make_strand(ex)),
                                       p.run(), token_for_copies);
    }
    catch (...)
    {
        failed = std::current_exception();
    }
    job->advance(p.contiguous());
    if (failed)
        std::rethrow_exception(failed);
    co_await async_fs_call<>(ex, token_for_copies, "async_copy_file",
                             copy_finish_call(job));
}

bool is_valid(const fs::location& from, const fs::location& to,
              const fs::copy_options& options)
{
    return from.valid() && to.valid() &&
           options.temporary.find('\0') == std::string::npos;
}

} // namespace

fs_task<std::uint64_t> copy_file(fs::location from, fs::location to,
                                 fs::copy_options options)
{
    co_await boost::asio::this_coro::reset_cancellation_state(
        boost::asio::enable_total_cancellation());
    outcome<std::uint64_t> result;
    if (!is_valid(from, to, options))
    {
        result.error = std::make_exception_ptr(
            fs::filesystem_error(boost::asio::error::invalid_argument, "async_copy_file",
                                 from.path(), to.path()));
        co_return result;
    }
    auto const job = std::make_shared<copy_job>(std::move(from), std::move(to), options);
    try
    {
        co_await copy(job, copy_job::more, options);
    }
    catch (const boost::system::system_error& e)
    {
        result.error = std::make_exception_ptr(fs::filesystem_error(
            e.code(), "async_copy_file", job->from().path(), job->to().path()));
    }
    catch (...)
    {
        result.error = std::current_exception();
    }
    result.value = job->offset();
    co_return result;
}

fs_task<std::vector<fs::copy_result>> copy_files(std::vector<fs::copy_request> files,
                                                 fs::copy_options options)
{
    co_await boost::asio::this_coro::reset_cancellation_state(
        boost::asio::enable_total_cancellation());
    auto const ex = co_await boost::asio::this_coro::executor;
    outcome<std::vector<fs::copy_result>> result;
    result.value.resize(files.size());
    options.offset = 0;
    options.progress = nullptr;

    auto const jobs = std::make_shared<copy_many_call::jobs>(files.size());
    auto const steps = std::make_shared<copy_many_call::outcomes>(files.size());
    for (std::size_t i = 0; i != files.size(); ++i)
    {
        options.temporary = std::move(files[i].temporary);
        if (!is_valid(files[i].from, files[i].to, options))
            result.value[i].error = boost::asio::error::invalid_argument;
        else
            (*jobs)[i] = std::make_shared<copy_job>(std::move(files[i].from),
                                                    std::move(files[i].to), options);
    }
    try
    {
        co_await async_fs_call<>(ex, token_for_copies, "async_copy_files",
                                 copy_many_call(jobs, steps));
    }
    catch (...)
    {
        result.error = std::current_exception();
        co_return result;
    }
    for (std::size_t i = 0; i != files.size(); ++i)
    {
        std::shared_ptr<copy_job> const job = std::exchange((*jobs)[i], nullptr);
        if (!job)
            continue;
        int const step = (*steps)[i];
        fs::copy_result& r = result.value[i];
        std::exception_ptr failed;
        if (step < 0)
            r.error.assign(-step, boost::system::system_category());
        else
            try
            {
                co_await copy(job, step, options);
            }
            catch (...)
            {
                failed = std::current_exception();
            }
        if (failed)
            r.error = code_of(failed);
        // The others have been cancelled, too, as far as they were not finished.
        if (r.error == boost::asio::error::operation_aborted)
            result.error = failed;
        r.bytes = job->offset();
    }
    co_return result;
}

} // namespace detail
} // namespace urio::inline URIO_ABI
