"""Lists to play with when a host brings none, and questions for clubs that have none: one TOML file a language.

Their licence is the decks' (CC BY-SA 4.0).
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


def texts(locale: str, game: str, name: str) -> tuple[str, ...]:
    """Return a list of a game in a language.

    Raises:
        LookupError: there is no such list, or no such language.
    """
    return tuple(_lists(locale)[game][name])


def keyed(locale: str, game: str, name: str) -> Mapping[str, str]:
    """Return texts by a key that is the same in every language, in their order. Raises like `texts`."""
    return dict(_lists(locale)[game][name])


@cache
def _lists(locale: str) -> Mapping[str, Any]:
    file = resources.files("games.lists") / f"{locale}.toml"
    if not file.is_file():
        raise LookupError(f"no lists for {locale!r}")
    return tomllib.loads(file.read_text("utf-8"))
