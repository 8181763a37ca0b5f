// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/fs/copy.hpp>

#include "copy_job.hpp"
#include "pipelined_copy.hpp"

#include <urio/detail/fs/initiate.hpp>

#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <memory>
#include <new>
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
    int perform(int) const { return job->step(); }
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
                (*steps)[i] = step(*job);
        return 0;
    }
    // A lack of memory is one file's error, too.
    static int step(copy_job& job) noexcept
    {
        try
        {
            return job.step();
        }
        catch (const std::bad_alloc&)
        {
            return -ENOMEM;
        }
    }

    std::shared_ptr<const jobs> all;
    std::shared_ptr<outcomes> steps;
};

struct copy_finish_call : plain_call
{
    explicit copy_finish_call(std::shared_ptr<copy_job> j) noexcept : job(std::move(j)) {}
    int perform(int) const { return job->finish(); }

    std::shared_ptr<copy_job> job;
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
