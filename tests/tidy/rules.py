# SPDX-License-Identifier: MIT
"""The rules of the style as functions from a tree to the places that break them.

Each yields (path, line, problem). What to call instead stands in the table beside what is banned.
"""
import re
import subprocess

SOURCE_LINES_MAX = 800
PUBLIC_HEADER_LINES_MAX = 400
TEST_LINES_MAX = 1200
FUNCTION_LINES_MAX = 70
FUNCTION_EXCEPTIONS_SHARE_MAX = 0.01
COLUMNS_MAX = 100
OPENING_COMMENT_LINES = (3, 10)
EXCEPTIONS = "tests/tidy/exceptions.txt"

# What lib/ must not use, and what to use instead.
BANNED = [
    (r"\bv?(f|s|sn|d)?printf\s*\(", "fmt::format_to_n into a bounded buffer"),
    (r"\bfmt::print\b", "the host's log callback"),
    (r"\bstr(n?cpy|n?cat|tok)\s*\(", "std::string_view and memcpy of a known length"),
    (r"\b(strlen|gets|atoi|atol|strtol|strtoul)\s*\(", "std::string_view and text::parse_u64"),
    (r"\bs?rand\s*\(", "the host's random callback"),
    (r"\bstd::(random_device|mt19937|regex|thread|jthread|mutex|atomic|async|future)\b",
     "the host: the engine has no threads, randomness or regular expressions"),
    (r"(?<![\w.:>])(std::)?(time|clock|gettimeofday|clock_gettime|localtime|gmtime)\s*\(",
     "the `now` that the host gives"),
    (r"_clock::now\b", "the `now` that the host gives"),
    (r"\bstd::(cout|cerr|clog|cin|[io]?fstream|[io]?stringstream|filesystem|locale)\b",
     "the host's callbacks, fmt, std::string_view"),
    (r"\b(getenv|setenv|setlocale|system|fopen|socket)\s*\(", "the options"),
    (r"(?<![\w.:>])(std::)?(abort|exit|_exit|quick_exit|terminate)\s*\(",
     "a status: misuse is reported"),
    (r"\bthread_local\b", "the engine object: there are no globals"),
    (r"\bdynamic_cast\b", "a virtual function or a tag"),
    (r"(?<![\w.>])(malloc|calloc|realloc|free)\s*\(", "the engine's memory resource"),
]
# The one place that may: the allocator that is used when the host gives none.
BANNED_EXCEPT = {("lib/core/memory.hpp", "malloc"), ("lib/core/memory.hpp", "realloc"),
                 ("lib/core/memory.hpp", "free")}
BANNED_HEADERS = {
    "iostream", "istream", "ostream", "sstream", "fstream", "thread", "mutex", "shared_mutex",
    "atomic", "condition_variable", "future", "random", "regex", "filesystem", "locale",
    "ctime", "cstdio", "csignal", "time.h", "stdio.h", "signal.h", "unistd.h", "pthread.h"}

# Which part of lib/ may include which; what is longer goes first.
DATA_HEADERS = {
    # Structs and constants that the internals share with the outside; their functions are abi's.
    f"confab/{name}.h"
    for name in ("types", "status", "version", "event", "event_bus", "refusal", "engine", "host",
                 "hook", "deferral", "metrics", "conn", "extend", "plugin")
}
ALL_PROTO = {"proto/irc", "proto/ircv3", "proto/ircx", "proto/mic"}
BELOW_ABI = {"text", "wire", "core", "bus", "session", "state"} | ALL_PROTO
DIRECTION = {
    "text": set(),
    "wire": {"text"},
    "proto/irc": {"text", "wire"},
    "proto/ircv3": {"text", "wire", "proto/irc"},
    "proto/ircx": {"text", "wire", "proto/irc"},
    "proto/mic": {"text", "wire"},
    "core": {"text", "wire"} | DATA_HEADERS,
    "bus": {"text", "wire", "core"} | DATA_HEADERS,
    "session": (BELOW_ABI - {"state"}) | DATA_HEADERS,
    "state": BELOW_ABI | DATA_HEADERS,
    "abi": BELOW_ABI,
}

PROTOCOL_WORDS = re.compile(
    r'"[^"\n]*\b(ADMIN|AUTHENTICATE|AWAY|CAP|INVITE|ISON|ISUPPORT|JOIN|KICK|KILL|LINKS|LUSERS|MODE|'
    r'MONITOR|MOTD|NAMES|NICK|NOTICE|OPER|PART|PASS|PING|PONG|PRIVMSG|QUIT|REHASH|TAGMSG|TOPIC|'
    r'USERHOST|WALLOPS|WHO|WHOIS|WHOWAS|ISIRCX|IRCX)\b|\b(RPL|ERR)_[A-Z]+|\birc::')

# In halves, so that this line is not one of them.
UNFINISHED = r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b(?! ?\(?#\d+)"


def where(file, pattern, text=None):
    """(line, match) of each match of a pattern in a file's code."""
    for found in re.finditer(pattern, file.code if text is None else text):
        yield file.line_at(found.start()), found


def file_sizes(tree):
    """No file grows into a monster."""
    for file in tree.sources():
        most = SOURCE_LINES_MAX
        if file.path.startswith("tests/"):
            most = TEST_LINES_MAX
        elif file.path.startswith("include/"):
            most = PUBLIC_HEADER_LINES_MAX
        if len(file.lines) > most:
            yield file.path, 1, f"{len(file.lines)} lines; {most} is the end: split it"


def read_exceptions(tree):
    """{(path, function): line} of the exceptions; a line is PATH FUNCTION REASON..."""
    exceptions = {}
    for file in tree.files:
        if file.path == EXCEPTIONS:
            for number, line in enumerate(file.lines, 1):
                words = line.split("#")[0].split()
                if len(words) >= 3:
                    exceptions[words[0], words[1]] = number
                elif words:
                    exceptions[words[0], None] = number
    return exceptions


def function_sizes(tree):
    """No function grows too long, but for the few that are listed with a reason."""
    exceptions, total, needed = read_exceptions(tree), 0, set()
    for file in tree.sources("lib", "include", "examples"):
        for function in file.functions():
            total += 1
            if function.lines <= FUNCTION_LINES_MAX:
                continue
            if (file.path, function.name) in exceptions:
                needed.add((file.path, function.name))
            else:
                yield file.path, function.line, f"{function.name} has {function.lines} lines; " \
                    f"{FUNCTION_LINES_MAX} is the end"
    for key in exceptions.keys() - needed:
        yield EXCEPTIONS, exceptions[key], f"{key[0]} {key[1]}: no reason, or not needed any more"
    if len(exceptions) > total * FUNCTION_EXCEPTIONS_SHARE_MAX:
        yield EXCEPTIONS, 1, f"{len(exceptions)} exceptions among {total} functions: more than " \
            "one in a hundred"


def line_widths(tree):
    """Two files fit side by side."""
    for file in tree.code():
        for number, line in enumerate(file.lines, 1):
            if len(line) > COLUMNS_MAX:
                yield file.path, number, f"{len(line)} columns; {COLUMNS_MAX} is the end"


def licences(tree):
    """Every file of code names its licence at the top."""
    for file in tree.code():
        if not any("SPDX-License-Identifier: MIT" in line for line in file.lines[:3]):
            yield file.path, 1, "no SPDX-License-Identifier: MIT in the first three lines"


def opening_comments(tree):
    """Each file says at its top what lives there. A public header is a manual: it may say more."""
    least, most = OPENING_COMMENT_LINES
    for file in tree.sources("lib", "include", "examples", "tests"):
        first = file.lines[0] if file.lines else ""
        if not re.match(r"(//|/\*) SPDX-License-Identifier: MIT$", first):
            yield file.path, 1, "the first line is not the SPDX line"
            continue
        block = re.match(r"/\*.*?\*/|(//[^\n]*\n)*", file.text, re.S)[0].splitlines()[1:]
        said = sum(1 for line in block if line.strip(" */"))
        public = file.path.startswith("include/")
        if len(block) < least or (said > most and not public):
            yield file.path, 1, f"opens with {len(block)} lines of comment after the SPDX line; " \
                f"{least} to {most} say what lives here and what must not"


def banned_functions(tree):
    """The library does nothing that is the host's business."""
    for file in tree.sources("lib"):
        for pattern, instead in BANNED:
            for line, found in where(file, pattern):
                name = found[0].strip("( ")
                if (file.path, name) not in BANNED_EXCEPT:
                    yield file.path, line, f"{name} is banned: use {instead}"
        for line, found in where(file, r"#\s*include\s*<([^>]+)>"):
            if found[1] in BANNED_HEADERS:
                yield file.path, line, f"<{found[1]}> is banned in lib/"


def include_direction(tree):
    """text <- wire <- proto, text <- core <- bus; session sees both; only abi sees everything."""
    parts = sorted(DIRECTION, key=len, reverse=True)
    for file in tree.sources("lib"):
        part = next((name for name in parts if file.path.startswith(f"lib/{name}/")), None)
        if part is None:
            yield file.path, 1, "lies in no part of lib/ that has a place in the order"
            continue
        for line, found in where(file, r'#\s*include\s*[<"]([^>"]+)[>"]', file.code_with_strings):
            name, quoted = found[1], found[0].endswith('"')
            if name.startswith("confab/"):
                allowed = name != "confab/confab.hpp" and (part == "abi" or name in DIRECTION[part])
            elif quoted:
                other = next((it for it in parts if name.startswith(f"{it}/")), None)
                allowed = other == part or other in DIRECTION[part]
            else:
                continue
            if not allowed:
                yield file.path, line, f"lib/{part} must not include {name}"


def protocol_words(tree):
    """The core knows no protocol word; names of properties are the same in all protocols."""
    for file in tree.sources("lib/core", "lib/bus"):
        for line, found in where(file, PROTOCOL_WORDS, file.code_with_strings):
            if (file.path, found[0]) == ("lib/core/properties.cpp", '"TOPIC'):
                continue
            yield file.path, line, f"{found[0]} is a word of a protocol"


def unfinished(tree):
    """Unfinished work has an issue."""
    for file in tree.code():
        for line, found in where(file, UNFINISHED, file.text):
            yield file.path, line, f"{found[0]} without the number of an issue"


def foreign_files(tree):
    """git holds what people wrote: nothing binary, nothing built."""
    for path in tree.binary:
        yield path, 1, "is not text"
    for path in tree.paths:
        if re.search(r"\.(o|a|so|pyc|orig|rej|swp)$|(^|/)(build|__pycache__)/", path):
            yield path, 1, "is made by a tool"


def top_level(tree):
    """The top of the tree is fixed."""
    known = {"CMakeLists.txt", "CMakePresets.json", "LICENSE", "LICENSES", "README.md",
             "CHANGELOG.md", "CONTRIBUTING.md", ".ci", ".clang-format", ".gitignore", ".reuse",
             "include", "lib", "bindings", "examples", "tests"}
    for name in sorted({path.split("/")[0] for path in tree.paths} - known):
        yield name, 1, "does not belong at the top"


def formatting(tree):
    """clang-format has nothing to say."""
    paths = [file.path for file in tree.sources("include", "lib", "examples", "tests")]
    if not paths:
        return
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *paths], cwd=tree.top,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for path in sorted(set(re.findall(r"^(\S+?):\d+:\d+: error:", done.stdout, re.M))):
        yield path, 1, "is not as clang-format would have it: clang-format -i"
    if done.returncode != 0 and "error:" not in done.stdout:
        yield paths[0], 1, done.stdout
