# SPDX-License-Identifier: MIT
"""The whole C API by cffi: `lib.confab_...`, and `ffi`. The headers are its manual.

The library is loaded here, and it is here that one of another version is refused.
"""
from . import _data

BUILT = (_data.CONSTANTS["ABI_MAJOR"], _data.CONSTANTS["ABI_MINOR"])
_FILE = f"libconfab.so.{BUILT[0]}"

try:
    from ._raw import ffi, lib
except ImportError as error:
    if "undefined symbol: confab_" in str(error) or "version `CONFAB_" in str(error):
        raise ImportError(f"{_FILE} is older than this package, which is made for ABI "
                          f"{BUILT[0]}.{BUILT[1]}: {error}") from error
    if _FILE in str(error):
        raise ImportError(f"the library {_FILE} cannot be loaded: install libconfab{BUILT[0]}, or "
                          f"build this package again where the library is now: {error}"
                          ) from error
    raise


def _refuse_other_version() -> None:
    """While the ABI major is 0 every minor is another ABI; from then on a newer one will do."""
    loaded = (lib.confab_abi_major(), lib.confab_abi_minor())
    if loaded == BUILT or (loaded[0] == BUILT[0] > 0 and loaded[1] > BUILT[1]):
        return
    age = "older" if loaded < BUILT else "newer"
    raise ImportError(f"{_FILE} has ABI {loaded[0]}.{loaded[1]}, which is {age} than this package, "
                      f"made for {BUILT[0]}.{BUILT[1]}: install the two of one version, or build "
                      "this package again")


_refuse_other_version()

__all__ = ["BUILT", "ffi", "lib"]
