#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints the commands of a README: the blocks of ```sh, each as one shell command line.

usage: readme_commands.py README NUMBER

NUMBER is which block, from 1. What a reader types is so what the tests run.
"""
import pathlib
import re
import sys


def main():
    text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.S | re.M)
    print(blocks[int(sys.argv[2]) - 1], end="")


if __name__ == "__main__":
    main()
