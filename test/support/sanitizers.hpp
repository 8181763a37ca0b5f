// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Which sanitizer the test is built with: GNU and Clang have different words for it.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define URIO_TEST_ADDRESS_SANITIZER
#endif
#if __has_feature(thread_sanitizer)
#define URIO_TEST_THREAD_SANITIZER
#endif
#endif

#if defined(__SANITIZE_ADDRESS__)
#define URIO_TEST_ADDRESS_SANITIZER
#endif
#if defined(__SANITIZE_THREAD__)
#define URIO_TEST_THREAD_SANITIZER
#endif

// Clang's ThreadSanitizer replaces operator new itself.
#if !defined(URIO_TEST_THREAD_SANITIZER) || !defined(__clang__)
#define URIO_TEST_MAY_REPLACE_NEW
#endif
