#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Builds the Node.js binding and measures it: see node_host.js. CONFAB_LIBRARY names the library.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
CONFAB_NODE_BUILD="$(mktemp -d)"
export CONFAB_NODE_BUILD
trap 'rm -rf "$CONFAB_NODE_BUILD"' EXIT
node bindings/node/tools/build.js
node tests/bench/node_host.js
