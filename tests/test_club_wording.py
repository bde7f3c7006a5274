"""What is said about clubs and votes: well set in French, within a line of Twitch, and nothing forgotten."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, get_args

import pytest

from bot.club_books import Chosen
from bot.club_cards import Card
from bot.clubs import LONGEST_DESCRIPTION, LONGEST_NAME, Somebody
from bot.discord_client import quoted
from bot.people import LONGEST_NAME as LONGEST_PERSON
from bot.storage.club_books import Book
from bot.storage.clubs import Club, Standing
from bot.storage.rooms import Room
from bot.storage.votes import Vote
from bot.twitch_client import MOST_CHARACTERS
from bot.votes import Cast, Closed, Opened, Poll, Progress
from bot.wording import club as words
from bot.wording import vote as vote_words
from bot.wording.speech import LOCALES, Speech, compose
from cogs.club_discord import _closing, _counted, _opening
from cogs.club_twitch import _lines
from games.club import STATES
from games.votes import METHODS, MOST_OPTIONS, TIE_RULES, Method, Option, Rules, TieRule, tally
from tests.test_wording import HOSTILE, typography

ROOM = Room(1, "club", "fr", "Europe/Paris", "10", "20", "30", "mediatheque_pau")
CLUB = Club(1, "N" * LONGEST_NAME, "D" * LONGEST_DESCRIPTION, "approval")
BOOK = Book(123456, 1, "T" * 120, "A" * 120, "chosen", 591)
WHO = Somebody(123456, "W" * LONGEST_PERSON)
START = 1_772_000_000_000_000
SPOKEN = pytest.mark.parametrize("locale", LOCALES)


def poll(method: Method = "approval", tie: TieRule = "oldest", count: int = 3, **more: Any) -> Poll:
    numbers = range(1, count + 1)
    rules = Rules(method, tuple(Option(n) for n in numbers), 2, 2, tie, 123456)
    vote = Vote(1, 1, "open", START, START + 10**12, True, rules, {n: n for n in numbers})
    books = {n: replace(BOOK, id=n, title=f"Livre {n}", author="Sand") for n in numbers}
    return Poll(replace(CLUB, name="Polar"), replace(vote, **more), books)


def closed(counts: Mapping[tuple[int, ...], int], held: Poll, **more: Any) -> Closed:
    vote = replace(held.vote, ballots={"discord": 7, "twitch": 5}, **more)
    return Closed(replace(held, vote=vote), tally(counts, held.vote.rules))


CARD = Card(CLUB, 1000, None, (BOOK, BOOK), True)
CHOSEN = closed({(2,): 3}, poll(), state="closed", chosen=2)
SAID: dict[str, Callable[[Speech], str | list[str]]] = {
    "card": lambda s: words.card(CARD, s),
    "public card": lambda s: words.card(replace(CARD, club=replace(CLUB, access="public")), s),
    "no club": lambda s: words.here([], s, host=True),
    "joined": lambda s: words.joined(CLUB, "member", s),
    "asked": lambda s: words.joined(CLUB, "asked", s),
    "left": lambda s: words.left(CLUB, s),
    "created": lambda s: words.created(CLUB, s),
    "edited": lambda s: words.edited(CLUB, s),
    "edited, public": lambda s: words.edited(replace(CLUB, access="public"), s),
    "ended": lambda s: words.ended(CLUB, s),
    "attached": lambda s: words.attached(CLUB, s),
    "detached": lambda s: words.detached(CLUB, s),
    "waiting": lambda s: words.waiting([WHO], CLUB, s),
    "nobody waits": lambda s: words.waiting([], CLUB, s),
    "how many wait": lambda s: words.how_many_wait(1000, CLUB, s),
    "approved": lambda s: words.approved(WHO.name, CLUB, s),
    "declined": lambda s: words.declined(WHO, CLUB, s),
    "proposed": lambda s: words.proposed(BOOK, s),
    "moved": lambda s: words.moved(BOOK, s),
    "chosen": lambda s: words.chosen(Chosen(CLUB, BOOK), s),
    "books": lambda s: words.books([replace(BOOK, title="T", author="")], CLUB, s),
    "no books": lambda s: words.books([], CLUB, s),
    "vote opened": lambda s: vote_words.announced(poll(), ROOM.zone, s),
    "noted": lambda s: vote_words.noted([WHO.name] * 40, s),
    "cast": lambda s: vote_words.cast(Cast(poll(), (1, 3), False), s),
    "changed": lambda s: vote_words.cast(Cast(poll("ranked"), (3, 1), True), s),
    "not voted": lambda s: vote_words.own((), poll(), s),
    "progress": lambda s: vote_words.progress(Progress(poll(), 1), ROOM.zone, s),
    "verdict": lambda s: vote_words.verdict(CHOSEN, s),
    "turnout": lambda s: vote_words.turnout(CHOSEN, s),
    "no quorum": lambda s: vote_words.verdict(closed({(1,): 1}, poll(), state="closed"), s),
    "tied": lambda s: vote_words.verdict(closed({(1,): 2, (2,): 2}, poll(tie="host"), state="tied"), s),
    "given up": lambda s: vote_words.verdict(
        closed({(1,): 2, (2,): 2}, poll(tie="host"), state="closed"), s
    ),
    "secrecy": vote_words.secrecy,
    "order begun": lambda s: vote_words.order_so_far((), poll("ranked"), s),
    "order": lambda s: vote_words.order_so_far((2, 1), poll("ranked"), s),
    **{f"how to {verb}": lambda s, verb=verb: words.how_to(verb, s) for verb in (
        *("create", "edit", "approve", "decline", "appoint", "withdraw", "choose", "decide"),
        *("propose", "join"),
    )},
    **{f"state {state}": lambda s, state=state: words.state(state, s) for state in STATES},
    **{
        f"appointed {one}": lambda s, one=one: words.appointed(WHO, one, CLUB, s)
        for one in ("host", "cohost", "member")
    },
    **{
        f"method {method}": lambda s, method=method: vote_words.how_to_vote(
            poll(method).vote.rules, s
        )
        for method in METHODS
    },
    **{
        f"tie {tie}": lambda s, tie=tie: vote_words.conditions(poll(tie=tie), ROOM.zone, s)
        for tie in TIE_RULES
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_everything_is_well_set_and_fits_twitch(name: str) -> None:
    for locale in LOCALES:
        said = SAID[name](Speech(locale))
        text = compose([said] if isinstance(said, str) else said, MOST_CHARACTERS, " · ")
        assert 0 < len(text) <= MOST_CHARACTERS
        assert not text.endswith("…") or "card" in name, text
        if locale == "fr":
            assert not typography(text), text


def test_every_standing_is_named_when_it_is_given() -> None:
    assert set(get_args(Standing)) == {"asked", "member", "cohost", "host"}


@SPOKEN
@pytest.mark.parametrize("method", METHODS)
def test_news_fit_both_platforms_with_as_many_books_as_there_may_be(
    locale: str, method: Method
) -> None:
    held = poll(method, "seed", MOST_OPTIONS)
    books = {
        n: replace(book, title=f"{n} " + "t" * 118, author="a" * 120)
        for n, book in held.books.items()
    }
    held = replace(held, books=books)
    counts = {(n, n % MOST_OPTIONS + 1): 1000 * n for n in range(1, MOST_OPTIONS + 1)}
    result = closed(counts, held, state="closed", chosen=MOST_OPTIONS)
    speech = Speech(locale)
    for news in (Opened(held), result, Chosen(CLUB, BOOK)):
        lines = _lines(news, replace(ROOM, locale=locale), speech, 0)
        assert all(0 < len(line) <= MOST_CHARACTERS for line in lines)
        assert len(lines) <= 8
    said = " ".join(_lines(Opened(held), ROOM, speech, 0))
    assert all(f"{n}. " in said for n in range(1, MOST_OPTIONS + 1))
    for embed in (_opening(held, ROOM, speech), _closing(result, speech), _counted(result, speech)):
        assert 0 < len(embed.description or "") <= 4096
        assert 0 < len(embed.title or "") <= 256
    assert vote_words.secrecy(speech) in (_opening(held, ROOM, speech).description or "")


def test_every_round_of_a_run_off_is_shown() -> None:
    held = poll("ranked", count=4)
    counts = {(1,): 4, (2, 1): 3, (3, 2): 2, (4,): 1}
    result = closed(counts, held, state="closed", chosen=2)
    assert vote_words.counts(result, Speech("en"), 500) == [
        "Round 1: 1 (4), 2 (3), 3 (2), 4 (1), 4 goes",
        "Round 2: 1 (4), 2 (3), 3 (2), 1 ballot no longer counts, 3 goes",
        "Round 3: 2 (5), 1 (4), 1 ballot no longer counts",
    ]


def test_many_rounds_are_told_by_who_goes() -> None:
    held = poll("ranked", count=4)
    result = closed({(1,): 4, (2, 1): 3, (3, 2): 2, (4,): 1}, held, state="closed", chosen=2)
    assert vote_words.counts(result, Speech("en"), 20) == [
        "Round 1: 4 (1) goes",
        "Round 2: 3 (2) goes",
        "Round 3: 2 (5), 1 (4)",
    ]


def test_many_books_are_told_by_their_numbers() -> None:
    assert vote_words.counts(CHOSEN, Speech("en"), 20) == ["2 (3)"]


@SPOKEN
def test_what_decided_a_tie_is_said(locale: str) -> None:
    speech = Speech(locale)
    for tie in TIE_RULES:
        result = closed({(1,): 2, (2,): 2}, poll(tie=tie), state="closed", chosen=1)
        [said] = vote_words.level(result, speech)
        assert "1" in said
        assert ("123456" in said) == (tie == "seed")
    assert vote_words.level(CHOSEN, speech) == []


def test_a_small_number_of_voters_on_one_side_is_not_told() -> None:
    few = replace(CHOSEN.poll.vote, ballots={"discord": 4, "twitch": 8})
    speech = Speech("fr")
    assert "sur Discord" in vote_words.turnout(CHOSEN, speech)
    told = vote_words.turnout(replace(CHOSEN, poll=replace(CHOSEN.poll, vote=few)), speech)
    assert told == "3 bulletins"


@SPOKEN
def test_names_and_titles_are_escaped_on_discord(locale: str) -> None:
    speech = Speech(locale, quoted)
    held = poll()
    books = {n: replace(book, title=HOSTILE, author=HOSTILE) for n, book in held.books.items()}
    held = replace(held, club=replace(CLUB, name=HOSTILE), books=books)
    result = closed({(2,): 3}, held, state="closed", chosen=2)
    for embed in (_opening(held, ROOM, speech), _closing(result, speech), _counted(result, speech)):
        text = f"{embed.title} {embed.description}"
        assert quoted(HOSTILE) in text
        assert HOSTILE not in text.replace(quoted(HOSTILE), "")


def test_a_chat_never_repeats_what_is_on_a_ballot() -> None:
    said = vote_words.noted(["Inès", "Leo64"], Speech("fr"))
    assert said == "Vote noté\u202f: Inès et Leo64."


STEPS: list[tuple[dict[str, Any], str]] = [
    ({"books": ()}, ""),
    ({"books": (), "proposals": 1}, ""),
    ({"books": (), "proposals": 2}, "Pour faire voter le club\u202f: !club vote ouvrir"),
    ({"books": (), "proposals": 2, "voting": True}, "Pour clore le vote\u202f: !club vote clore"),
    ({"state": "chosen"}, "Quand la lecture commence\u202f: !club avancer"),
    ({"state": "reading"}, "Pour prévoir une rencontre\u202f: !rencontre prévoir [jour et heure]"),
    (
        {"state": "discussed"},
        "Pour prévoir une rencontre\u202f: !rencontre prévoir [jour et heure]",
    ),
]


@pytest.mark.parametrize(("seen", "told"), STEPS)
def test_whoever_leads_is_told_what_comes_next(seen: dict[str, Any], told: str) -> None:
    state = seen.pop("state", None)
    books = (replace(BOOK, state=state),) if state else ()
    led = Card(CLUB, 7, "cohost", **{"books": books, "voting": False} | seen)
    *_, last = words.here([led], Speech("fr"), host=False)
    assert last == told or (not told and last.startswith("!club proposer"))
    *_, last = words.here([replace(led, standing="member")], Speech("fr"), host=False)
    assert last.startswith("!club proposer")
    if told:
        *_, last = words.here([replace(led, standing=None)], Speech("fr"), host=True)
        assert last == told
