"""Reading `report.yaml`: one sentence with file, line and field for whatever is wrong."""

import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, TypeAlias

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from skknn_syndrome._output import read_whole
from skknn_syndrome.errors import RenderingError, nearest_name, quote
from skknn_syndrome.rendering.meta.logo import logo_beside, read_logo
from skknn_syndrome.rendering.meta.model import Author, ClassNames, Nouns, ReportMeta

MOST_BYTES = 1_000_000
"""Of the file: more is no description of a report."""
MOST_DEPTH = 8
MOST_VALUES = 100_000
"""Of all lists and objects with aliases resolved: an alias of aliases grows without end."""

MOST_NAMED = 6
"""Classes that a refusal names."""

Path_: TypeAlias = tuple[str | int, ...]

_FIELDS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {"": ReportMeta, "authors": Author, "nouns": Nouns, "classes": ClassNames}
)
_NULL, _BOOL = "tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"
_CODES: Mapping[str, str] = MappingProxyType(
    {
        "extra_forbidden": "unknown_field",
        "missing": "missing_field",
        "string_too_short": "empty_text",
        "literal_error": "unknown_choice",
        "value_error": "invalid_value",
    }
)


def load_meta(path: str | os.PathLike[str]) -> ReportMeta:
    """Read the metadata of a report.

    Parameters
    ----------
    path : path
        A YAML file. Numbers in it are taken as they are written, so that a label such as 007 stays one.

    Returns
    -------
    ReportMeta
        Its logo with the folder of the file before it.

    Raises
    ------
    RenderingError
        If the file can't be read or is no YAML; if a key comes twice, a field is unknown, or a value is not
        what its field takes; if the logo lies outside the folder of the file, or can't be used.
    """
    file = Path(path)
    try:
        text = read_whole(file, MOST_BYTES + 1).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise _refusal(
            f"{file}: it can't be read ({reason}); name a YAML file.", "unreadable_meta"
        ) from error
    meta = parse_meta(text, str(file))
    if meta.logo is None:
        return meta
    logo = logo_beside(file, meta.logo)
    read_logo(logo)  # refused before anything is made for it
    return ReportMeta.model_validate(meta.model_dump(by_alias=True) | {"logo": str(logo)})


def parse_meta(text: str, name: str = "report.yaml") -> ReportMeta:
    r"""Return metadata from YAML.

    Raises
    ------
    RenderingError
        As `load_meta`.

    Examples
    --------
    >>> meta = parse_meta("title: Faces\nclasses:\n  007: {name: Williams syndrome, short: WS}")
    >>> meta.title, meta.classes["007"].short
    ('Faces', 'WS')
    """
    if len(text) > MOST_BYTES:
        raise _refusal(
            f"{name}: it has more than {MOST_BYTES:,} characters; name a report.yaml.", "long_meta"
        )
    reader = _Reader(name)
    given = reader.read(text)
    try:
        return ReportMeta.model_validate(given)
    except ValidationError as error:
        raise reader.fault(error.errors(include_url=False)[0]) from error


class _Reader:
    """One file: its values, and the line of each."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path_, int] = {}

    def read(self, text: str) -> object:
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, RecursionError) as error:
            self._refuse_yaml(error)
        if root is None:
            return {}
        if not isinstance(root, yaml.MappingNode):
            raise _refusal(f"{self.name}: it holds no fields; write lines such as 'title: ...'.", "no_fields")
        return self._value(root, ())

    def _refuse_yaml(self, error: Exception) -> NoReturn:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f", line {mark.line + 1}"
        problem = getattr(error, "problem", None) or "it is nested too deeply"
        raise _refusal(
            f"{self.name}{line}: it is no YAML ({problem}); {_way(problem)}.", "invalid_yaml"
        ) from error

    def _value(self, node: yaml.Node, path: Path_) -> Any:  # noqa: ANN401  of any shape
        """Return the value of a node: text as it is written, whatever number or day it looks like."""
        self.lines[path] = node.start_mark.line + 1
        if len(path) > MOST_DEPTH or len(self.lines) > MOST_VALUES:
            raise self._refusal(path, "it is nested too deeply, or refers to itself", "nested_meta")
        if isinstance(node, yaml.MappingNode):
            return {key: self._value(value, (*path, key)) for key, value in self._entries(node, path)}
        if isinstance(node, yaml.SequenceNode):
            return [self._value(entry, (*path, place)) for place, entry in enumerate(node.value)]
        text = str(node.value)
        if node.tag == _NULL:
            return None
        return text.lower() in {"true", "yes", "on"} if node.tag == _BOOL else text

    def _entries(self, node: yaml.MappingNode, path: Path_) -> Iterable[tuple[str, yaml.Node]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise self._refusal(path, "a key has to be text", "invalid_yaml", line)
            name = str(key.value)
            if name in seen:
                before = f"{quote(name)} stands in line {seen[name]} already: leave one of them out"
                raise self._refusal((*path, name), before, "repeated_key", line)
            seen[name] = line
            yield name, value

    def fault(self, error: ErrorDetails) -> RenderingError:
        """Return what is wrong by pydantic in a sentence of ours."""
        path = tuple(part for part in error["loc"])
        code = _CODES.get(error["type"], "wrong_type")
        match code:
            case "unknown_field":
                known = _fields_at(path)
                near = nearest_name(str(path[-1]), known)
                choices = f"take one of {', '.join(known)}" if near is None else f"did you mean {near}?"
                said = f"there is no such field; {choices}"
            case "missing_field":
                said = "it is missing; give it"
            case "empty_text":
                said = "it is empty; fill it in, or leave the field out"
            case "unknown_choice":
                said = f"{quote(error['input'])} is none of its choices; take {error['ctx']['expected']}"
            case "invalid_value":
                said = str(error["ctx"]["error"])
            case _:
                said = f"{_shape(error['input'])} stands where {_wanted(error['type'])} is needed"
        return self._refusal(path, said, code)

    def _refusal(self, path: Path_, said: str, code: str, line: int | None = None) -> RenderingError:
        place = path
        while line is None and place not in self.lines and place:
            place = place[:-1]
        at = self.lines.get(place) if line is None else line
        where = f", line {at}" if at else ""
        field = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
        end = "" if said.endswith("?") else "."
        return _refusal(f"{self.name}{where}: {f'{field}: ' if field else ''}{said}{end}", code)


def _fields_at(path: Path_) -> Collection[str]:
    kind = _FIELDS[str(path[0]) if len(path) > 1 else ""]
    return [field.alias or name for name, field in kind.model_fields.items()]


def _shape(value: object) -> str:
    names = {dict: "an object", list: "a list", bool: f"the truth value {str(value).lower()}"}
    return "nothing" if value is None else names.get(type(value), quote(value))


def _wanted(kind: str) -> str:
    found = {
        "string_type": "a text, in quotes if need be,",
        "bool_parsing": "true or false",
        "too_long": "a singular with its plural, and no more,",
    }
    if kind.startswith(("model", "dict")):
        return "an object with fields of its own"
    return found.get(kind, "a list")


def _refusal(sentence: str, code: str) -> RenderingError:
    return RenderingError(sentence, code=code, parameter="meta")


def _way(problem: str) -> str:
    """Return what helps, as far as the words of the parser tell what is wrong."""
    if "\\t" in problem:
        return "indent with blanks and not with a tab"
    if "block end" in problem or "block mapping" in problem or "block collection" in problem:
        return "lines of one level have to begin in the same column"
    return "texts with ': ' or '#' need quotes"


def check_classes(meta: ReportMeta, labels: Collection[str], name: str = "report.yaml") -> None:
    """Refuse names of classes that a result has not.

    Raises
    ------
    RenderingError
        Naming the class, and the one that was perhaps meant.
    """
    twice = {label for label in meta.class_order if meta.class_order.count(label) > 1}
    for field, named in (("classes", meta.classes), ("class_order", meta.class_order)):
        unknown = next((label for label in named if label not in labels), None)
        if unknown is not None:
            near = nearest_name(unknown, labels)
            known = ", ".join(map(quote, [*labels][:MOST_NAMED])) + (
                " ..." if len(labels) > MOST_NAMED else ""
            )
            said = f"take one of {known}." if near is None else f"did you mean {quote(near)}?"
            raise _refusal(f"{name}: {field}: there is no class {quote(unknown)}; {said}", "unknown_class")
    if twice:
        raise _refusal(
            f"{name}: class_order: {quote(min(twice))} stands there twice; leave one of them out.",
            "repeated_class",
        )
