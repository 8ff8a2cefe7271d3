#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What the C++ wrapper must refuse. Each file in compile_fail/ has a line "// expect: REGEX": it
# must not compile, and the compiler's message must match; with -DOK, its twin, it must compile.
# Each is tried with g++ and with clang++. The last line of output is "N passed, M failed".
#   tests/abi/compile_fail.sh [NAME...]
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
include=$here/../../include
flags=(-std=c++20 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -I"$include")

# The header is compiled once for each compiler; the files' own #include then finds it done.
precompile() { # COMPILER FOLDER
  echo '#include <confab/confab.hpp>' >"$2/confab.$1.hpp"
  "$1" "${flags[@]}" -x c++-header "$2/confab.$1.hpp" -o "$2/confab.$1.hpp.gch"
}

compile() { # COMPILER FILE FOLDER [FLAG...]
  local compiler=$1 file=$2 folder=$3
  shift 3
  local header=(-include "$folder/confab.$compiler.hpp")
  [ "$compiler" = g++ ] || header=(-include-pch "$folder/confab.$compiler.hpp.gch")
  "$compiler" "${flags[@]}" "${header[@]}" -fsyntax-only "$@" "$file" 2>&1
}

# Says what is wrong with one file under one compiler, or nothing.
judge() { # COMPILER FILE FOLDER
  local compiler=$1 file=$2 folder=$3 expected output
  expected=$(sed -n 's,^// expect: ,,p' "$file")
  [ -n "$expected" ] || { echo "no line '// expect: ...'"; return; }
  if output=$(compile "$compiler" "$file" "$folder"); then
    echo "compiles, and should not"
  elif ! grep -Eq -- "$expected" <<<"$output"; then
    printf 'fails, but the message does not match "%s":\n%s\n' "$expected" "$output"
  fi
  output=$(compile "$compiler" "$file" "$folder" -DOK) ||
    printf 'with -DOK it should compile:\n%s\n' "$output"
}

if [ "${1:-}" = --one ]; then # run below, in parallel: a line "pass" or "fail", then why
  wrong=$(judge "$2" "$3" "$4")
  if [ -z "$wrong" ]; then
    echo pass
  else
    printf 'fail\n%s with %s: %s\n' "$(basename "$3")" "$2" "$wrong"
  fi
  exit 0
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
compilers=()
for compiler in g++ clang++; do
  command -v "$compiler" >/dev/null || continue
  precompile "$compiler" "$folder" || { echo "0 passed, 1 failed"; exit 1; }
  compilers+=("$compiler")
done
[ ${#compilers[@]} -gt 0 ] || { echo "neither g++ nor clang++"; echo "0 passed, 1 failed"; exit 1; }

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for file in "$here"/compile_fail/*.cpp; do
    names+=("$(basename "$file" .cpp)")
  done
fi

results=$(for name in "${names[@]}"; do
  for compiler in "${compilers[@]}"; do
    printf '%s\0' --one "$compiler" "$here/compile_fail/$name.cpp" "$folder"
  done
done | xargs -0 -n 4 -P 2 "${BASH_SOURCE[0]}")
passed=$(grep -c '^pass$' <<<"$results")
failed=$(grep -c '^fail$' <<<"$results")
grep -v -e '^pass$' -e '^fail$' <<<"$results"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
