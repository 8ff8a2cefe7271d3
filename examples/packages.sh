# SPDX-License-Identifier: MIT
#
# For examples/run and tests/run: names the Debian packages that building the examples takes,
# installs what is missing, and builds a preset quietly. Sourced, not run; does nothing by itself.

example_packages=(
  g++ cmake ninja-build pkg-config libfmt-dev nlohmann-json3-dev
  libuv1-dev libssl-dev libsodium-dev libtomlplusplus-dev libcli11-dev libspdlog-dev
  libsqlite3-dev libre2-dev libicu-dev libcurl4-openssl-dev
)

# install_missing PACKAGE...: apt-get installs those that dpkg does not have.
install_missing() {
  local package missing=()
  if ! command -v dpkg-query >/dev/null; then
    echo "no dpkg here: please see to it yourself that these are installed: $*" >&2
    return 0
  fi
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "missing packages, and neither root nor sudo to install them: ${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "installing ${missing[*]}" >&2
  # The lists are fetched first: a fresh machine has none. Output is shown only when it fails.
  local log status=0
  log=$(mktemp)
  {
    "${as_root[@]}" apt-get update -q &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
        --no-install-recommends "${missing[@]}"
  } >"$log" 2>&1 || status=$?
  [ $status -eq 0 ] || cat "$log" >&2
  rm -f "$log"
  return $status
}

# node_packages: the packages of Node.js and its headers, one a line; none where there is a Node.js
# that has its headers beside it.
node_packages() {
  local program prefix
  if program=$(command -v node) && command -v npm >/dev/null; then
    prefix=$(dirname "$(dirname "$(readlink -f "$program")")")
    [ -e "$prefix/include/node/node_api.h" ] && return 0
  fi
  printf '%s\n' nodejs npm libnode-dev
}

# build_preset PRESET [TARGET...]: configures, builds the targets (none: nothing), and says
# something only when that fails.
build_preset() {
  local preset=$1 log status=0
  shift
  log=$(mktemp)
  cmake --preset "$preset" >"$log" 2>&1 || status=$?
  if [ $status -eq 0 ] && [ $# -gt 0 ]; then
    cmake --build --preset "$preset" --target "$@" -- --quiet >"$log" 2>&1 || status=$?
  fi
  [ $status -eq 0 ] || cat "$log" >&2
  rm -f "$log"
  return $status
}
