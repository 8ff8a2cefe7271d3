#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that each rule of tidy can fail: small trees, made in a temporary folder, with one fault
each.

Every case is a good tree in which one file is added or replaced; it names the rule that has to
object and how often. The good tree itself must pass every rule.
"""
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import contracts  # noqa: E402
import rules  # noqa: E402
import tidy  # noqa: E402
from checks import Checks  # noqa: E402
from source import Source  # noqa: E402
from tree import Tree  # noqa: E402

# REUSE-IgnoreStart: what follows are not licences of this file.
OPENING = ("// SPDX-License-Identifier: MIT\n//\n// Says what lives here.\n// And what must not.\n"
           "// And why.\n")
HEADER_OPENING = ("/* SPDX-License-Identifier: MIT\n *\n * Says what lives here.\n"
                  " * And what must not.\n * And why. */\n")


def contract(call, emits="no", since="0.1"):
    """A comment that ends with a contract line."""
    return f"/* Does.\n * [call: {call}] [emits: {emits}] [allocs: no] [since: {since}] */\n"


def header(*declarations):
    """A public header."""
    return HEADER_OPENING + "".join(f"\n{text}" for text in declarations)


DRIVE = contract("outside-hook", "yes") \
    + "CONFAB_API confab_status confab_drive(confab_engine *engine);\n"
LOOK = contract("const") + "CONFAB_API confab_status confab_look(const confab_engine *engine);\n"
NAME = contract("const") + "CONFAB_API const char *confab_name(int value);\n"
BODIES = ("\nint confab_drive(confab_engine *engine) { return guard_drive(engine); }\n"
          "int confab_look(const confab_engine *engine) { return guard_const(engine); }\n"
          'const char *confab_name(int) { return ""; }\n')
SYMBOLS = "# symbol since deprecated removed\nconfab_drive 0.1 - -\nconfab_look 0.1 - -\n" \
          "confab_name 0.1 - -\n"


def long_function(lines):
    """A function of this many lines."""
    return "\nint long_one(int x) {\n" + "  x += 1;\n" * (lines - 3) + "  return x;\n}\n"


def lib(path, text):
    """A source of the library that is right but for `text`."""
    return {f"lib/{path}": OPENING + text}


GOOD = {
    ".clang-format": (HERE.parents[1] / ".clang-format").read_text(encoding="utf-8"),
    "CMakeLists.txt": "# SPDX-License-Identifier: MIT\n",
    "include/confab/engine.h": header(DRIVE, LOOK, NAME),
    "lib/abi/engine.cpp": OPENING + BODIES,
    "lib/confab.symbols": SYMBOLS,
    "lib/core/fine.cpp": OPENING
    + '\n#include "text/utf8.hpp"\n#include <confab/types.h>\n#include <string_view>\n\n'
      "// A rand() or a JOIN in a comment is not meant.\n"
      'constexpr std::string_view fine{"rand() has a party"};\n'
      "int when(const event &head) { return head.time(); }\n",
    "tests/tidy/exceptions.txt": "# SPDX-License-Identifier: MIT\n",
}

# (what is wrong, the rule that says so, how many times, the files that make it wrong)
CASES = [
    ("a source of 801 lines", rules.file_sizes, 1, lib("core/a.cpp", "// x\n" * 796)),
    ("a source of 800 lines", rules.file_sizes, 0, lib("core/a.cpp", "// x\n" * 795)),
    ("a public header of 401 lines", rules.file_sizes, 1,
     {"include/confab/a.h": HEADER_OPENING + "\n" * 396}),
    ("a test of 1201 lines", rules.file_sizes, 1, {"tests/unit/a.cpp": OPENING + "\n" * 1196}),
    ("a function of 71 lines", rules.function_sizes, 1, lib("core/a.cpp", long_function(71))),
    ("a function of 70 lines", rules.function_sizes, 0, lib("core/a.cpp", long_function(70))),
    ("an exception that is used, in too small a library", rules.function_sizes, 1,
     {**lib("core/a.cpp", long_function(71)),
      "tests/tidy/exceptions.txt": "lib/core/a.cpp long_one is a table\n"}),
    ("an exception that is used, in a large library", rules.function_sizes, 0,
     {**lib("core/a.cpp", long_function(71)), **lib("core/b.cpp", "\nvoid f() {}\n" * 100),
      "tests/tidy/exceptions.txt": "lib/core/a.cpp long_one is a table\n"}),
    ("an exception that is not needed", rules.function_sizes, 1,
     {**lib("core/b.cpp", "\nvoid f() {}\n" * 100),
      "tests/tidy/exceptions.txt": "lib/core/a.cpp long_one is a table\n"}),
    ("an exception without a reason", rules.function_sizes, 2,
     {**lib("core/a.cpp", long_function(71)), **lib("core/b.cpp", "\nvoid f() {}\n" * 100),
      "tests/tidy/exceptions.txt": "lib/core/a.cpp long_one\n"}),
    ("a line of 101 columns", rules.line_widths, 1, lib("core/a.cpp", "//" + "x" * 99 + "\n")),
    ("a line of 100 columns", rules.line_widths, 0, lib("core/a.cpp", "//" + "é" * 98 + "\n")),
    ("a script without a licence", rules.licences, 1, {"tests/run": "#!/bin/sh\ntrue\n"}),
    ("a source without a licence", rules.licences, 1, {"examples/a.c": "int a;\n"}),
    ("a short opening comment", rules.opening_comments, 1,
     {"lib/core/a.cpp": "// SPDX-License-Identifier: MIT\n//\n// One.\n\nint a;\n"}),
    ("a long opening comment", rules.opening_comments, 1, lib("core/a.cpp", "// More.\n" * 8)),
    ("an opening comment without the licence first", rules.opening_comments, 1,
     {"lib/core/a.cpp": "// One.\n// SPDX-License-Identifier: MIT\n// Two.\n// Three.\n"}),
    ("protocol words in the core", rules.protocol_words, 4,
     lib("core/a.cpp", '\nauto a = "JOIN"; auto b = RPL_TOPIC; auto c = ERR_NOSUCHNICK;\n'
                       "auto d = irc::parse;\n")),
    ("no protocol word", rules.protocol_words, 0,
     lib("bus/a.cpp", "\nauto a = CONFAB_ERR_ARG; // JOIN\n")),
    ("a protocol word in a session", rules.protocol_words, 0,
     lib("session/a.cpp", '\nauto a = "JOIN";\n')),
    ("unfinished work", rules.unfinished, 1, lib("core/a.cpp", "// TO" + "DO: more\n")),
    ("unfinished work with an issue", rules.unfinished, 0,
     lib("core/a.cpp", "// TO" + "DO(#12): more\n")),
    ("a built file", rules.foreign_files, 1, {"lib/core/a.o": "text\n"}),
    ("a stranger at the top", rules.top_level, 1, {"notes.txt": "text\n"}),
    ("code that is not formatted", rules.formatting, 1, lib("core/a.cpp", "\nint   a;\n")),
    ("an include of a higher part", rules.include_direction, 1,
     lib("text/a.cpp", '\n#include "wire/line_framer.hpp"\n')),
    ("an include of the bus in the core", rules.include_direction, 1,
     lib("core/a.cpp", '\n#include "bus/chain.hpp"\n')),
    ("an include of a protocol in the bus", rules.include_direction, 1,
     lib("bus/a.cpp", '\n#include "proto/irc/message.hpp"\n')),
    ("an include of a part that does not exist", rules.include_direction, 1,
     lib("core/a.cpp", '\n#include "utf8.hpp"\n')),
    ("an include of a header of the ABI in the core", rules.include_direction, 1,
     lib("core/a.cpp", "\n#include <confab/command.h>\n")),
    ("an include of the C++ wrapper", rules.include_direction, 1,
     lib("abi/a.cpp", "\n#include <confab/confab.hpp>\n")),
    ("includes of lower parts", rules.include_direction, 0,
     lib("proto/ircv3/a.cpp", '\n#include "proto/irc/message.hpp"\n#include "text/utf8.hpp"\n')),
    ("a source in no part", rules.include_direction, 1, lib("misc/a.cpp", "\nint a;\n")),
    ("a function without a contract", contracts.check, 1,
     {"include/confab/engine.h": header(DRIVE, LOOK, NAME.replace("[call", "[cal"))}),
    ("a contract that is not directly before", contracts.check, 1,
     {"include/confab/engine.h": header(DRIVE, LOOK, NAME.replace("*/\n", "*/\nint other;\n"))}),
    ("a const engine that is not const", contracts.check, 1,
     {"include/confab/engine.h": header(DRIVE, LOOK.replace("call: const", "call: anywhere"),
                                        NAME)}),
    ("a const call on an engine that is not", contracts.check, 1,
     {"include/confab/engine.h": header(
         DRIVE.replace("call: outside-hook", "call: const").replace("emits: yes", "emits: no"),
         LOOK, NAME)}),
    ("a const call that emits", contracts.check, 1,
     {"include/confab/engine.h": header(DRIVE, LOOK.replace("emits: no", "emits: yes"), NAME)}),
    ("another since than the list's", contracts.check, 1,
     {"lib/confab.symbols": SYMBOLS.replace("confab_look 0.1", "confab_look 0.2")}),
    ("no list of symbols", contracts.check, 1, {"lib/confab.symbols": None}),
    ("another guard than the contract's", contracts.check, 1,
     {"lib/abi/engine.cpp": OPENING + BODIES.replace("guard_drive", "guard_submit")}),
    ("a body without a guard", contracts.check, 1,
     {"lib/abi/engine.cpp": OPENING + BODIES.replace("guard_drive", "drive")}),
    ("a reader without a guard", contracts.check, 1,
     {"lib/abi/engine.cpp": OPENING + BODIES.replace("guard_const", "look")}),
    ("a reader that returns no status", contracts.check, 0,
     {"include/confab/engine.h": header(DRIVE, LOOK.replace("confab_status", "uint64_t"), NAME),
      "lib/abi/engine.cpp": OPENING + BODIES.replace("guard_const", "look")}),
    ("the guard in a helper", contracts.check, 0,
     {"lib/abi/engine.cpp": OPENING + "\nint helper(confab_engine *e) { return guard_drive(e); }\n"
      + BODIES.replace("guard_drive", "helper")}),
    ("another guard in a helper", contracts.check, 1,
     {"lib/abi/engine.cpp": OPENING + "\nint helper(confab_engine *e) { return guard_hook(e); }\n"
      + BODIES.replace("guard_drive", "helper")}),
    ("a function without a body", contracts.check, 1,
     {"lib/abi/engine.cpp": OPENING + BODIES.replace("confab_look(", "confab_lock(")}),
] + [
    (f"banned: {text}", rules.banned_functions, 1, lib("core/a.cpp", f"\n{text}\n"))
    for text in ("auto a = printf(x);", "auto a = snprintf(x);", "auto a = strcpy(x, y);",
                 "auto a = sprintf(x);", "auto a = rand();", "auto a = time(nullptr);",
                 "auto a = std::time(nullptr);", "std::cout << 1;", "std::thread a;",
                 "auto a = getenv(x);", "std::regex a;", "void f() { abort(); }",
                 "void f() { std::exit(1); }", "auto a = std::chrono::steady_clock::now();",
                 "thread_local int a;", "auto a = malloc(1);", "#include <iostream>",
                 "#include <stdio.h>", "auto a = std::stringstream();", "fmt::print(x);")
]


def write_tree(folder, files):
    """Writes a tree; a file that is None is left out."""
    for name, text in files.items():
        if text is not None:
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def check_rules(checks):
    """The cases, and that each rule has one."""
    for name, rule, times, files in [("nothing", rule, 0, {}) for rule in tidy.RULES] + CASES:
        with tempfile.TemporaryDirectory() as folder:
            write_tree(folder, {**GOOD, **files})
            found = list(rule(Tree(folder)))
        wrong = len(found) != times
        checks.check(f"{rule.__name__} on {name}",
                     f"wanted {times} objections, found {found}" if wrong else "")
    tried = {rule for _, rule, times, _ in CASES if times > 0}
    checks.equal("each rule was seen to fail", [rule.__name__ for rule in tried],
                 [rule.__name__ for rule in tidy.RULES])


def check_binary(checks):
    """A file that is no text is objected to, and does not stop the other rules."""
    with tempfile.TemporaryDirectory() as folder:
        write_tree(folder, GOOD)
        (pathlib.Path(folder) / "lib" / "picture").write_bytes(b"\x89\x00\xff")
        found = list(rules.foreign_files(Tree(folder)))
    checks.check("foreign_files on a picture", "" if len(found) == 1 else str(found))


def check_functions(checks):
    """What tidy takes for a function, and how long it thinks it is."""
    text = """namespace a {
int plain(int x) { return x; }
template <class T>
T *both(T *x) noexcept
    requires true {
  if (x) {
    auto f = [](int y) { return y; };
    for (;;) { f(1'000); }
  }
  return x; // }
}
class holder final : public base<decltype(1)> {
  holder() : a_{1}, b_(2) {
    a_ = '{';
  }
  auto get() const -> int { return a_; }
  int a_{3};
};
constexpr std::array<int, sizeof(int)> table = {{1, 2}};
enum class color : int { red };
#define SOME(x) { x
extern "C" {
int confab_b(void) {
  return R"x({{{)x"[0];
}
}
} // namespace a
"""
    found = [(it.name, it.line, it.lines) for it in Source("a.cpp", text).functions()]
    wanted = [("plain", 2, 1), ("both", 3, 9), ("holder", 13, 3), ("get", 16, 1),
              ("confab_b", 23, 3)]
    checks.check("functions of a source", "" if found == wanted else f"{found}, not {wanted}")


def main():
    checks = Checks()
    check_rules(checks)
    check_binary(checks)
    check_functions(checks)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
