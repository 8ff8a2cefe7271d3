# SPDX-License-Identifier: MIT
"""The files that tidy looks at: those that git has or would take, or all where there is no git."""
import pathlib
import subprocess

from source import Source

SOURCE_SUFFIXES = (".c", ".h", ".cpp", ".hpp")
SCRIPT_SUFFIXES = (".py", ".sh", ".cmake", ".cmake.in")


class Tree:
    """A folder with its files, read once."""

    def __init__(self, top):
        self.top = pathlib.Path(top)
        self.paths = self.list_paths()
        self.binary = []
        self.files = []
        for path in self.paths:
            data = (self.top / path).read_bytes()
            try:
                if b"\0" in data:
                    raise ValueError("holds a NUL")
                self.files.append(Source(path, data.decode("utf-8")))
            except ValueError:
                self.binary.append(path)

    def list_paths(self):
        """Relative paths of regular files."""
        command = ["git", "-C", str(self.top), "ls-files", "-z", "--cached", "--others",
                   "--exclude-standard"]
        if (self.top / ".git").exists():
            listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            paths = [path for path in listed.split("\0") if path]
        else:
            paths = [path.relative_to(self.top).as_posix() for path in self.top.rglob("*")]
            paths = [path for path in paths if not path.startswith("build/")
                     and "__pycache__" not in path]
        return sorted(path for path in set(paths)
                      if (self.top / path).is_file() and not (self.top / path).is_symlink())

    def sources(self, *folders):
        """C and C++ files, of all folders or of those named."""
        return [file for file in self.files if file.path.endswith(SOURCE_SUFFIXES)
                and (not folders or file.path.startswith(tuple(f"{name}/" for name in folders)))]

    def code(self):
        """Everything that a person wrote as code: sources, scripts, build files."""
        return [file for file in self.files
                if file.path.endswith(SOURCE_SUFFIXES + SCRIPT_SUFFIXES)
                or file.path.endswith("CMakeLists.txt") or file.text.startswith("#!")]
