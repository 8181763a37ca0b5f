# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Why urio is slower than a contestant: what profiles have shown. By work and contestant;
without a contestant: for all of them. See doc/benchmarks.md for the evidence."""

REASONS = {}
