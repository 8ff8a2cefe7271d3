# SPDX-License-Identifier: MIT
"""What tidy knows of a file: its text, its code without comments and strings, its functions.

This is no parser: it understands the plain C and C++ that clang-format leaves behind. What it takes
for a function is anything at namespace or class scope whose braces follow a parameter list.
"""
import bisect
import dataclasses
import re

LITERALS = re.compile(
    r"""//[^\n]*
      | /\*.*?\*/
      | R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"
      | "(?:\\.|[^"\\\n])*"
      | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'""", re.S | re.X)
PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.M)
QUALIFIERS = re.compile(
    r"(\s*(const|volatile|noexcept|override|final|try|&&?))*\s*((->|requires\b).*)?", re.S)


def blank(text):
    """The same text with everything but line ends replaced by spaces."""
    return re.sub(r"[^\n]", " ", text)


@dataclasses.dataclass
class Function:
    """A function's name, first line, number of lines, and body."""
    name: str
    line: int
    lines: int
    body: str


def matching_brace(code, start):
    """The index of the brace that closes the one at `start`."""
    depth = 0
    for index in range(start, len(code)):
        depth += (code[index] == "{") - (code[index] == "}")
        if depth == 0:
            return index
    return len(code) - 1


def classify(head):
    """What an opening brace after `head` begins: "function", "scope" or "value"."""
    head = head.strip()
    after = head[head.rfind(")") + 1:]
    initialisers = re.search(r"\)\s*(noexcept\s*)?:[^:]", head)
    if initialisers and re.search(r"[\w>]$", head):
        return "value"
    if initialisers or (")" in head and QUALIFIERS.fullmatch(after)):
        return "function"
    if not head or re.search(r"\b(namespace|extern|class|struct|union|enum)\b", head):
        return "value" if head.endswith("=") else "scope"
    return "value"


def function_name(head):
    """The name in a function's head: what stands before its first parenthesis outside <>."""
    found = re.search(r"([~\w:]+|operator\s*\S+?)\s*\(", head)
    return found[1] if found else "?"


class Source:
    """One text file of the tree."""

    def __init__(self, path, text):
        self.path = path  # relative to the top, with /
        self.text = text
        self.lines = text.splitlines()
        self.is_c = path.endswith((".c", ".h", ".cpp", ".hpp"))
        self.starts = [0] + [found.end() for found in re.finditer("\n", text)]
        # Strings are kept in `code_with_strings`, blanked in `code`; comments are in neither.
        if self.is_c:
            self.code_with_strings = LITERALS.sub(
                lambda found: blank(found[0]) if found[0].startswith("/") else found[0], text)
            self.code = LITERALS.sub(lambda found: blank(found[0]), text)
        else:
            self.code = self.code_with_strings = text

    def line_at(self, index):
        """The number of the line that holds a character."""
        return bisect.bisect_right(self.starts, index)

    def comment_lines(self):
        """How many lines hold (some) comment and no code."""
        return sum(1 for line, code in zip(self.lines, self.code_with_strings.splitlines())
                   if line.strip() and not code.strip())

    def functions(self):
        """The functions that are defined here."""
        code = PREPROCESSOR.sub(lambda found: blank(found[0]), self.code)
        found, index, head_start, parentheses = [], 0, 0, 0
        while index < len(code):
            character = code[index]
            parentheses += (character == "(") - (character == ")")
            if character == "{":
                head = code[head_start:index]
                kind = "value" if parentheses else classify(head)
                if kind == "scope":
                    head_start = index + 1
                else:
                    end = matching_brace(code, index)
                    if kind == "function":
                        first = self.line_at(head_start + len(head) - len(head.lstrip()))
                        found.append(Function(function_name(head), first,
                                              self.line_at(end) - first + 1,
                                              code[index:end + 1]))
                        head_start = end + 1
                    index = end
            elif character == "}" or (character == ";" and not parentheses):
                head_start = index + 1
            index += 1
        return found
