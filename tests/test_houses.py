"""Houses: which there are, who belongs to which, and what of it outlives a run, an erasure, a failing disk."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.houses import LONGEST, MOST, Houses, read_renaming
from bot.people import Visitor
from bot.wording import house as words
from bot.wording.speech import Speech
from games.core import Refusal, Role
from games.matching import fold
from tests.fake_clock import spin
from tests.hall_stage import CAPITAL, House, visitor

ANA, BOB = visitor("discord", "Ana"), visitor("twitch", "Bob")
MODERATOR = Role.MODERATOR


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[House]:
    engine = await House(tmp_path / "e.sqlite3").open()
    yield engine
    engine.database.fault = None
    await engine.close()


@pytest.fixture
async def houses(engine: House) -> Houses:
    for name in ("Pau", "Usine des Tramways", "Jurançon"):
        await engine.houses.add(name, MODERATOR)
    return engine.houses


def names(houses: Houses) -> list[str]:
    return [house.name for house in houses.all]


def belonging(engine: House, who: Visitor) -> str:
    house = engine.houses.own(who)
    return house.name if house else ""


async def same(engine: House) -> None:
    """What is in memory is what another run would read."""
    other = await engine.again()
    assert names(other.houses) == names(engine.houses)
    assert other.houses.members() == engine.houses.members()
    await other.crash()


# --- Which houses there are


async def test_houses_stand_in_the_order_of_their_names(engine: House) -> None:
    for name in ("Lons", "Écoles", "billère", "Zoé"):
        await engine.houses.add(name, MODERATOR)
    assert names(engine.houses) == ["billère", "Écoles", "Lons", "Zoé"]
    await same(engine)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Pau", "Pau"),
        ("  Pau\u00a0 centre\n", "Pau centre"),
        ("P\x00a\u202eu\x7f", "Pau"),
        ("« Pau »", "Pau"),
        ("x" * LONGEST, "x" * LONGEST),
        ("3", "3"),
        ("図書館", "図書館"),
    ],
)
async def test_a_name_is_kept_as_a_reader_would_write_it(
    engine: House, typed: str, kept: str
) -> None:
    assert (await engine.houses.add(typed, MODERATOR)).name == kept


@pytest.mark.parametrize("typed", ["", "   ", "\x00\x1b", "« »", "!?", "😀", "x" * (LONGEST + 1)])
async def test_a_name_that_nobody_could_type_or_read_is_refused(engine: House, typed: str) -> None:
    with pytest.raises(Refusal, match="house-name"):
        await engine.houses.add(typed, MODERATOR)
    assert engine.houses.all == []


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
async def test_any_text_becomes_a_clean_name_or_is_refused(engine: House, text: str) -> None:
    try:
        house = await engine.houses.add(text, MODERATOR)
    except Refusal:
        assert not fold(text) or len(text) > LONGEST
        return
    assert 1 <= len(house.name) <= LONGEST
    assert house.name.isprintable()
    assert engine.houses.find(house.name) == house
    await engine.houses.remove(house.name, MODERATOR)


@pytest.mark.parametrize("typed", ["PAU", "  pau ", "Paù", "jurancon", "usine des-tramways !"])
async def test_no_two_houses_have_names_that_are_read_alike(houses: Houses, typed: str) -> None:
    with pytest.raises(Refusal, match="house-exists"):
        await houses.add(typed, MODERATOR)
    assert len(houses.all) == 3


async def test_the_same_house_added_twice_at_once_is_one(engine: House) -> None:
    results = await asyncio.gather(
        *(engine.houses.add("Pau", MODERATOR) for _ in range(3)), return_exceptions=True
    )
    assert [isinstance(result, Refusal) for result in results] == [False, True, True]
    assert names(engine.houses) == ["Pau"]


async def test_there_are_twelve_houses_at_most(engine: House) -> None:
    for number in range(MOST):
        await engine.houses.add(f"Maison {number}", MODERATOR)
    with pytest.raises(Refusal, match="too-many-houses"):
        await engine.houses.add("Une de trop", MODERATOR)
    await engine.houses.remove("Maison 3", MODERATOR)
    await engine.houses.add("Une de plus", MODERATOR)


async def test_only_moderators_decide_which_houses_there_are(houses: Houses) -> None:
    for role in (Role.PATRON, Role.HOST):
        with pytest.raises(Refusal, match="moderators-only"):
            await houses.add("Lons", role)
        with pytest.raises(Refusal, match="moderators-only"):
            await houses.rename("Pau", "Lons", role)
        with pytest.raises(Refusal, match="moderators-only"):
            await houses.remove("Pau", role)
    assert names(houses) == ["Jurançon", "Pau", "Usine des Tramways"]


async def test_a_house_that_the_disk_refused_is_in_no_memory(engine: House) -> None:
    await engine.houses.add("Pau", MODERATOR)
    await engine.houses.join(ANA, "Pau")
    engine.database.fault = sqlite3.OperationalError("disk full")
    wishes: list[Any] = [
        engine.houses.add("Lons", MODERATOR),
        engine.houses.rename("Pau", "Pau centre", MODERATOR),
        engine.houses.remove("Pau", MODERATOR),
        engine.houses.leave(ANA),
    ]
    for wish in wishes:
        with pytest.raises(sqlite3.OperationalError):
            await wish
    engine.database.fault = None
    assert names(engine.houses) == ["Pau"]
    assert belonging(engine, ANA) == "Pau"
    await same(engine)


# --- Being found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pau", "Pau"),
        ("Jurancon", "Jurançon"),
        ("juranson", "Jurançon"),
        ("l’usine des tramways", "Usine des Tramways"),
        ("usine des tramway", "Usine des Tramways"),
        ("usinedestramways", "Usine des Tramways"),
    ],
)
async def test_a_house_is_found_as_people_type_it(houses: Houses, typed: str, meant: str) -> None:
    assert houses.find(typed).name == meant


@pytest.mark.parametrize("typed", ["", "Lons", "pas", "usine", "jurançon pau", "x" * 5000])
async def test_an_unknown_house_is_refused_with_the_names_of_all(
    houses: Houses, typed: str
) -> None:
    with pytest.raises(Refusal, match=r"^no-house$") as caught:
        houses.find(typed)
    assert caught.value.facts["houses"] == "Jurançon, Pau, Usine des Tramways"
    assert len(caught.value.facts["name"]) <= LONGEST


async def test_a_slip_that_may_mean_two_houses_means_none(engine: House) -> None:
    for name in ("Bibliothèque A", "Bibliothèque B"):
        await engine.houses.add(name, MODERATOR)
    assert engine.houses.find("bibliotheque b").name == "Bibliothèque B"
    with pytest.raises(Refusal, match="no-house"):
        engine.houses.find("Bibliothèque C")


async def test_without_houses_one_is_told_so(engine: House) -> None:
    with pytest.raises(Refusal, match="no-houses"):
        await engine.houses.join(ANA, "Pau")
    assert engine.people.find("discord", ANA.user_id) is None


async def test_houses_are_offered_with_the_near_ones_first(houses: Houses) -> None:
    assert [house.name for house in houses.nearest("")] == names(houses)
    assert houses.nearest("tram")[0].name == "Usine des Tramways"
    assert houses.nearest("jur")[0].name == "Jurançon"


# --- Who belongs to which


async def test_joining_makes_a_newcomer_a_person_once(engine: House, houses: Houses) -> None:
    joined = await houses.join(ANA, "juranson")
    assert (joined.house.name, joined.newcomer) == ("Jurançon", True)
    assert not (await houses.join(ANA, "Jurançon")).newcomer
    person = engine.people.find("discord", ANA.user_id)
    assert person is not None
    assert houses.house_of(person.id) == joined.house
    assert houses.members() == {person.id: joined.house.id}
    await same(engine)


async def test_a_person_belongs_to_one_house(engine: House, houses: Houses) -> None:
    await houses.join(ANA, "Pau")
    await houses.join(ANA, "Jurançon")
    await houses.join(BOB, "Jurançon")
    assert belonging(engine, ANA) == "Jurançon"
    sizes = {house.name: houses.sizes()[house.id] for house in houses.all}
    assert sizes == {"Jurançon": 2, "Pau": 0, "Usine des Tramways": 0}
    await same(engine)


async def test_leaving(engine: House, houses: Houses) -> None:
    for who in (ANA, BOB):
        await houses.join(who, "Pau")
    assert (await houses.leave(ANA)).name == "Pau"
    assert (belonging(engine, ANA), belonging(engine, BOB)) == ("", "Pau")
    with pytest.raises(Refusal, match="no-own-house"):
        await houses.leave(ANA)
    await same(engine)


async def test_leaving_what_one_never_joined_makes_nobody_known(
    engine: House, houses: Houses
) -> None:
    with pytest.raises(Refusal, match="no-own-house"):
        await houses.leave(ANA)
    assert engine.people.find("discord", ANA.user_id) is None


async def test_who_takes_part_without_trace_may_belong_to_a_house(
    engine: House, houses: Houses
) -> None:
    await engine.people.set_traceless(ANA, on=True)
    await houses.join(ANA, "Pau")
    assert belonging(engine, ANA) == "Pau"
    assert await engine.sql("SELECT name, house_id FROM person") == [("", 1)]
    await same(engine)


async def test_somebody_who_is_playing_joins_while_they_are_being_written(
    engine: House, houses: Houses
) -> None:
    room = await engine.room()
    await engine.asking(room, CAPITAL)
    engine.database.free.clear()
    receipt = engine.press(room, "Ana", "Pau")
    await spin()
    wish = asyncio.create_task(houses.join(ANA, "Jurançon"))
    await spin()
    engine.database.free.set()
    joined, _ = await asyncio.gather(wish, receipt.committed())
    assert not joined.newcomer
    assert await engine.sql("SELECT name, house_id FROM person") == [("Ana", joined.house.id)]


async def test_renaming_keeps_the_members(engine: House, houses: Houses) -> None:
    await houses.join(ANA, "Pau")
    await houses.rename("pau", "PAU", MODERATOR)
    house = await houses.rename("PAU", "Pau centre", MODERATOR)
    assert belonging(engine, ANA) == house.name == "Pau centre"
    with pytest.raises(Refusal, match="house-exists"):
        await houses.rename("Pau centre", "jurancon", MODERATOR)
    with pytest.raises(Refusal, match="house-name"):
        await houses.rename("Pau centre", "", MODERATOR)
    await same(engine)


async def test_members_of_a_removed_house_belong_to_none(engine: House, houses: Houses) -> None:
    await houses.join(ANA, "Pau")
    await houses.join(BOB, "Jurançon")
    await houses.remove("Pau", MODERATOR)
    assert (belonging(engine, ANA), belonging(engine, BOB)) == ("", "Jurançon")
    assert engine.people.find("discord", ANA.user_id) is not None
    await same(engine)


async def test_a_new_house_never_inherits_the_number_of_a_removed_one(engine: House) -> None:
    gone = await engine.houses.add("Pau", MODERATOR)
    await engine.houses.remove("Pau", MODERATOR)
    assert (await engine.houses.add("Lons", MODERATOR)).id > gone.id


async def test_joining_a_house_that_is_being_removed_is_refused(
    engine: House, houses: Houses
) -> None:
    removed, joined = await asyncio.gather(
        houses.remove("Pau", MODERATOR), houses.join(ANA, "Pau"), return_exceptions=True
    )
    assert not isinstance(removed, BaseException)
    assert isinstance(joined, Refusal)
    assert (joined.code, belonging(engine, ANA)) == ("no-house", "")
    await same(engine)


# --- What one may ask about oneself


async def test_the_own_record_names_the_house(engine: House, houses: Houses) -> None:
    await houses.join(ANA, "Pau")
    assert (await engine.participation.own_record(ANA, None)).house == "Pau"
    await houses.leave(ANA)
    assert (await engine.participation.own_record(ANA, None)).house == ""


async def test_being_forgotten_includes_the_house(engine: House, houses: Houses) -> None:
    await houses.join(ANA, "Pau")
    await houses.join(BOB, "Pau")
    await engine.participation.forget(ANA)
    assert len(houses.members()) == 1
    await houses.join(ANA, "Jurançon")
    assert belonging(engine, ANA) == "Jurançon"
    await same(engine)


async def test_retention_includes_the_house(engine: House, houses: Houses) -> None:
    await houses.join(ANA, "Pau")
    assert await engine.people.forget_unseen(engine.clock.wall() + 1) == 1
    assert houses.members() == {}
    assert await engine.sql("SELECT count(*) FROM person") == [(0,)]


# --- Reading and saying


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Pau = Pau centre", ("Pau", "Pau centre")),
        ("Usine des Tramways=Les Tramways", ("Usine des Tramways", "Les Tramways")),
        ("a = b = c", ("a", "b = c")),
        ("Pau", None),
        ("Pau =", None),
        ("= Pau", None),
        ("", None),
    ],
)
def test_a_renaming_is_read(text: str, read: tuple[str, str] | None) -> None:
    assert read_renaming(text) == read


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "moins de 5 personnes"),
        (4, "moins de 5 personnes"),
        (5, "5 personnes"),
        (1200, "1\u202f200 personnes"),
    ],
)
async def test_small_numbers_are_not_told(houses: Houses, count: int, said: str) -> None:
    sizes = dict.fromkeys((house.id for house in houses.all), count)
    first = words.listed(houses.all, sizes, Speech("fr"))[0]
    assert first == f"Jurançon ({said})"
