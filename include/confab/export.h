/* SPDX-License-Identifier: MIT
 *
 * How names cross the library's border: visibility, calling convention, deprecation.
 * Every other public header includes this one. Nothing here has a value or a type of its own. */
#ifndef CONFAB_EXPORT_H
#define CONFAB_EXPORT_H

#if defined(_WIN32)
#define CONFAB_CALL __cdecl
#if defined(CONFAB_BUILDING)
#define CONFAB_API __declspec(dllexport)
#elif defined(CONFAB_STATIC)
#define CONFAB_API
#else
#define CONFAB_API __declspec(dllimport)
#endif
#else
#define CONFAB_CALL
#define CONFAB_API __attribute__((visibility("default"), warn_unused_result))
#endif

/* A function that returns nothing cannot carry warn_unused_result. */
#if defined(_WIN32)
#define CONFAB_API_VOID CONFAB_API
#else
#define CONFAB_API_VOID __attribute__((visibility("default")))
#endif

/* Marks what a later release replaces. Define CONFAB_NO_DEPRECATED to silence it. */
#if defined(CONFAB_NO_DEPRECATED) || !defined(__GNUC__)
#define CONFAB_DEPRECATED(since, use_instead)
#else
#define CONFAB_DEPRECATED(since, use_instead)                                                      \
  __attribute__((deprecated("since " since ", use " use_instead)))
#endif

#if defined(__cplusplus)
#define CONFAB_DECLS_BEGIN extern "C" {
#define CONFAB_DECLS_END }
#else
#define CONFAB_DECLS_BEGIN
#define CONFAB_DECLS_END
#endif

#endif
