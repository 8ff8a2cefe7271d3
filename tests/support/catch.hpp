// SPDX-License-Identifier: MIT
//
// The one way the tests include Catch2: Debian 12 has version 2, whose header is catch.hpp; version
// 3 has another name for it.
// Nothing else is included here: what only some tests need does not belong.
#pragma once

#if __has_include(<catch2/catch.hpp>)
#include <catch2/catch.hpp>
#else
#include <catch2/catch_all.hpp>
#endif
