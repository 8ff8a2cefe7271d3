# SPDX-License-Identifier: MIT
"""What the package has of api.json at run time, and the types that editors and mypy read.

Written into the built package, never into the source tree: _data.py (constants, and the members of
the structs that become dataclasses), and a stub beside each module whose classes are made from it.
"""
import keyword
import pprint

# REUSE-IgnoreStart: what follows are licences of what is written.
STUB = '''# SPDX-License-Identifier: MIT
"""Made from bindings/api.json when the package was built."""
'''
# The head's members under names that no event has for something of its own.
HEAD = {"flags": "head_flags", "protocol": "protocol", "seq": "seq", "cause": "cause",
        "time": "time", "origin": "origin", "actor": "actor"}
LEFT_OUT = ("struct_size", "head")
# Structs that queries, hooks and the host's callbacks give out.
RECORDS = ("confab_conn_info", "confab_user_info", "confab_channel_info", "confab_member_info",
           "confab_list_entry", "confab_engine_stats", "confab_hook_stats", "confab_hook_info",
           "confab_outcome", "confab_cause", "confab_log_record", "confab_request",
           "confab_deferral_info", "confab_addition_info",
           "confab_error_info")


OPTIONS = ("confab_engine_options", "confab_conn_options", "confab_user_options")


def class_name(name):
    """hook_failed as HookFailed."""
    return "".join(part.capitalize() for part in name.split("_"))


def kind_of(member):
    """How a member shows in Python: text, number, numbers or float; None: it does not."""
    if member["name"] in LEFT_OUT or member["name"].startswith("reserved"):
        return None
    if member["type"] == "confab_str":
        return "text"
    if member["type"].endswith("]"):
        return "numbers"
    if member["type"] == "double":
        return "float"
    return None if "*" in member["type"] or member["type"] == "callback" else "number"


def members_of(struct):
    """[(name, kind, number of its CONFAB_FIELD_ or 0)] of a struct."""
    return [(member["name"], kind_of(member), member.get("set", ""))
            for member in struct["members"] if kind_of(member)]


def data_of(api):
    """What _data.py holds."""
    constants = {each["name"].removeprefix("CONFAB_"): each["value"]
                 for enum in api["enums"] for each in enum["constants"]}
    constants.update((each["name"].removeprefix("CONFAB_"), each["value"])
                     for each in api["macros"] if isinstance(each["value"], int))
    structs = {struct["name"]: struct for struct in api["structs"]}
    for event in api["events"]:
        clash = set(HEAD.values()) & {name for name, _, _ in members_of(structs[event["struct"]])}
        if clash:
            raise ValueError(f"{event['struct']}: {clash} is a name of the head's")
    events = [(event["name"], class_name(event["name"]), event["value"], event["struct"],
               event["doc"]) for event in api["events"]]
    events.append(("custom", "Custom", -1, "confab_event_custom",
                   structs["confab_event_custom"]["doc"]))
    fields = {}
    for name in dict.fromkeys(event[3] for event in events):
        fields[name] = [(member, kind, constants.get(field.removeprefix("CONFAB_"), 0))
                        for member, kind, field in members_of(structs[name])]
    records = {name: [member[:2] for member in members_of(structs[name])] for name in RECORDS}
    version = next(each["value"] for each in api["macros"]
                   if each["name"] == "CONFAB_VERSION_STRING")
    return {"VERSION": version, "CONSTANTS": constants, "HEAD": HEAD, "EVENTS": events,
            "FIELDS": fields, "RECORDS": records,
            "OPTIONS": {name: [member[:2] for member in members_of(structs[name])]
                        for name in OPTIONS},
            "DOCS": {name: structs[name]["doc"] for name in RECORDS}}


# What type checkers cannot see by themselves.
ANNOTATIONS = {"CONSTANTS": ": dict[str, int]", "OPTIONS": ": dict[str, list[tuple[str, str]]]"}


def data_module(api):
    """The text of _data.py."""
    lines = ["# SPDX-License-Identifier: MIT",
             '"""Made from bindings/api.json when the package was built."""']
    for name, value in data_of(api).items():
        kind = ANNOTATIONS.get(name, "")
        lines.append(f"{name}{kind} = {pprint.pformat(value, width=98, sort_dicts=False)}")
    return "\n".join(lines) + "\n"


PYTHON_TYPES = {"text": "str", "number": "int", "float": "float", "numbers": "tuple[int, ...]"}


def dataclass_stub(name, base, fields, doc):
    """One dataclass as a stub has it."""
    lines = [f"\n@dataclass(frozen=True)\nclass {name}({base}):"]
    if doc:
        lines.append(f"    {doc!r}")
    for field, kind in fields:
        if keyword.iskeyword(field):
            raise ValueError(f"{name}.{field} is a word of Python's")
        default = {"text": '""', "number": "0", "float": "0.0", "numbers": "()"}[kind]
        lines.append(f"    {field}: {PYTHON_TYPES[kind]} = {default}")
    return "\n".join(lines) + "\n"


def stubs(api):
    """{file name: text} of the stubs."""
    data = data_of(api)
    made = {"constants.pyi": STUB + "from typing import Final\n\n" + "".join(
        f"{name}: Final = {value!r}\n" for name, value in data["CONSTANTS"].items())
        + "\nCONSTANTS: dict[str, int]\n\ndef number(prefix: str, value: int | str) -> int: ...\n"
        "def word(prefix: str, value: int) -> str: ...\n"}
    made["_raw.pyi"] = STUB + "from typing import Any\n\nffi: Any\nlib: Any\n"
    text = STUB + ("from dataclasses import dataclass\nfrom typing import Any, ClassVar\n\n"
                   "from .records import Outcome\n\n"
                   "class Event:\n    NAME: ClassVar[str]\n    TYPE: ClassVar[int]\n"
                   "    FIELDS: ClassVar[dict[str, int]]\n"
                   "    outcome: Outcome | None\n    lost: int\n")
    text += "".join(f"    {name}: int\n" for name in HEAD.values())
    for name, title, _, struct, doc in data["EVENTS"]:
        fields = [(member, kind) for member, kind, _ in data["FIELDS"][struct]]
        fields += [(member, "number") for member in HEAD.values()]
        if name == "custom":
            fields += [("space", "number"), ("type", "number")]
        text += dataclass_stub(title, "Event", fields, doc)
        if name == "command":
            text += "    @property\n    def parameters(self) -> list[str]: ...\n"
    text += ("\nBY_NAME: dict[str, type[Event]]\n"
             "def named(name: str) -> type[Event]: ...\n"
             "def made(pointer: Any) -> Event: ...\n"
             "def fill(event: Event) -> None: ...\n"
             "def write(event: Event, keep: list[Any]) -> Any: ...\n")
    made["events.pyi"] = text
    text = STUB + "from dataclasses import dataclass\nfrom typing import Any, TypeVar\n"
    text += '\nclass Record:\n    "What a struct of the library held."\n'
    for name in RECORDS:
        title = class_name(name.removeprefix("confab_"))
        fields = ([("id", "number")] if name in ("confab_conn_info", "confab_user_info",
                                                 "confab_channel_info", "confab_member_info")
                  else []) + data["RECORDS"][name]
        if "id" in dict(fields[1:]):
            fields = data["RECORDS"][name]
        text += dataclass_stub(title, "Record", fields, data["DOCS"][name])
    text += ('\nR = TypeVar("R", bound=Record)\n'
             "def blank(record: type[Record]) -> Any: ...\n"
             "def read(record: type[R], pointer: Any, number: int = 0) -> R: ...\n")
    made["records.pyi"] = text
    return made
