# SPDX-License-Identifier: MIT
"""The constants of the C API, without their CONFAB_: `constants.REFUSED_POLICY`.

Where one is taken, the last part of its name will do as well: `code="policy"`.
"""
from ._data import CONSTANTS

globals().update(CONSTANTS)


def number(prefix, value):
    """The constant PREFIX_VALUE, for its name or for itself."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise TypeError(f"{prefix.lower()}: a name or a number, not {type(value).__name__}")
    found = CONSTANTS.get(f"{prefix}_{value.upper()}")
    if found is None:
        raise ValueError(f"there is no CONFAB_{prefix}_{value.upper()}")
    return found


def word(prefix, value):
    """The last part of the name of a constant, in small letters; the number, if it has none."""
    for name, known in CONSTANTS.items():
        if known == value and name.startswith(prefix + "_"):
            return name[len(prefix) + 1:].lower()
    return str(value)
