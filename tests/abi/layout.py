# SPDX-License-Identifier: MIT
"""The layout of the public structs and the values of the public constants, for 64-bit machines.

What the compiler made of the headers is read from its debug information, so nothing here parses C.
layout.txt keeps what was agreed; c_source() turns it into assertions that any compiler can check.
"""
import pathlib
import re
import tempfile

from checks import output

EXPECTED = pathlib.Path(__file__).with_name("layout.txt")
ATTRIBUTE = re.compile(r"\s+<[0-9a-f]+>\s+DW_AT_(\w+)\s*:\s*(?:\([^)]*\):?\s+)*(.*?)\s*$")
HEADING = """\
# SPDX-License-Identifier: MIT
#
# The agreed layout of every public struct and value of every public constant (64-bit). A line that
# changes or goes is a break of the ABI; a new last member, struct or constant is not.
# `tests/abi/abi.py --update` writes this file.
#   struct NAME SIZE            then its members:   MEMBER OFFSET SIZE
#   value NAME NUMBER
"""


def includes(include):
    """A C source that includes every public header."""
    return "".join(f"#include <confab/{path.name}>\n" for path in sorted(include.glob("*.h")))


def debug_entries(include):
    """Yields (depth, offset, tag, attributes) of all types in the headers."""
    with tempfile.TemporaryDirectory() as folder:
        source, made = pathlib.Path(folder) / "types.c", pathlib.Path(folder) / "types.o"
        source.write_text(includes(include))
        output(["gcc", "-std=c11", "-g", "-gdwarf-4", "-fno-eliminate-unused-debug-types",
                "-I", include.parent, "-c", source, "-o", made])
        text = output(["readelf", "--debug-dump=info", "--wide", made])
    entry = None
    for line in text.splitlines():
        heading = re.match(r" <(\d+)><([0-9a-f]+)>: Abbrev Number: \d+ \((DW_TAG_\w+)\)", line)
        if heading:
            if entry:
                yield entry
            entry = (int(heading[1]), int(heading[2], 16), heading[3], {})
            continue
        attribute = ATTRIBUTE.match(line)
        if attribute and entry:
            entry[3][attribute[1]] = attribute[2]
    if entry:
        yield entry


def target(reference):
    """The offset in an attribute such as "<0x2b0>, unsigned int"."""
    return int(re.match(r"<0x([0-9a-f]+)>", reference)[1], 16)


class Types:
    """The types of the headers by their place in the debug information."""

    def __init__(self, entries):
        self.entries = list(entries)
        self.by_offset = {offset: (tag, values) for _, offset, tag, values in self.entries}
        self.array_counts = {}
        array = None
        for _, offset, tag, values in self.entries:
            if tag == "DW_TAG_array_type":
                array = offset
                self.array_counts[array] = 1
            elif tag == "DW_TAG_subrange_type" and array is not None:
                self.array_counts[array] *= int(values["upper_bound"]) + 1

    def size(self, reference):
        """The size in bytes of the type that an attribute refers to."""
        offset = target(reference)
        tag, values = self.by_offset[offset]
        if "byte_size" in values:
            return int(values["byte_size"])
        size = self.size(values["type"])
        return size * self.array_counts[offset] if tag == "DW_TAG_array_type" else size


def measure(include):
    """(structs, values): {name: (size, [(member, offset, size)])} and {name: number}."""
    types = Types(debug_entries(include))
    structs, values, current, named = {}, {}, None, {}
    for _, offset, tag, attributes in types.entries:
        if tag == "DW_TAG_typedef" and "type" in attributes:
            named[target(attributes["type"])] = attributes["name"]
    for depth, offset, tag, attributes in types.entries:
        if depth == 1:
            name = attributes.get("name") or named.get(offset, "")
            current = None
            if tag in ("DW_TAG_structure_type", "DW_TAG_union_type") and "byte_size" in attributes \
                    and name.startswith("confab_"):
                current = structs[name] = (int(attributes["byte_size"]), [])
        elif tag == "DW_TAG_member" and depth == 2 and current:
            current[1].append((attributes.get("name", "(unnamed)"),
                               int(attributes.get("data_member_location", "0")),
                               types.size(attributes["type"])))
        elif tag == "DW_TAG_enumerator" and attributes["name"].startswith("CONFAB_"):
            values[attributes["name"]] = int(attributes["const_value"])
    return structs, values


def write(structs, values):
    """The text of layout.txt."""
    lines = [HEADING]
    for name, (size, members) in sorted(structs.items()):
        lines.append(f"struct {name} {size}\n")
        lines.extend(f"  {member} {offset} {bytes_}\n" for member, offset, bytes_ in members)
    lines.extend(f"value {name} {number}\n" for name, number in sorted(values.items()))
    return "".join(lines)


def read(text):
    """The opposite of write()."""
    structs, values, members = {}, {}, None
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        if line.startswith(" "):
            members.append((words[0], int(words[1]), int(words[2])))
        elif words[0] == "struct":
            members = []
            structs[words[1]] = (int(words[2]), members)
        else:
            values[words[1]] = int(words[2])
    return structs, values


def breaks(agreed, found):
    """The names whose change breaks programs compiled before; growth at the end does not."""
    (structs, values), (now_structs, now_values) = agreed, found
    names = [name for name, (_, members) in structs.items()
             if name not in now_structs or now_structs[name][1][:len(members)] != members]
    return names + [name for name, number in values.items() if now_values.get(name) != number]


def c_source(include, structs, values):
    """C11 (and, with its own spelling, C++20) source that asserts the layout at compile time."""
    lines = [includes(include),
             "#ifdef __cplusplus\n#define _Static_assert static_assert\n#endif\n"]
    for name, (size, members) in structs.items():
        lines.append(f'_Static_assert(sizeof({name}) == {size}, "{name}");\n')
        for member, offset, bytes_ in members:
            lines.append(f'_Static_assert(offsetof({name}, {member}) == {offset} && '
                         f'sizeof((({name} *)0)->{member}) == {bytes_}, "{name}.{member}");\n')
    lines.extend(f'_Static_assert({name} == {number}, "{name}");\n'
                 for name, number in values.items())
    return "".join(lines)
