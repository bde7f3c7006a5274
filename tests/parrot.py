"""A game of nothing, to try what the two faces do for games yet to come: forms, long lists, cards, hosts' actions."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from bot.games import Kind
from bot.pictures import Cell, Drawing, Grid
from bot.wording.games import GameWords
from games.core import Player
from games.kept import keep, rebuild
from games.table import Events, Game, Seats, TableOptions, Times, View, Wish, Words


@dataclass(frozen=True, slots=True)
class ParrotOptions:
    table: TableOptions
    text: str = ""
    bonus: int | None = None
    pairs: tuple[tuple[int, str], ...] = ((1, "a"),)

    def as_json(self) -> dict[str, Any]:
        return keep(self)


@dataclass(frozen=True, slots=True)
class Echoed:
    by: Player
    text: str


@dataclass(frozen=True, slots=True)
class Chosen:
    by: Player
    choice: int


@dataclass(frozen=True, slots=True)
class Dealt:
    by: Player
    card: str


@dataclass(frozen=True, slots=True)
class Acted:
    action: str
    text: str


Event = Echoed | Chosen | Dealt | Acted


class Parrot(Game[Event]):
    def __init__(self, options: ParrotOptions) -> None:
        super().__init__(options.table, Seats(2, 4) if options.text == "seats" else None)
        self.options = options
        self.heard: list[str] = []

    @classmethod
    def from_json(cls, options: Mapping[str, Any], _seed: int, _words: Words) -> "Parrot":
        return cls(rebuild(ParrotOptions, options))

    def _deal(self, now: float) -> Sequence[Event]:
        return ()

    def _guess(self, by: Player, text: str, now: float) -> Events[Event]:
        self._admit(by, now)
        self._count(by, right=True, points=1)
        self.heard.append(text)
        return (Echoed(by, text),)

    def _choose(self, by: Player, choices: tuple[int, ...], now: float) -> Events[Event]:
        self._count(by)
        self._ask(now, 60.0)
        return (Chosen(by, choices[0]),)

    def _wish(self, by: Player, wish: str, text: str, now: float) -> Events[Event]:
        return (
            (Dealt(by, f"carte {by.id}"),) if wish == "mine" else super()._wish(by, wish, text, now)
        )

    def _act(self, action: str, text: str, about: Player | None, now: float) -> Events[Event]:
        return (Acted(action, text),)

    def _result(self) -> int:
        return len(self.heard)

    def _view(self) -> View:
        return View(
            prompt="Dites *quelque* chose",
            board=("`a`", "b c"),
            choices=tuple(f"choix {n}" for n in range(12)),
            form="words",
            wishes=("mine",),
        )


def options(table: TableOptions, wish: Wish, words: Words, chance: random.Random) -> ParrotOptions:
    return ParrotOptions(table, wish.text)


def told(event: Event, speech: Any) -> str:
    match event:
        case Echoed(_, text):
            return text.replace("\n", " / ")
        case Chosen(_, choice):
            return f"choix {choice}"
        case Dealt(_, card):
            return card
        case Acted():
            return ""


def card(event: Event, speech: Any) -> Drawing | None:
    return Grid(((Cell(event.card),),)) if isinstance(event, Dealt) else None


WORDS = cast(
    "GameWords",
    SimpleNamespace(
        name=lambda speech: "Perroquet",
        rules=lambda speech: ["Parlez.", "Je répète."],
        how=lambda scene, speech: "Parlez.",
        table=lambda scene, speech, naming: [],
        spoken=lambda scene, speech: "a, b, c",
        said=lambda event, speech, naming: (
            [f"{event.action} {event.text}"] if isinstance(event, Acted) else []
        ),
        told=told,
        card=card,
        over=lambda outcome, speech, naming: [f"Dit {outcome} fois."],
        choices=lambda scene, speech: list(scene.choices),
        fields=lambda scene, speech: ["Un", "Deux", "Trois"],
        wish=lambda wish, speech: "Ma carte",
        drawing=lambda scene, speech: None,
    ),
)

KIND = Kind(
    key="parrot",
    names=("parrot", "perroquet"),
    build=Parrot.from_json,
    options=options,
    words=WORDS,
    times=Times(lobby=10.0, round=60.0, reveal=5.0, idle=100.0),
    rounds=2,
)
