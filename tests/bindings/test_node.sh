#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The Node.js binding: runs the commands of its README in a copy of the sources, so that nothing of
# an earlier build helps, then the README's snippet, and the example in a browser. CONFAB_LIBRARY
# names the library that was built, which saves building it once more.
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# step NAME COMMAND...: one test; what it said is shown when it fails.
step() {
  local name=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    echo "ok: $name"
    passed=$((passed + 1))
  else
    echo "FAILED: $name"
    grep -A30 '^not ok' "$work/log" || tail -80 "$work/log"
    failed=$((failed + 1))
  fi
}

# The files of the tree, as a stranger gets them.
tree="$work/confab"
mkdir "$tree"
(cd "$root" && git ls-files -z --cached --others --exclude-standard |
  tar --null --files-from=- --ignore-failed-read -cf - 2>/dev/null) | tar -xf - -C "$tree"

readme="$tree/bindings/node/README.md"
commands() { python3 "$here/readme_commands.py" "$readme" "$1"; }

no_host() { ! grep -nE '"resolved": "http' "$tree"/*/node/package-lock.json; }
build_and_test() { cd "$tree" && bash -euo pipefail -c "$(commands 1)"; }
# The same commands, but the server is asked for its page, and ended.
example_starts() {
  "$here/serve_and_ask.py" "$tree" "$(commands 2)" "<title>confab</title>"
}
# The README's program, with the binding as the package that it names.
snippet() {
  mkdir -p "$work/use/node_modules" && ln -s "$tree/bindings/node" "$work/use/node_modules/confab"
  python3 - "$readme" >"$work/use/use.js" <<'PROGRAM'
import re, sys
print(re.search(r"^```js\n(.*?)^```$", open(sys.argv[1], encoding="utf-8").read(), re.S | re.M)[1])
PROGRAM
  (cd "$work/use" && [ "$(node use.js | wc -l)" = 1 ])
}
in_a_browser() { cd "$tree/examples/node" && npm test; }

step "the lock files name no host" no_host
step "README: build and test" build_and_test
step "README: the snippet runs" snippet
step "README: the example starts" example_starts
step "two pages of a browser talk" in_a_browser
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
