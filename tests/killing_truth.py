"""What was announced about a quiz, and whether a replay of its journal says the same.

Checked for each quiz: every verdict shown is one that the replay gives, and the last one shown on either platform the
last one given; every point taken back, answer accepted, hint and team that was announced happened; every privately
confirmed right answer counts; the ledger holds each player once, with just the replay's points; the final board says
the same, for people and for teams; every question that was asked was closed and revealed.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from bot import journal
from games.quiz import Quiz
from games.quiz_events import Accepted, Asked, Closed, Event, Finished, Hinted, Joined, Undone
from tests.killing_deck import BY_WORD, asked, named

_VERDICT = re.compile(r"(?:C’est|c’était|C’était) (.+?)(?: !|\.)")
_ENDS = ("La partie est finie", "Plus personne ne répond")
_NOTES = (
    re.compile(r"Les points de la (question \d+) sont retirés"),
    re.compile(r"« (\w+) » est accepté"),
    re.compile(r"Indice \d sur \d : ([^.]+\.)"),
)


@dataclass(slots=True)
class Said:
    """What was announced while one quiz ran; `notes` are what hosts did, in the words that told it."""

    names: Sequence[str]
    verdicts: list[tuple[str, str, frozenset[str]]] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    confirmed: set[tuple[str, str]] = field(default_factory=set)
    joined: set[tuple[str, str]] = field(default_factory=set)
    results: list[str] = field(default_factory=list)

    def hear(self, side: str, text: str) -> None:
        """Take a public text of the bot."""
        if any(end in text for end in _ENDS):
            self.results.append(text)
        for pattern in _NOTES:
            self.notes.update(pattern.findall(text))
        for line in text.split("\n"):
            match = _VERDICT.search(line)
            item = named(match[1]) if match else None
            if item and any(sign in line for sign in ("a trouvé", "Personne", "Au plus près")):
                names = frozenset(name for name in self.names if name in line)
                self.verdicts.append((side, item.word, names))

    def revealed(self, word: str) -> bool:
        """Return whether a question's answer was told anywhere."""
        return any(word == known for _, known, _ in self.verdicts)


@dataclass(slots=True)
class Truth:
    """What a replay says: how each question ended each time, what hosts did, points and teams at the end."""

    asked: set[str] = field(default_factory=set)
    verdicts: dict[str, list[frozenset[str]]] = field(default_factory=lambda: defaultdict(list))
    nearest: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    joined: set[tuple[str, str]] = field(default_factory=set)
    points: dict[int, int] = field(default_factory=dict)
    teams: tuple[tuple[str, float, int], ...] = ()

    def last(self, word: str) -> frozenset[str]:
        """Return who was right about a question in the end."""
        return self.verdicts[word][-1] if self.verdicts.get(word) else frozenset()


def replay(options: bytes, seed: int, rows: Sequence[Any], names: Mapping[int, str]) -> Truth:
    """Build a quiz again from what was kept of it."""
    quiz, truth = Quiz.from_json(orjson.loads(options), seed), Truth()
    for row in rows:
        for event in quiz.play(*journal.decode(row)):
            _note(event, truth, names)
    truth.points = {part.player.id: part.points for part in quiz.record()}
    return truth


def _note(event: Event, truth: Truth, names: Mapping[int, str]) -> None:
    match event:
        case Asked(prompt=prompt):
            truth.asked |= {item.word for item in (asked(prompt),) if item}
        case Closed():
            _judged(event, truth, names)
        case Accepted(text=text, closed=closed):
            truth.notes.add(text)
            truth.accepted |= {item.word for item in BY_WORD.values() if item.alias == text}
            if closed is not None:
                _judged(closed, truth, names)
        case Undone(number=number):
            truth.notes.add(f"question {number}")
        case Hinted(text=text):
            truth.notes.add(text)
        case Joined(by=by, name=name):
            truth.joined.add((names.get(by.id, "?"), name))
        case Finished(teams=teams):
            truth.teams = tuple((team.name, team.points, team.members) for team in teams)


def _judged(closed: Closed, truth: Truth, names: Mapping[int, str]) -> None:
    item = asked(closed.prompt)
    assert item is not None
    truth.verdicts[item.word].append(frozenset(names.get(s.by.id, "?") for s in closed.solvers))
    if closed.gap is not None:
        truth.nearest.add(item.word)


def announced_wrongly(said: Said, truth: Truth) -> list[str]:
    """Return what was announced and is not so, or should have been and was not."""
    wrong = [f"question not closed: {word}" for word in truth.asked - set(truth.verdicts)]
    for side, word, solvers in said.verdicts:
        if solvers not in truth.verdicts.get(word, ()):
            wrong.append(f"{side} said {word}: {solvers}, true: {truth.verdicts.get(word)}")
    for side in ("discord", "twitch"):
        shown = {word: solvers for where, word, solvers in said.verdicts if where == side}
        for word in truth.verdicts:
            if word not in shown:
                wrong.append(f"never revealed on {side}: {word}")
            elif shown[word] != truth.last(word):
                wrong.append(f"{side} last said {word}: {shown[word]}, true: {truth.last(word)}")
    if untrue := said.notes - truth.notes:
        wrong.append(f"announced and not in the journal: {untrue}")
    if untrue_joins := said.joined - truth.joined:
        wrong.append(f"joined and not in the journal: {untrue_joins}")
    if not said.results:
        wrong.append("the end was never announced")
    return wrong


def counted_wrongly(
    said: Said, truth: Truth, plans: Mapping[str, frozenset[str]], aliases: Mapping[str, str]
) -> list[str]:
    """Return answers that were confirmed and do not count, and points that nobody earned.

    `plans` says who was to be right about a question, `aliases` which of them says what only a host can accept.
    """
    wrong = [
        f"confirmed to {name}, not counted: {word}"
        for word, name in said.confirmed
        if name not in truth.last(word)
    ]
    for word in truth.verdicts:
        earned = plans.get(word, frozenset())
        if word not in truth.accepted:
            earned -= {aliases.get(word, "")}
        nearest = word in truth.nearest and len(truth.last(word)) == 1
        if not nearest and not truth.last(word) <= earned:
            wrong.append(f"a point from nowhere: {word} {truth.last(word)}, of {earned}")
    return wrong


def kept_wrongly(
    said: Said, truth: Truth, ledger: Sequence[tuple[int, int]], names: Mapping[int, str]
) -> list[str]:
    """Return where ledger and final board differ from the replay; `ledger` holds (person, points)."""
    wrong = []
    if len(dict(ledger)) != len(ledger):
        wrong.append(f"somebody stands twice in the ledger: {ledger}")
    if dict(ledger) != truth.points:
        wrong.append(f"ledger {dict(ledger)}, due {truth.points}")
    due = {names[person]: points for person, points in truth.points.items()}
    for text in said.results:
        for line, points in re.findall(r"\d\. ([^:]+) : (\d+) points?", text):
            untrue = [n for n in said.names if n in line and due.get(n) != int(points)]
            wrong += [f"announced {name} {points}, due {due.get(name)}" for name in untrue]
        rows = re.findall(r"\d\. (Discord|Twitch|Rouges|Bleus) : ([\d,]+) \((\d+) personne", text)
        teams = {(name, float(score.replace(",", ".")), int(count)) for name, score, count in rows}
        if teams != set(truth.teams):
            wrong.append(f"announced teams {teams}, due {truth.teams}")
    return wrong
