"""What is said of a pause: every event fits both platforms, French is well set, few people are not told."""

from collections.abc import Callable
from datetime import date
from typing import Any, cast, get_args

import discord
import pytest

from bot.discord_side import EDIT_EVERY, Board, view_of
from bot.discord_side import Words as Message
from bot.people import LONGEST_NAME
from bot.readings import OwnReading, Readings, Season, Together
from bot.session import Announcement, Back, HallEvent, Paused, Resumed, Suspended
from bot.storage.readings import OwnSum, Sum
from bot.storage.rooms import Room
from bot.twitch_client import MOST_CHARACTERS
from bot.twitch_side import Words as Line
from bot.wording import pause as words
from bot.wording.speech import LOCALES, Speech, compose
from cogs.pause_boards import COUNT_EVERY, PauseBoards
from cogs.pause_controls import FORM, FormButton, PauseButton, book_form, log_form
from cogs.pause_twitch import PauseLines
from games.core import Player, Scene
from games.pause import (
    Amended,
    Aside,
    Began,
    Breathed,
    Changed,
    Counted,
    Doubted,
    Ended,
    Event,
    Finished,
    Joined,
    Left,
    Logged,
    Opened,
    Overran,
    Reopened,
    Rested,
    Retimed,
    Returned,
    Turned,
)
from games.readers import LONGEST_TITLE, Totals
from games.reading_log import Amount
from games.turns import (
    LONGEST_TEXT,
    Called,
    Heard,
    Queued,
    Reading,
    TimeUp,
    TurnsScene,
    Waiting,
)
from tests.test_wording import COUNTS, HOSTILE, typography

ANNIE = Player(1, "discord")
TITLE = ("é" * 49 + " " + "W" * LONGEST_TITLE)[:LONGEST_TITLE]
BEGAN = date(2025, 9, 1)
TEXT = Reading(*(3 * ("é" * LONGEST_TEXT,)))
PHASES = {
    Opened: "hello",
    Began: "reading",
    Rested: "break",
    Ended: "log",
    Reopened: "log",
    Counted: "share",
    Finished: "over",
}


def totals(count: int) -> Totals:
    return Totals(count, count, count * 12, count, count, count, count * 900.0)


def samples(count: int) -> list[Any]:
    """Return every event there is, at its longest, for so many people."""
    return [
        Opened(TITLE, "silent", 14_400, 1, 600, 120),
        Opened(TITLE, "aloud", 900, 3, 600, 120),
        Opened(TITLE, "free", 60, 1, 600, 0),
        Began(1, 3, 900),
        Began(2, 3, 900),
        Rested(2, 3, 600),
        Opened(TITLE, "aloud", 900, 1, 600, 120, TEXT, "W" * 40, True, 1799, True),
        Ended(count, 600),
        Ended(count, 600, (ANNIE, Player(2, "twitch"))),
        Overran(ANNIE, 600),
        Turned(Queued(ANNIE, 50, TEXT)),
        Turned(Called(ANNIE, TEXT, 300, ANNIE)),
        Turned(TimeUp(ANNIE, ANNIE)),
        Turned(Heard(ANNIE, TEXT, 299)),
        Reopened(600),
        Counted(totals(count), 600),
        Finished(totals(count), stopped=False, told=False),
        Finished(totals(count), stopped=False, told=True),
        Finished(totals(count), stopped=True, told=False),
        Joined(ANNIE),
        Returned(ANNIE),
        Breathed(ANNIE),
        Left(ANNIE),
        Changed(ANNIE, TITLE),
        Logged(ANNIE, "pages", count, amended=True, total=count + 1),
        Doubted(ANNIE, "pages", 482, 15),
        Amended(1, "chapters", count),
        Retimed(300.0),
        Paused(),
        Resumed(None),
        Resumed(float(count)),
        Back(3599.0, None, paused=False),
        Back(3599.0, float(count), paused=False),
        Back(3599.0, 3.0, paused=True),
        Suspended(),
    ]


def announcement(
    event: Any, locale: str, count: int, *, title: str = TITLE, phase: str = "", timed: bool = True
) -> Announcement:
    waiting = tuple(Waiting(ANNIE, TEXT) for _ in range(50))
    turns = TurnsScene(ANNIE, TEXT, 19.0, False, waiting, 3) if count > 1 else None
    phase = phase or PHASES.get(type(event), "reading")
    scene = Scene(
        title=title,
        phase=phase,
        step=0 if phase == "hello" else 2,
        steps=3,
        deadline=20.0,
        kind="silent",
        replies=count,
        players=count,
        outcome=totals(count),
        facts=Aside("W" * 40, 1799, True, TEXT, turns),
    )
    room = Room(1, "salon", locale, "Europe/Paris", "10", "20", "30", "mediatheque_pau")
    ends_at = 1_772_041_500.0 if timed and phase != "over" else None
    unseen = lambda _platform, _prompt: None  # noqa: E731
    return Announcement(1, room, "pause", locale, (event,), scene, ends_at, False, (), unseen)


class Sums:
    """The network's sums, as if there were some."""

    def season(self, _room: Room, unsettled: Totals = Totals()) -> Season:  # noqa: B008
        return Season(BEGAN, Totals(9999, 9999, 12_571 + unsettled.pages, 999, 99, 9, 1e7))


def naming(_: int) -> str:
    return "W" * LONGEST_NAME


READINGS = cast("Readings", Sums())


def twitch_lines(shown: Announcement) -> list[str]:
    posts = PauseLines(READINGS, naming, lambda _: 12)(shown, Speech(shown.locale))
    assert all(isinstance(post.payload, Line) for post in posts)
    return [post.payload.text for post in posts]


def discord_payloads(shown: Announcement) -> list[Any]:
    speech = Speech(shown.locale, discord.utils.escape_markdown)
    return [post.payload for post in PauseBoards(READINGS, naming, lambda _: 12)(shown, speech)]


def discord_texts(shown: Announcement) -> list[str]:
    found: list[str] = []
    for payload in discord_payloads(shown):
        match payload:
            case Message(text):
                found.append(text)
            case Board(embed=embed):
                found += [embed.title or "", embed.description or "", embed.footer.text or ""]
    return found


EVERY = pytest.mark.parametrize("event", samples(1000), ids=lambda event: type(event).__name__)
SPOKEN = pytest.mark.parametrize("locale", LOCALES)
SILENT = (Joined, Returned, Breathed, Left, Changed, Logged, Doubted, Amended)


def test_the_samples_show_every_event() -> None:
    assert {type(event) for event in samples(1)} == {*get_args(Event), *get_args(HallEvent)}


@SPOKEN
@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("timed", [True, False])
def test_every_event_fits_a_line_of_twitch(locale: str, count: int, timed: bool) -> None:
    for event in samples(count):
        for line in twitch_lines(announcement(event, locale, count, timed=timed)):
            assert 0 < len(line) <= MOST_CHARACTERS, type(event)
            assert "\n" not in line
            assert "  " not in line
            assert locale != "fr" or not typography(line), line


@SPOKEN
@pytest.mark.parametrize("count", COUNTS)
def test_every_event_fits_a_message_of_discord(locale: str, count: int) -> None:
    for event in samples(count):
        for payload in discord_payloads(announcement(event, locale, count)):
            match payload:
                case Message(text):
                    assert 0 < len(text) <= 2000
                case Board(embed=embed):
                    assert 0 < len(embed.title or "") <= 256
                    assert 0 < len(embed.description or "") <= 4096
                    view = view_of(payload)
                    for row in view.to_components() if view else []:
                        assert all(0 < len(b["label"]) <= 80 for b in row["components"])


@SPOKEN
@EVERY
def test_what_happens_to_all_is_said_and_what_one_does_is_not(event: Any, locale: str) -> None:
    said = twitch_lines(announcement(event, locale, 3))
    shown = discord_payloads(announcement(event, locale, 3))
    quiet = isinstance(event, SILENT) or event == Began(1, 3, 900) or getattr(event, "told", False)
    assert bool(said) is not quiet
    assert bool(shown) is not isinstance(event, Breathed | Left | Changed | Doubted)
    new = [payload for payload in shown if isinstance(payload, Message)]
    turn = event.event if isinstance(event, Turned) else None
    aloud = isinstance(event, Overran) or isinstance(turn, Called | TimeUp)
    assert len(new) == (isinstance(event, get_args(HallEvent)) or aloud)


def test_a_board_that_only_counts_is_edited_now_and_then_and_a_new_phase_at_once() -> None:
    for event in (Joined(ANNIE), Logged(ANNIE, "pages", 1, amended=False, total=1)):
        [board] = discord_payloads(announcement(event, "fr", 3))
        assert board.every == COUNT_EVERY > EDIT_EVERY
    for event in (Began(1, 1, 900), Counted(totals(3), 600), Retimed(300.0)):
        [board] = discord_payloads(announcement(event, "fr", 3))
        assert board.every == EDIT_EVERY


def test_reading_that_is_over_is_one_new_board_and_the_old_one_closed() -> None:
    shown = announcement(Ended(3, 600), "fr", 3)
    old, new = discord_payloads(shown)
    assert (old.name, old.buttons) == ("reading", ())
    assert (new.name, len(new.buttons)) == ("log", 1)


@SPOKEN
@pytest.mark.parametrize("phase", ["hello", "reading", "break", "log", "share"])
def test_a_new_end_is_said_whichever_phase_it_is_of(locale: str, phase: str) -> None:
    [line] = twitch_lines(announcement(Retimed(300.0), locale, 3, phase=phase))
    assert ("18\u00a0h\u00a045" if locale == "fr" else "6:45\u00a0pm") in line


def test_the_end_of_reading_is_told_when_the_pause_is_announced() -> None:
    [line] = twitch_lines(announcement(Opened("Midi", "silent", 900, 1, 600, 120), "fr", 0))
    assert "Je reviens à 19\u00a0h\u00a000." in line
    [line] = twitch_lines(announcement(Opened("Midi", "silent", 900, 1, 600, 120), "en", 0))
    assert "I’ll be back at 7:00\u00a0pm." in line


@SPOKEN
def test_titles_are_shown_escaped_on_discord(locale: str) -> None:
    escaped = discord.utils.escape_markdown(HOSTILE)
    for event in samples(3):
        for text in discord_texts(announcement(event, locale, 3, title=HOSTILE)):
            assert HOSTILE not in text.replace(escaped, "")


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [
        (0, "0 personne a lu.", "0 people read together."),
        (1, "1 personne a lu.", "1 person read."),
        (23, "23 personnes ont lu ensemble.", "23 people read together."),
    ],
)
def test_people_are_counted_as_the_language_counts(count: int, french: str, english: str) -> None:
    assert words.people(count, Speech("fr")) == french
    assert words.people(count, Speech("en")) == english


def test_the_sums_read_as_in_the_sample() -> None:
    season = Season(BEGAN, Totals(pages=12_583))
    assert words.since(season, Speech("fr")) == "12\u202f583 pages ensemble depuis septembre."
    assert words.since(season, Speech("en")) == "12,583 pages together since September."
    together = words.together(Totals(23, 20, 412, 0, 1, 2), Speech("fr"))
    assert together == (
        "23 personnes ont lu ensemble\u202f: 412 pages, 1 chapitre et 2 lectures notées en pourcentage."
    )


def test_what_nobody_noted_is_told_as_time_and_nothing_as_nothing() -> None:
    fr = Speech("fr")
    assert words.since(Season(BEGAN, Totals(present=5400)), fr) == (
        "1\u00a0h\u00a030 de lecture ensemble depuis septembre."
    )
    assert words.since(Season(BEGAN, Totals(present=12)), fr) == ""
    assert words.together(Totals(3), fr) == "3 personnes ont lu ensemble."


def test_a_season_that_does_not_begin_with_its_month_says_the_day() -> None:
    assert Speech("fr").month(date(2025, 9, 15)) == "15 septembre"
    assert Speech("en").month(date(2025, 9, 1)) == "September"


def test_few_attendances_are_not_told_outside_a_pause() -> None:
    few, many = Sum(2, Totals(4, 4, 120)), Sum(9, Totals(1200, 4, 120, present=7200))
    [here, network, ever] = words.sums(Together(BEGAN, few, many, many), Speech("fr"))
    assert here == "Ici, depuis septembre\u202f: 2 pauses et moins de 5 présences."
    assert "1\u202f200 présences, 120 pages et 2\u00a0h\u00a000 de lecture" in network
    assert ever.startswith("Depuis le début")
    nothing = Sum(0, Totals())
    assert (
        "pas encore de pause"
        in words.sums(Together(BEGAN, nothing, nothing, nothing), Speech("fr"))[0]
    )


def own(pauses: int = 0, streak: int = 0, goal: Amount | None = None, **more: Any) -> OwnReading:
    one = OwnSum(pauses, pauses * 10, 0, 0, 0, pauses * 900)
    values: dict[str, Any] = {
        "began": BEGAN,
        "traceless": False,
        "season": one,
        "ever": one,
        "streak": streak,
        "best_streak": streak,
        "best_pages": 10,
        "best_minutes": 0,
        "goal": goal,
    }
    return OwnReading(**(values | more))


SAID: dict[str, Callable[[Speech], str | list[str]]] = {
    "nothing yet": lambda s: words.own(own(), s),
    "own": lambda s: words.own(own(1000, 12, Amount("pages", 100_000), best_streak=52), s),
    "own, reached": lambda s: words.own(own(60, 2, Amount("pages", 500)), s),
    "own, hours": lambda s: words.own(own(60, 2, Amount("minutes", 500)), s),
    "own, traceless": lambda s: words.own(own(traceless=True), s),
    "own, another season": lambda s: words.own(own(3, ever=OwnSum(9, 99, 0, 0, 0, 9000)), s),
    "goal": lambda s: words.goal_set(Amount("chapters", 30), s),
    "no goal": lambda s: words.goal_set(None, s),
    "doubt": lambda s: words.doubted(Doubted(ANNIE, "pages", 482, 15), s),
    "logged": lambda s: words.logged(Amount("percent", 45), 45, s, amended=False),
    "logged, other books": lambda s: words.logged(Amount("pages", 5), 17, s, amended=True),
    "changed": lambda s: words.changed(TITLE, s),
    "no title": lambda s: words.changed("", s),
    "corrected": lambda s: words.corrected("W" * LONGEST_NAME, Amount("minutes", 80), s),
    "arrived": lambda s: words.arrived(s.people(["W" * LONGEST_NAME] * 9, 3), s),
    "noted": lambda s: words.noted(s.people(["W" * LONGEST_NAME] * 9, 3), s),
    "too late": lambda s: words.too_late(s.people(["W" * LONGEST_NAME] * 9, 3), s),
    "start": words.how_to_start_with,
    **{
        f"now, {phase}": lambda s, phase=phase: words.now(  # type: ignore[misc]
            Scene(TITLE, phase, 1, 1, 5.0, kind="free"), 65.0, s
        )
        for phase in ("hello", "reading", "break", "log", "share")
    },
}


@SPOKEN
@pytest.mark.parametrize("name", SAID)
def test_everything_else_is_well_set_and_fits_twitch(name: str, locale: str) -> None:
    said = SAID[name](Speech(locale))
    text = compose([said] if isinstance(said, str) else said, 10_000, " · ")
    assert 0 < len(text) <= MOST_CHARACTERS
    assert locale != "fr" or not typography(text), text


def test_a_doubt_is_worded_as_in_the_sample() -> None:
    said = words.doubted(Doubted(ANNIE, "pages", 482, 15), Speech("fr"))
    assert said == "482 pages en 15\u00a0min\u202f? Si c’est bien cela, redites-le."


@SPOKEN
async def test_forms_are_such_as_discord_takes(locale: str) -> None:
    for make in (book_form, log_form):
        form = make(10**15 - 1, Speech(locale)).to_dict()
        assert 0 < len(form["title"]) <= 45
        for part in form["components"]:
            assert 0 < len(part["label"]) <= 45
            assert len(part["component"].get("placeholder") or "") <= 100


def test_controls_are_found_again_by_their_ids() -> None:
    last = 10**15 - 1
    for button in (PauseButton(last, 0), PauseButton(last, 1), FormButton("log", last)):
        template = type(button).__discord_ui_compiled_template__
        assert template.fullmatch(button.item.custom_id or "")


async def test_forms_are_found_again_by_their_ids() -> None:
    for make in (book_form, log_form):
        assert FORM.fullmatch(make(10**15 - 1, Speech("fr")).custom_id)
