# SPDX-License-Identifier: MIT
"""The raw layer, made from bindings/api.json when the package is built.

cffi's API mode: the C compiler checks every struct, constant and signature against the headers.
Beside the C API itself there is an entry point into Python for each callback of the API, and three
small functions in C for what is called too often for Python. Nothing idiomatic lives here.
"""
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
API = HERE.parent / "api.json"

# Callbacks of these tables are never Python functions: plugins and allocators are native code.
NATIVE = ("confab_api", "confab_allocator", "confab_plugin_entry")

HELPERS = r"""
#include <confab/confab.h>
#include <string.h>
#include <time.h>

static confab_status confabpy_clock(void *ctx, confab_time *now) {
  struct timespec t;
  (void)ctx;
  if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
    return CONFAB_ERR_UNSUPPORTED;
  *now = (confab_time)t.tv_sec * 1000000000u + (confab_time)t.tv_nsec;
  return CONFAB_OK;
}

/* How many bytes the slices have together, and those bytes in one place. */
static size_t confabpy_total(const confab_slice *slices, size_t count) {
  size_t total = 0;
  for (size_t i = 0; i < count; ++i)
    total += slices[i].len;
  return total;
}

static void confabpy_gather(const confab_slice *slices, size_t count, void *out) {
  char *at = (char *)out;
  for (size_t i = 0; i < count; ++i) {
    if (slices[i].len > 0)
      memcpy(at, slices[i].ptr, slices[i].len);
    at += slices[i].len;
  }
}
"""

HELPER_DECLARATIONS = """
static confab_status confabpy_clock(void *ctx, confab_time *now);
static size_t confabpy_total(const confab_slice *slices, size_t count);
static void confabpy_gather(const confab_slice *slices, size_t count, void *out);
"""


def load_api():
    """bindings/api.json as an object."""
    return json.loads(API.read_text(encoding="utf-8"))


def declare(kind, name):
    """`kind name;` as C writes it; arrays have their size behind the name."""
    kind, bracket, size = kind.partition("[")
    return f"{kind} {name}{bracket}{size}"


def parameters(entry):
    """The parameter list of a function or callback."""
    listed = [declare(each["type"], each["name"]) for each in entry["parameters"]]
    return ", ".join(listed) or "void"


def entry_name(struct, member):
    """The function by which a callback of the API enters Python."""
    return f"py_{struct.removeprefix('confab_')}_{member}"


def cdef(api):
    """The whole API as cffi reads it."""
    lines = [f"typedef {each['type']} {each['name']};" for each in api["typedefs"]]
    lines += [f"typedef struct {each['name']} {each['name']};" for each in api["structs"]]
    for enum in api["enums"]:
        values = ", ".join(f"{each['name']} = {each['value']}" for each in enum["constants"])
        lines.append(f"enum {{ {values} }};")
    lines += [f"#define {each['name']} ..." for each in api["macros"]
              if isinstance(each["value"], int)]
    # A struct stands behind those that it holds by value.
    waiting = {each["name"]: each for each in api["structs"] if not each.get("opaque")}
    while waiting:
        for name, struct in list(waiting.items()):
            if any(member["type"] in waiting for member in struct["members"]):
                continue
            del waiting[name]
            lines.append(f"struct {name} {{")
            for member in struct["members"]:
                if "callback" in member:
                    signature = member["callback"]
                    lines.append(f"  {signature['returns']} (*{member['name']})"
                                 f"({parameters(signature)});")
                else:
                    lines.append(f"  {declare(member['type'], member['name'])};")
            lines.append("  ...;\n};" if struct["growable"] else "};")
    for function in api["functions"]:
        lines.append(f"{function['returns']} {function['name']}({parameters(function)});")
    for function in api["inlines"]:
        lines.append(f"static {function['returns']} {function['name']}({parameters(function)});")
    lines.append('extern "Python" {')
    for struct in api["structs"]:
        for member in struct.get("members", []):
            if "callback" in member and struct["name"] not in NATIVE:
                signature = member["callback"]
                name = entry_name(struct["name"], member["name"])
                lines.append(f"  {signature['returns']} {name}({parameters(signature)});")
    lines.append("}")
    return "\n".join(lines) + HELPER_DECLARATIONS


def builder(library):
    """The extension module confab._raw, for a library that find_library found."""
    import cffi  # only where it is built

    ffi = cffi.FFI()
    ffi.cdef(cdef(load_api()))
    ffi.set_source("confab._raw", HELPERS, libraries=["confab"],
                   include_dirs=library.include_dirs, library_dirs=library.library_dirs,
                   runtime_library_dirs=library.runtime_library_dirs)
    return ffi
