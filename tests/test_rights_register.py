"""The register of works on air: reading what staff type, keeping it, finding it again, and what time erases."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import DAY
from bot.rights import (
    EARLIEST_YEAR,
    GROUNDS,
    KEPT_DAYS,
    LONGEST,
    SCOPES,
    Details,
    Entry,
    Recording,
    Rights,
    clean,
    ground_of,
    make_entry,
    read_entry,
    read_recording,
    scope_of,
)
from games.core import Refusal, Role
from games.matching import fold
from games.rights import (
    UNKNOWN,
    AuthorPresent,
    Ground,
    Permission,
    PublicDomain,
    Quotation,
    Verdict,
    ground_name,
)
from tests.hall_stage import House

TODAY = date(2026, 2, 25)
LINK = "https://videos.example.org/horla"
GERMINAL = Entry("Germinal", "Émile Zola", PublicDomain(1902))
LAC = Permission("Éditions du Lac", "replay", date(2026, 12, 31))


# --- What is typed


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("domaine public ; 1902", PublicDomain(1902)),
        ("Domaine Public;1902", PublicDomain(1902)),
        ("public domain ; 1902", PublicDomain(1902)),
        ("1902", PublicDomain(1902)),
        ("1902 ; domaine public", PublicDomain(1902)),
        ("domaine public ; -800", PublicDomain(-800)),
        ("domaine public ; −800", PublicDomain(-800)),
        ("autorisation ; Éditions du Lac", Permission("Éditions du Lac")),
        ("autorisation ; 10/18", Permission("10/18")),
        ("autorisation ; Mme Puig ; rediffusion", Permission("Mme Puig", "replay")),
        ("autorisation écrite ; direct ; Mme Puig", Permission("Mme Puig", "live")),
        ("autorisation ; Éditions du Lac ; rediffusion ; 2026-12-31", LAC),
        ("autorisation ; 31/12/2026 ; Éditions du Lac ; Rediffusion", LAC),
        ("permission ; Éditions du Lac ; replay ; until 31 December 2026", LAC),
        ("accord ; Éditions du Lac ; rediffusion ; jusqu’au 31 décembre 2026", LAC),
        ("autrice présente", AuthorPresent(TODAY)),
        ("auteur présent ; le 10/03/2026", AuthorPresent(date(2026, 3, 10))),
        ("author present ; 1st March 2026", AuthorPresent(date(2026, 3, 1))),
        ("citation", Quotation()),
        ("courte citation ; ", Quotation()),
    ],
)
def test_a_line_holds_title_author_ground_and_details(text: str, ground: Ground) -> None:
    assert read_entry(f"Le Horla ; Maupassant ; {text}", TODAY) == Entry(
        "Le Horla", "Maupassant", ground
    )


def test_the_author_may_be_left_out() -> None:
    assert read_entry("La Chanson de Roland ;; domaine public ; 1100", TODAY) == Entry(
        "La Chanson de Roland", "", PublicDomain(1100)
    )


def test_a_title_that_is_a_year_is_a_title() -> None:
    entry = read_entry("1984 ; George Orwell ; 1950", TODAY)
    assert entry == Entry("1984", "George Orwell", PublicDomain(1950))


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("", "right-title", {}),
        (" ; Zola ; 1902", "right-title", {}),
        ("Germinal", "right-which", {}),
        ("Germinal ; Zola", "right-which", {}),
        ("Germinal ; Zola ; domaine pubic ; 1902", "right-ground", {"text": "domaine pubic"}),
        ("Germinal ; Zola ; public domain ; 1902 ; Lac", "right-ground", {"text": "Lac"}),
        ("Germinal ; Zola ; Éditions du Lac", "right-ground", {"text": "Éditions du Lac"}),
        ("Germinal ; Zola ; domaine public", "right-died", {}),
        ("Germinal ; Zola ; domaine public ; 2027", "no-number", {"text": "2027"}),
        ("Germinal ; Zola ; domaine public ; -9000", "no-number", {"text": "-9000"}),
        ("Germinal ; Zola ; autorisation", "right-giver", {}),
        ("Germinal ; Zola ; autorisation ; A ; B", "right-ground", {"text": "B"}),
        ("Germinal ; Zola ; autorisation ; Lac ; 30/02/2026", "no-date", {"text": "30/02/2026"}),
        ("Germinal ; Zola ; auteur présent ; 31 févr. 2026", "no-date", {"text": "31 févr. 2026"}),
        ("Germinal ;; citation", "right-author", {}),
        ("Germinal ; Zola ; domaine public ; ١٩٠٢", "right-ground", {"text": "١٩٠٢"}),
        ("Germinal ; Zola ; domaine public ; 10000000", "right-ground", {"text": "10000000"}),
    ],
)
def test_what_cannot_be_registered_is_refused_with_its_reason(
    text: str, code: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(Refusal) as caught:
        read_entry(text, TODAY)
    assert caught.value.code == code
    assert facts.items() <= dict(caught.value.facts).items()


def test_chosen_options_make_the_same_entry() -> None:
    details = Details(by="Éditions du Lac", scope="replay", day="31/12/2026")
    assert make_entry("Le Horla", "", "permission", details, TODAY) == Entry("Le Horla", "", LAC)
    assert make_entry("Le Horla", "", "", details, TODAY) == Entry("Le Horla", "", LAC)
    assert make_entry("Germinal", "Émile Zola", "", Details(1902), TODAY) == GERMINAL


def test_a_scope_that_is_none_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        make_entry("Le Horla", "", "permission", Details(by="Lac", scope="partout"), TODAY)
    assert caught.value.code == "right-scope"


def test_what_is_kept_is_short_and_without_control_characters() -> None:
    assert clean(" Le\u202e \n Horla\x00 ; suite ") == "Le Horla , suite"
    assert clean("x" * 500) == "x" * LONGEST
    assert clean("\ud83d") == ""


def test_no_word_means_two_grounds_or_two_scopes_and_all_are_compared_folded() -> None:
    for table in (GROUNDS, SCOPES):
        words = [word for known in table.values() for word in known]
        assert len(words) == len(set(words))
        assert [fold(word) for word in words] == words
    assert ground_of("Présence de l’autrice") == "author-present"
    assert scope_of("Direct et rediffusion") == "replay"


@given(st.text(max_size=60) | st.lists(st.text(max_size=8)).map(";".join))
def test_any_line_is_an_entry_or_refused(text: str) -> None:
    try:
        entry = read_entry(text, TODAY)
    except Refusal:
        return
    assert entry.title
    assert len(entry.title) <= LONGEST


@pytest.mark.parametrize(
    ("text", "recording"),
    [
        (f"Le Horla ; {LINK}", Recording("Le Horla", LINK)),
        (f"Le Horla ; 10/01/2026 ; {LINK}", Recording("Le Horla", LINK, "10/01/2026")),
        (
            f"Le Horla;{LINK};Soirée fantastique;10 janvier 2026",
            Recording("Le Horla", LINK, "10 janvier 2026", "Soirée fantastique"),
        ),
        ("", Recording("", "")),
        ("Le Horla ; videos.example.org", Recording("Le Horla", "", "", "videos.example.org")),
        ("Le Horla ; " + LINK + "x" * 200, Recording("Le Horla", LINK + "x" * 200)),
    ],
)
def test_a_line_holds_a_replay_in_any_order(text: str, recording: Recording) -> None:
    assert read_recording(text) == recording


# --- The register


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = await House(tmp_path / "e.sqlite3").open()
    yield house
    await house.close()


@pytest.fixture
def rights(house: House) -> Rights:
    return Rights(house.database, house.clock, zone="Europe/Paris")


async def add(rights: Rights, title: str, author: str = "", ground: Ground | None = None) -> int:
    """Add a work and return the right's number."""
    entry = Entry(title, author, ground or PublicDomain(1902))
    return (await rights.add(entry, TODAY, Role.HOST)).right.id


async def code_of(call: Any) -> str:
    with pytest.raises(Refusal) as caught:
        await call
    return caught.value.code


async def test_the_day_is_the_rooms_own(house: House, rights: Rights) -> None:
    room = await house.room()
    assert rights.today() == rights.today(room) == TODAY
    house.clock.wall_offset += 16 * 3_600_000_000
    assert rights.today() == TODAY
    assert rights.today(replace(room, zone="Pacific/Noumea")) == TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    "ground",
    [
        PublicDomain(-800),
        Permission("Éditions du Lac"),
        LAC,
        AuthorPresent(TODAY),
        Quotation(),
    ],
    ids=ground_name,
)
async def test_every_ground_is_kept_as_it_was_entered(rights: Rights, ground: Ground) -> None:
    added = await rights.add(Entry("Le Horla", "Maupassant", ground), TODAY, Role.HOST)
    assert added.right.ground == ground
    [(work, _)] = await rights.judge("le horla", TODAY, Role.HOST)
    assert work == added.work
    assert [right.ground for right in work.rights] == [ground]


async def test_adding_tells_what_it_is_worth(rights: Rights) -> None:
    added = await rights.add(Entry("Vol de nuit", "", PublicDomain(1960)), TODAY, Role.HOST)
    assert added.verdict == Verdict("none", "still-protected", since=date(2031, 1, 1))


async def test_a_work_is_one_however_its_title_is_written(rights: Rights) -> None:
    await add(rights, "Le Horla", "Maupassant")
    await add(rights, "HORLA", "maupassant", LAC)
    await add(rights, "Le Horla", "Quelqu’un d’autre", Quotation())
    found = await rights.judge("horla", TODAY, Role.HOST)
    assert [(work.author, len(work.rights)) for work, _ in found] == [
        ("Maupassant", 2),
        ("Quelqu’un d’autre", 1),
    ]
    [(work, _)] = await rights.judge("Le Horla ; Maupassant", TODAY, Role.HOST)
    assert work.title == "Le Horla"


async def test_a_title_without_letters_is_found_again(rights: Rights) -> None:
    await add(rights, "☃")
    [(work, _)] = await rights.judge("☃", TODAY, Role.HOST)
    assert work.title == "☃"


async def test_a_title_that_is_not_there_gets_those_near(rights: Rights) -> None:
    await add(rights, "Les Contes du lundi")
    assert await code_of(rights.judge("Nana", TODAY, Role.HOST)) == "no-work"
    assert await code_of(rights.judge("contes", TODAY, Role.HOST)) == "no-work-near"
    assert (
        await code_of(rights.judge("Contes du lundi, page 3", TODAY, Role.HOST)) == "no-work-near"
    )
    assert await code_of(rights.judge(" ; ", TODAY, Role.HOST)) == "right-title"
    assert [work.title for work in await rights.near("lundi", 5)] == ["Les Contes du lundi"]


async def test_what_runs_is_told_whether_it_may_put_a_text_on_air(rights: Rights) -> None:
    await add(rights, "Le Horla", "Maupassant", Permission("Lac", "live", TODAY))
    assert await rights.check("Le Horla", "", TODAY, replay=False) == Verdict(
        "valid", "permission", TODAY
    )
    assert (await rights.check("Le Horla", "", TODAY, replay=True)).validity == "live-only"
    late = await rights.check("le horla", "MAUPASSANT", TODAY + timedelta(days=1), replay=False)
    assert late == Verdict("expired", "over", TODAY)
    assert await rights.check("Nana", "", TODAY, replay=False) == UNKNOWN
    assert await rights.check("", "", TODAY, replay=False) == UNKNOWN
    assert await rights.check("Le Horla", "Zola", TODAY, replay=False) == UNKNOWN


async def test_of_two_works_of_one_title_the_least_allowed_counts(rights: Rights) -> None:
    await add(rights, "Contes", "Perrault", PublicDomain(1703))
    await add(rights, "Contes", "Puig", PublicDomain(1999))
    assert (await rights.check("Contes", "", TODAY, replay=False)).validity == "none"
    assert (await rights.check("Contes", "Perrault", TODAY, replay=False)).validity == "valid"


async def test_rights_that_hold_are_listed_those_that_end_first_before(rights: Rights) -> None:
    free = await add(rights, "Germinal")
    later = await add(rights, "A", "", replace(LAC, until=date(2026, 9, 1)))
    soon = await add(rights, "B", "", replace(LAC, until=date(2026, 3, 1)))
    await add(rights, "C", "", replace(LAC, until=date(2026, 2, 1)))
    ended = await add(rights, "D")
    await rights.end(f"#{ended}", TODAY, Role.HOST)
    found = await rights.running(TODAY, Role.HOST)
    assert [one.right.id for one in found] == [soon, later, free]


@pytest.mark.parametrize("form", ["#{}", "n° {}", "N°{}", "no {}", "no. {}", " # {} "])
async def test_a_right_is_ended_by_its_number(rights: Rights, form: str) -> None:
    key = await add(rights, "Germinal")
    ended = await rights.end(form.format(key), TODAY, Role.HOST)
    assert (ended.work.title, ended.right.id) == ("Germinal", key)
    assert await rights.check("Germinal", "", TODAY, replay=False) == Verdict(
        "expired", "withdrawn", TODAY - timedelta(days=1)
    )
    assert await code_of(rights.end(form.format(key), TODAY, Role.HOST)) == "no-such-right"


async def test_a_right_is_ended_by_its_title_when_there_is_but_one(rights: Rights) -> None:
    await add(rights, "Le Horla")
    second = await add(rights, "Le Horla", "", LAC)
    assert await code_of(rights.end("Le Horla", TODAY, Role.HOST)) == "which-right"
    await rights.end(f"#{second}", TODAY, Role.HOST)
    await rights.end("Le Horla", TODAY, Role.HOST)
    assert await rights.running(TODAY, Role.HOST) == []
    assert await code_of(rights.end("Le Horla", TODAY, Role.HOST)) == "no-such-right"


async def test_a_title_that_is_a_number_is_ended_by_title(rights: Rights) -> None:
    await add(rights, "Germinal")
    second = await add(rights, "1")
    assert (await rights.end("1", TODAY, Role.HOST)).right.id == second


async def test_patrons_neither_read_nor_change_the_register(rights: Rights) -> None:
    key = await add(rights, "Germinal")
    for call in (
        rights.add(GERMINAL, TODAY, Role.PATRON),
        rights.running(TODAY, Role.PATRON),
        rights.judge("Germinal", TODAY, Role.PATRON),
        rights.end(f"#{key}", TODAY, Role.PATRON),
        rights.add_replay(Recording("Germinal", LINK), TODAY, Role.PATRON),
        rights.to_take_down(TODAY, Role.PATRON),
        rights.remove_replay("1", TODAY, Role.PATRON),
    ):
        assert await code_of(call) == "hosts-only"


# --- Replays


async def test_a_replay_is_kept_with_its_day_and_told_whether_it_may_stay(rights: Rights) -> None:
    await add(rights, "Le Horla", "Maupassant", Permission("Lac"))
    recording = Recording("Le Horla", LINK, "10/01/2026", "Soirée fantastique")
    replay, verdict = await rights.add_replay(recording, TODAY, Role.HOST)
    assert (replay.title, replay.aired, replay.link) == (
        "Soirée fantastique",
        date(2026, 1, 10),
        LINK,
    )
    assert verdict.validity == "live-only"
    [due] = await rights.to_take_down(TODAY, Role.HOST)
    assert due.replay == replay
    assert await rights.remove_replay(f"#{replay.id}", TODAY, Role.HOST) == (
        replay.id,
        "Soirée fantastique",
    )
    assert await rights.to_take_down(TODAY, Role.HOST) == ()


async def test_a_replay_is_called_like_its_work_and_dated_today_unless_said(rights: Rights) -> None:
    await add(rights, "Le Horla")
    replay, verdict = await rights.add_replay(Recording("horla", LINK), TODAY, Role.HOST)
    assert (replay.title, replay.aired, verdict.validity) == ("Le Horla", TODAY, "valid")


async def test_ending_a_permission_puts_its_replays_on_the_list(rights: Rights) -> None:
    await add(rights, "Le Horla", "", LAC)
    await rights.add_replay(Recording("Le Horla", LINK), TODAY, Role.HOST)
    assert await rights.to_take_down(TODAY, Role.HOST) == ()
    assert LAC.until is not None
    [due] = await rights.to_take_down(LAC.until - timedelta(days=14), Role.HOST)
    assert due.last == LAC.until
    await rights.end("Le Horla", TODAY, Role.HOST)
    [due] = await rights.to_take_down(TODAY, Role.HOST)
    assert (due.last, due.verdict.reason) == (None, "withdrawn")


async def test_of_two_works_of_one_title_the_author_tells_which_was_recorded(
    rights: Rights,
) -> None:
    await add(rights, "Contes", "Perrault")
    await add(rights, "Contes", "Puig", LAC)
    nobody = rights.add_replay(Recording("Contes", LINK), TODAY, Role.HOST)
    assert await code_of(nobody) == "which-work"
    for recording in (Recording("Contes", LINK, "", "Puig"), Recording("Contes ; Puig", LINK)):
        replay, _ = await rights.add_replay(recording, TODAY, Role.HOST)
        assert (replay.work.author, replay.title) == ("Puig", "Contes")


@pytest.mark.parametrize(
    "link",
    [
        *("", "videos.example.org", "ftp://example.org", "https://", "javascript:alert(1)"),
        *("https://a b", "https://<x>", LINK + "x" * 300),
    ],
)
async def test_a_replay_needs_a_link_that_can_be_followed(rights: Rights, link: str) -> None:
    await add(rights, "Le Horla")
    call = rights.add_replay(Recording("Le Horla", link), TODAY, Role.HOST)
    assert await code_of(call) == "no-link"


@pytest.mark.parametrize("text", ["", "99", "#99", "Le Horla", "٣", "-1", "9" * 30])
async def test_a_replay_that_is_none_is_not_taken_down(rights: Rights, text: str) -> None:
    await add(rights, "Le Horla")
    await rights.add_replay(Recording("Le Horla", LINK), TODAY, Role.HOST)
    assert await code_of(rights.remove_replay(text, TODAY, Role.HOST)) == "no-such-replay"


# --- What time erases


async def test_what_has_been_over_for_five_years_is_erased(house: House, rights: Rights) -> None:
    await add(rights, "Over", "", Permission("Mme Puig", "live", TODAY))
    await add(rights, "Lasting", "", Permission("Lac"))
    await add(rights, "Seen", "", AuthorPresent(TODAY))
    await rights.end(f"#{await add(rights, 'Ended')}", TODAY, Role.HOST)
    house.clock.wall_offset += KEPT_DAYS * DAY
    assert await rights.expire() == 0
    house.clock.wall_offset += DAY
    assert await rights.expire() == 3
    assert await house.sql("SELECT title FROM aired_work") == [("Lasting",)]
    assert b"Puig" not in house.path.read_bytes()


async def test_a_right_stays_as_long_as_its_replay_can_be_watched(
    house: House, rights: Rights
) -> None:
    await add(rights, "Over", "", Permission("Mme Puig", "replay", TODAY))
    replay, _ = await rights.add_replay(Recording("Over", LINK), TODAY, Role.HOST)
    house.clock.wall_offset += 2 * KEPT_DAYS * DAY
    assert await rights.expire() == 0
    await rights.remove_replay(str(replay.id), rights.today(), Role.HOST)
    assert await rights.expire() == 0
    house.clock.wall_offset += (KEPT_DAYS + 1) * DAY
    assert await rights.expire() == 1
    for table in ("aired_work", "aired_right", "aired_replay"):
        assert await house.sql(f"SELECT COUNT(*) FROM {table}") == [(0,)]


async def test_numbers_are_never_given_twice(house: House, rights: Rights) -> None:
    first = await add(rights, "Over", "", Permission("Lac", "live", TODAY))
    house.clock.wall_offset += 2 * KEPT_DAYS * DAY
    await rights.expire()
    assert await add(rights, "Germinal") > first


async def test_the_register_outlives_a_restart(house: House, rights: Rights) -> None:
    await add(rights, "Le Horla", "Maupassant", LAC)
    await rights.add_replay(Recording("Le Horla", LINK), TODAY, Role.HOST)
    before = await rights.running(TODAY, Role.HOST)
    await house.close()
    again = await house.again()
    house.database, house.hall = again.database, again.hall
    later = Rights(again.database, again.clock, zone="Europe/Paris")
    assert await later.running(TODAY, Role.HOST) == before


def test_the_earliest_year_is_before_writing_was_art() -> None:
    assert make_entry("Gilgamesh", "", "", Details(-2100), TODAY).ground == PublicDomain(-2100)
    assert EARLIEST_YEAR < -2100
