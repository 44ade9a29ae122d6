"""A program's settings from its file and the environment; a wrong name is an error that suggests the right one."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from antrean.domain.errors import BadInput

_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: dotted name ("printer.target" stands in table [printer]), type, default, one sentence about it."""

    name: str
    kind: type
    default: object
    about: str


class BadSettings(BadInput):
    """The settings have mistakes; `problems` lists every one."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("bad_settings", problems="; ".join(problems))


def settings_from(
    table: Mapping[str, object], environment: Mapping[str, str], schema: Sequence[Setting], *, prefix: str
) -> dict[str, object]:
    """Every setting's value by name: the environment over the file over the default.

    `prefix` ends with an underscore ("ANTREAN_KIOSK_"). Raises BadSettings naming unknown names, with the
    nearest
    right one, and values of the wrong type.
    """
    known = {setting.name: setting for setting in schema}
    variables = {variable(setting.name, prefix): setting for setting in schema}
    values: dict[str, object] = {setting.name: setting.default for setting in schema}
    problems: list[str] = []
    for name, value in _flat(table, known):
        setting = known.get(name)
        if setting is None:
            problems.append(_unknown(name, known))
        elif not _fits(value, setting.kind):
            problems.append(f"{name} must be {_words(setting.kind)}, not {value!r}")
        else:
            values[name] = value
    for name, text in environment.items():
        if not name.startswith(prefix):
            continue
        setting = variables.get(name)
        if setting is None:
            problems.append(_unknown(name, variables))
            continue
        read = _read(text, setting.kind)
        if read is None:
            problems.append(f"{name} must be {_words(setting.kind)}, not {text!r}")
        else:
            values[setting.name] = read
    if problems:
        raise BadSettings(problems)
    return values


def variable(name: str, prefix: str) -> str:
    """The environment variable that overrides a setting."""
    return prefix + name.upper().replace(".", "_").replace("-", "_")


def settings_help(schema: Sequence[Setting], prefix: str) -> list[tuple[str, str, object, str]]:
    """(name, environment variable, default, sentence) of every setting, for the guide and --help."""
    return [(item.name, variable(item.name, prefix), item.default, item.about) for item in schema]


def _flat(table: Mapping[str, object], known: Mapping[str, Setting]) -> Iterator[tuple[str, object]]:
    groups = {name.split(".")[0] for name in known if "." in name}
    for name, value in table.items():
        if isinstance(value, Mapping) and name in groups:
            yield from ((f"{name}.{inner}", item) for inner, item in value.items())
        else:
            yield name, value


def _unknown(name: str, known: Mapping[str, Setting]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"unknown setting {name}" + (
        f": did you mean {near[0]}?" if near else f"; known are {', '.join(known)}"
    )


def _fits(value: object, kind: type) -> bool:
    if isinstance(value, list):
        return kind is list and all(isinstance(item, str) for item in value)
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _read(text: str, kind: type) -> object:
    if kind is bool:
        lower = text.strip().lower()
        return True if lower in _TRUE else False if lower in _FALSE else None
    if kind is list:
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind is int:
        try:
            return int(text)
        except ValueError:
            return None
    return text


def _words(kind: type) -> str:
    return {bool: "true or false", int: "a whole number", str: "text", list: "a list of texts"}.get(
        kind, kind.__name__
    )
