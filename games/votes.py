"""Votes on what to read next: what a ballot may hold, and who wins, from counts of ballots alone.

Whose a ballot is, nobody here knows. Options are numbered from 1, the oldest proposal first, and that order settles
whatever nothing else does. The same counts and rules give the same outcome on any machine.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal, get_args

from games.core import Refusal

Method = Literal["approval", "single", "several", "ranked"]
"""As many as one likes; one; up to `Rules.most`; in order of preference."""

TieRule = Literal["oldest", "pages", "seed", "host"]
"""Who wins among equals: the oldest proposal, the one with fewest pages, a draw by a seed told beforehand, the host."""

METHODS: Final[tuple[Method, ...]] = get_args(Method)
TIE_RULES: Final[tuple[TieRule, ...]] = get_args(TieRule)

LEAST_OPTIONS: Final = 2
"""Books that there are at least in a vote."""

MOST_OPTIONS: Final = 25
"""Options of one vote: a list on Discord holds no more."""

Ballot = tuple[int, ...]
"""Numbers of options: in order of preference when ranked, else in order of number."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something to vote for; `pages` is None where nobody knows how many there are."""

    number: int
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What was announced before the first ballot. `most` counts for "several" alone, `seed` for a draw."""

    method: Method
    options: tuple[Option, ...]
    most: int = 1
    quorum: int = 1
    tie: TieRule = "oldest"
    seed: int = 0

    @property
    def choices(self) -> int:
        """The most options that a ballot may name."""
        limit = {"single": 1, "several": self.most}.get(self.method, len(self.options))
        return min(limit, len(self.options))


@dataclass(frozen=True, slots=True)
class Round:
    """One count: (option, ballots) with the most first, ballots that name none of them, and the option that goes."""

    counts: tuple[tuple[int, int], ...]
    exhausted: int = 0
    out: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a vote ended. `tied` are the options that the tie rule had to choose from; a winner is missing when there
    were too few ballots, or when it is the host who chooses.
    """

    ballots: int
    quorate: bool
    rounds: tuple[Round, ...]
    winner: int | None
    tied: tuple[int, ...] = ()


def mark(choices: Sequence[int], rules: Rules) -> Ballot:
    """Return the ballot that names these options; naming one twice is naming it once.

    Raises:
        Refusal: `vote-nothing`, `no-such-option`, `vote-one`, `vote-too-many`.
    """
    named = tuple(dict.fromkeys(choices))
    if not named:
        raise Refusal("vote-nothing")
    known = {option.number for option in rules.options}
    for number in named:
        if number not in known:
            raise Refusal("no-such-option", number=number, most=len(rules.options))
    if len(named) > rules.choices:
        if rules.method == "single":
            raise Refusal("vote-one")
        raise Refusal("vote-too-many", most=rules.choices)
    return named if rules.method == "ranked" else tuple(sorted(named))


def tally(counts: Mapping[Ballot, int], rules: Rules) -> Outcome:
    """Count ballots, given how often each was cast."""
    ballots = sum(counts.values())
    if not ballots:
        return Outcome(0, quorate=False, rounds=(), winner=None)
    numbers = [option.number for option in rules.options]
    if rules.method == "ranked":
        rounds = _run_off(counts, numbers)
    else:
        rounds = (Round(_most_first(_approvals(counts), numbers)),)
    if ballots < rules.quorum:
        return Outcome(ballots, quorate=False, rounds=rounds, winner=None)
    leading = _leading(rounds[-1])
    if len(leading) == 1:
        return Outcome(ballots, quorate=True, rounds=rounds, winner=leading[0])
    winner = _untie(leading, rules)
    return Outcome(ballots, quorate=True, rounds=rounds, winner=winner, tied=leading)


def draw_order(numbers: Iterable[int], seed: int) -> list[int]:
    """Return options in the order of a draw: by the SHA-256 of "seed:number", which anybody can compute again."""
    return sorted(numbers, key=lambda number: sha256(f"{seed}:{number}".encode()).digest())


def _untie(tied: Sequence[int], rules: Rules) -> int | None:
    match rules.tie:
        case "oldest":
            return min(tied)
        case "pages":
            pages = {option.number: option.pages for option in rules.options}
            known = [number for number in tied if pages[number] is not None]
            return min(known or tied, key=lambda number: (pages[number] or 0, number))
        case "seed":
            return draw_order(tied, rules.seed)[0]
        case "host":
            return None


def _approvals(counts: Mapping[Ballot, int]) -> Counter[int]:
    """Return on how many ballots each option stands."""
    named: Counter[int] = Counter()
    for ballot, cast in counts.items():
        for number in ballot:
            named[number] += cast
    return named


def _run_off(counts: Mapping[Ballot, int], numbers: Sequence[int]) -> tuple[Round, ...]:
    """Return the rounds of an instant run-off.

    Whoever is last goes; of several, the newest. It ends with more than half of the ballots that still count, or with
    two options level. Ballots whose options are all gone no longer count.
    """
    remaining, rounds = set(numbers), list[Round]()
    while True:
        firsts = _firsts(counts, remaining)
        live = sum(firsts.values())
        standing = _most_first(firsts, remaining)
        exhausted = sum(counts.values()) - live
        if len(standing) < 3 or standing[0][1] * 2 > live:
            return (*rounds, Round(standing, exhausted))
        out = standing[-1][0]
        rounds.append(Round(standing, exhausted, out))
        remaining.remove(out)


def _firsts(counts: Mapping[Ballot, int], remaining: set[int]) -> Counter[int]:
    """Return how many ballots prefer each of the options that remain."""
    firsts: Counter[int] = Counter()
    for ballot, cast in counts.items():
        for number in ballot:
            if number in remaining:
                firsts[number] += cast
                break
    return firsts


def _most_first(counted: Mapping[int, int], numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Return (option, ballots) with the most ballots first, the oldest first among equals."""
    rows = [(number, counted.get(number, 0)) for number in numbers]
    return tuple(sorted(rows, key=lambda row: (-row[1], row[0])))


def _leading(last: Round) -> tuple[int, ...]:
    """Return the options that nobody is ahead of, the oldest first."""
    best = last.counts[0][1]
    return tuple(number for number, cast in last.counts if cast == best)
