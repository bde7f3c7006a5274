"""Headcounts as staff enter them: what they type, what it belongs to, corrections, and a session's attendance."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.headcount import (
    EXAMPLE,
    HOUR,
    LATE_HOURS,
    LONGEST_PLACE,
    WORDS,
    Attendance,
    Entry,
    Headcounts,
    Place,
    class_of,
    clean_place,
    make_entry,
    read_entry,
)
from bot.storage.rooms import Room
from games.core import Refusal, Role
from games.headcount import CLASSES, MOST, AgeClass
from tests.hall_stage import CAPITAL, REVEAL, SECONDS, House, visitor

TODAY = date(2026, 2, 25)


# --- What is typed


@pytest.mark.parametrize(
    ("label", "age"),
    [
        *((label, "0-5") for label in ("0-5", "0–5", "0—5", "0 − 5", "0 à 5", "0 a 5 ans", "0/5", "0 to 5")),
        *((label, "0-5") for label in ("0-5 ans", "0-5ans", "Tout-petits", "BÉBÉS", "toddlers")),
        *((label, "6-11") for label in ("6-11", "6 - 11 years", "6 à 11 ans")),
        *((label, "18-64") for label in ("adultes", "Adults", "adulte", "18-64 ans", "18–64")),
        *((label, "65+") for label in ("65+", "+65", "65 et plus", "65 ans et plus", "65 + ans", "+ 65")),
        *((label, "65+") for label in ("plus de 65 ans", "over 65", "65 and over", "Seniors", "aînés")),
        *((label, "unknown") for label in ("?", "inconnu", "unknown", "âge inconnu", "NC")),
    ],
)  # fmt: skip
def test_a_class_of_age_is_understood_however_it_is_written(label: str, age: AgeClass) -> None:
    assert class_of(label) == age


@pytest.mark.parametrize(
    "label",
    [
        *(
            "enfants",
            "ados",
            "jeunes",
            "children",
            "teens",
            "famille",
            "",
            "65",
            "5",
            "0-6",
            "6-12",
        ),
        *("12-17", "5-0", "0-5-11", "6+", "65-", "٠-٥", "x" * 300),
    ],
)
def test_a_word_for_several_classes_or_none_is_no_class(label: str) -> None:
    assert class_of(label) is None


def test_no_word_means_two_classes_and_each_is_understood() -> None:
    words = [word for known in WORDS.values() for word in known]
    assert len(words) == len(set(words))
    assert list(WORDS) == list(CLASSES)
    for age, known in WORDS.items():
        assert {class_of(word) for word in known} == {age}


@pytest.mark.parametrize(
    ("text", "counts", "place"),
    [
        ("0-5:3 6-11:12 65+:4 @ Salle 2", {"0-5": 3, "6-11": 12, "65+": 4}, "Salle 2"),
        ("0-5:3,6-11:12;65+:4@Salle 2", {"0-5": 3, "6-11": 12, "65+": 4}, "Salle 2"),
        ("0-5 : 3 6-11 = 12", {"0-5": 3, "6-11": 12}, ""),
        ("65 ans et plus : 4, adultes : 10 et 6 à 11 ans : 2", {"65+": 4, "18-64": 10, "6-11": 2}, ""),
        ("12 adultes et 4 seniors @ là-bas", {"18-64": 12, "65+": 4}, "là-bas"),
        ("12 adultes, 4 65+ @ au téléphone", {"18-64": 12, "65+": 4}, "au téléphone"),
        ("6 seniors", {"65+": 6}, ""),
        ("12", {"unknown": 12}, ""),
        ("12 personnes @ Salle 2", {"unknown": 12}, "Salle 2"),
        ("0-5:0", {"0-5": 0}, ""),
        (
            "65+:4 @ Médiathèque André-Labarrère, salle 2",
            {"65+": 4},
            "Médiathèque André-Labarrère, salle 2",
        ),
        (f"65+:{MOST} @ a@b", {"65+": MOST}, "a@b"),
    ],
)  # fmt: skip
def test_a_line_holds_classes_numbers_and_a_place(
    text: str, counts: dict[AgeClass, int], place: str
) -> None:
    assert read_entry(text) == Entry(counts, place)


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("", "usage", EXAMPLE),
        ("@ Salle 2", "usage", EXAMPLE),
        ("beaucoup", "usage", EXAMPLE),
        ("0-5", "usage", EXAMPLE),
        ("0-5:-3", "no-number", "-3"),
        ("0-5:1000000", "no-number", "1000000"),
        ("0-5:10^6", "no-number", "10^6"),
        (f"0-5:{MOST + 1}", "no-number", str(MOST + 1)),
        ("0-5:3.5", "no-number", "3.5"),
        ("0-5:trois", "no-number", "trois"),
        ("0-5:٣", "no-number", "٣"),
        ("٣", "no-number", "٣"),
        ("-4 seniors", "no-number", "-4"),
        ("enfants:3", "headcount-class", "enfants"),
        ("3 ados", "headcount-class", "ados"),
        ("0-5:3 enfants:3", "headcount-class", "enfants"),
        ("0-5:3 6-11:", "headcount-class", "6-11:"),
        ("0-5:3 6-11", "headcount-class", "6-11"),
        ("0-5:3:4", "headcount-class", ":4"),
        ("0-5 :: 3", "headcount-class", "0-5 :: 3"),
        ("12 adultes 4 seniors", "headcount-class", "adultes 4 seniors"),
        ("18:30", "headcount-class", "18"),
        ("65+:4 seniors:4", "headcount-twice", "seniors"),
        ("12, 13", "headcount-twice", "unknown"),
    ],
)
def test_nonsense_is_refused_with_what_was_wrong(text: str, code: str, shown: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_entry(text)
    assert caught.value.code == code
    assert caught.value.facts["usage" if code == "usage" else "text"] == shown


@given(st.text(max_size=60) | st.text("0123456789-+: =,;@aet", max_size=30))
def test_any_line_is_an_entry_or_refused(text: str) -> None:
    with suppress(Refusal):
        entry = read_entry(text)
        assert entry.counts
        assert all(0 <= count <= MOST for count in entry.counts.values())
        assert len(entry.place) <= LONGEST_PLACE


def test_chosen_options_make_the_same_entry() -> None:
    counts: dict[AgeClass, int | None] = {"0-5": 3, "6-11": None, "65+": 0}
    assert make_entry(counts, " Salle  2 ") == Entry({"0-5": 3, "65+": 0}, "Salle 2")
    for wrong in ({"0-5": -1}, {"0-5": MOST + 1}, {}, {"0-5": None}):
        with pytest.raises(Refusal):
            make_entry(wrong, "")  # type: ignore[arg-type]


def test_a_place_is_short_and_without_control_characters() -> None:
    assert clean_place(" Salle\u202e\n2\x00 ") == "Salle 2"
    assert clean_place("x" * 500) == "x" * LONGEST_PLACE


# --- What a count belongs to


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = await House(tmp_path / "e.sqlite3").open()
    yield house
    await house.close()


@pytest.fixture
def headcounts(house: House) -> Headcounts:
    return Headcounts(house.database, house.people, house.hall, house.clock)


async def count(headcounts: Headcounts, room: Room, text: str) -> Any:
    return await headcounts.add(room, read_entry(text), Role.HOST)


async def quiz(house: House, room: Room, *names: str) -> int:
    """Run a quiz of one question to its end; return its number."""
    await house.asking(room, CAPITAL)
    session = house.hall.running(room.id)
    assert session is not None
    for name in names:
        house.press(room, name, "Pau")
    house.clock.advance(SECONDS + REVEAL)
    return session.id


async def test_a_count_belongs_to_the_session_that_runs(
    house: House, headcounts: Headcounts
) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL)
    house.press(room, "Ana", "Pau")
    house.clock.advance(SECONDS)
    noted = await count(headcounts, room, "65+:4 @ Salle 2")
    assert (noted.title, noted.day) == ("Le Béarn", None)
    session = house.hall.running(room.id)
    assert session is not None
    assert await headcounts.attendance(session.id) == Attendance(
        session.id, "Le Béarn", None, 1, 0, (Place("Salle 2", {"65+": 4}),)
    )


async def test_a_count_may_come_before_the_session_is_on_disk(
    house: House, headcounts: Headcounts
) -> None:
    room = await house.room()
    house.start(room, CAPITAL)
    assert (await count(headcounts, room, "65+:4")).title == "Le Béarn"


async def test_a_count_belongs_to_the_last_session_for_twelve_hours(
    house: House, headcounts: Headcounts
) -> None:
    room = await house.room()
    first = await quiz(house, room, "Ana")
    second = await quiz(house, room, "Ana", "Bob")
    await count(headcounts, room, "65+:4")
    house.clock.wall_offset += LATE_HOURS * HOUR - 1_000_000
    await count(headcounts, room, "0-5:1")
    assert (await headcounts.attendance(first)).headcount == 0
    late = await headcounts.attendance(second)
    assert (late.accounts, late.headcount, late.counts) == (2, 5, {"0-5": 1, "65+": 4})


async def test_a_count_belongs_to_the_room_and_the_day_when_nothing_was_on(
    house: House, headcounts: Headcounts
) -> None:
    room = await house.room()
    session = await quiz(house, room, "Ana")
    house.clock.wall_offset += LATE_HOURS * HOUR + 60_000_000
    noted = await count(headcounts, room, "65+:4")
    assert (noted.title, noted.day) == ("", TODAY)
    assert (await headcounts.attendance(session)).headcount == 0
    day = await headcounts.of_day(room, TODAY)
    assert day == Attendance(None, "", TODAY, 0, 0, (Place("", {"65+": 4}),))
    house.clock.wall_offset += 24 * HOUR
    assert (await headcounts.present(room)).headcount == 0


async def test_a_day_is_the_rooms_own(house: House, headcounts: Headcounts) -> None:
    room = await house.room()
    house.clock.wall_offset += 16 * HOUR
    assert (await count(headcounts, room, "1")).day == TODAY
    far = replace(room, zone="Pacific/Noumea")
    assert (await count(headcounts, far, "1")).day == date(2026, 2, 26)


async def test_rooms_are_counted_apart(house: House, headcounts: Headcounts) -> None:
    one, other = await house.room(1), await house.room(2)
    await count(headcounts, one, "65+:4")
    assert (await headcounts.present(one)).headcount == 4
    assert (await headcounts.present(other)).headcount == 0


async def test_the_last_number_for_a_place_and_class_counts_and_corrections_are_noted(
    house: House, headcounts: Headcounts
) -> None:
    room = await house.room()
    await count(headcounts, room, "0-5:3 65+:4 @ Salle 2")
    house.clock.advance(60)
    noted = await count(headcounts, room, "65+:6 0-5:3 @ la salle  2")
    await count(headcounts, room, "65+:9 @ Salle 3")
    await count(headcounts, room, "0-5:0 @ salle deux")
    assert noted.entry.place == "Salle 2"
    assert (await headcounts.present(room)).places == (
        Place("Salle 2", {"0-5": 0, "65+": 6}),
        Place("Salle 3", {"65+": 9}),
    )
    rows = await house.sql("SELECT before, after, at FROM headcount_correction ORDER BY id")
    assert rows == [(4, 6, house.clock.wall()), (3, 0, house.clock.wall())]


async def test_nobody_is_named_by_a_count(house: House, headcounts: Headcounts) -> None:
    for table in ("headcount", "headcount_correction"):
        columns = {row[1] for row in await house.sql(f"PRAGMA table_info({table})")}
        assert not columns & {"person_id", "user_id", "name", "by"}


async def test_only_hosts_count(house: House, headcounts: Headcounts) -> None:
    room = await house.room()
    with pytest.raises(Refusal) as caught:
        await headcounts.add(room, read_entry("65+:4"), Role.PATRON)
    assert caught.value.code == "hosts-only"
    assert await house.sql("SELECT * FROM headcount") == []


async def test_a_count_for_a_session_that_could_not_be_kept_is_refused(
    house: House, headcounts: Headcounts
) -> None:
    room = await house.room()
    house.database.fault, house.database.failures = OSError("disk full"), 1
    house.start(room, CAPITAL)
    with pytest.raises(Refusal) as caught:
        await count(headcounts, room, "65+:4")
    assert caught.value.code == "not-kept"
    house.database.fault = None
    assert (await count(headcounts, room, "65+:4")).day == TODAY


async def test_an_attendance_counts_those_without_trace_and_outlives_erasure(
    house: House, headcounts: Headcounts
) -> None:
    room = await house.room()
    await house.people.set_traceless(visitor("discord", "Bob"), on=True)
    await house.asking(room, CAPITAL)
    for name in ("Ana", "Bob"):
        house.press(room, name, "Pau")
    house.clock.advance(SECONDS)
    session = house.hall.running(room.id)
    assert session is not None
    running = await headcounts.attendance(session.id)
    assert (running.accounts, running.untraced) == (2, 1)
    house.clock.advance(REVEAL)
    await house.hall.flush()
    await count(headcounts, room, "12 adultes")
    await house.participation.forget(visitor("discord", "Ana"))
    ended = await headcounts.attendance(session.id)
    assert (ended.accounts, ended.untraced, ended.headcount) == (2, 1, 12)


async def test_there_is_no_attendance_of_a_session_that_never_was(headcounts: Headcounts) -> None:
    with pytest.raises(LookupError):
        await headcounts.attendance(99)


async def test_counts_outlive_a_crash(house: House, headcounts: Headcounts) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL)
    await count(headcounts, room, "65+:4")
    before = await headcounts.present(room)
    await house.crash()
    again = await house.again()
    house.database, house.hall = again.database, again.hall
    later = Headcounts(again.database, again.people, again.hall, again.clock)
    assert (await later.present(room)).places == before.places


async def test_a_count_is_found_by_an_index(house: House, headcounts: Headcounts) -> None:
    plan = await house.sql(
        "EXPLAIN QUERY PLAN SELECT people FROM headcount"
        " WHERE room_id = ? AND session_id IS ? AND day IS ?",
        *(1, None, "2026-02-25"),
    )
    assert "SEARCH" in plan[0][3]
    plan = await house.sql(
        "EXPLAIN QUERY PLAN SELECT id FROM session WHERE room_id = ? AND ended_at >= ?"
        " ORDER BY ended_at DESC LIMIT 1",
        *(1, 0),
    )
    assert "SEARCH" in plan[0][3]
