"""Options as a session keeps them: frozen dataclasses to what JSON can hold, and back by their type hints.

Hints may be texts, numbers, truths, literals, tuples, other dataclasses, and any of these or None.
"""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

_Options = TypeVar("_Options")


def keep(options: Any) -> dict[str, Any]:
    """Return a dataclass as a JSON-ready mapping."""
    return asdict(options)


def rebuild(kind: type[_Options], kept: Mapping[str, Any]) -> _Options:
    """Build the dataclass `kind` again from what `keep` returned, before or after JSON."""
    hints = get_type_hints(kind)
    return kind(**{name: _value(hints[name], value) for name, value in kept.items()})


def _value(hint: Any, value: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        kinds = [kind for kind in get_args(hint) if kind is not NoneType]
        return None if value is None else _value(kinds[0], value)
    if get_origin(hint) is tuple:
        kinds = list(get_args(hint))
        if kinds[-1] is ...:
            kinds = kinds[:1] * len(value)
        return tuple(_value(kind, one) for kind, one in zip(kinds, value, strict=True))
    if isinstance(hint, type) and is_dataclass(hint):
        return rebuild(hint, value)
    return value
