"""Clubs: which there are, where they meet, who belongs to them, who leads them, and what outlives an erasure."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clubs import (
    ACCESS,
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    STANDINGS,
    Changes,
    access_of,
    read_appointment,
    read_changes,
    split,
    standing_of,
)
from bot.people import Visitor
from bot.storage.clubs import Club, Standing
from games.core import Refusal, Role
from games.matching import fold
from tests.club_stage import AURORE, CAMILLE, INES, LEO, TITLES, ClubHouse
from tests.hall_stage import visitor

PATRON, HOST, MODERATOR = Role.PATRON, Role.HOST, Role.MODERATOR


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[ClubHouse]:
    engine = await ClubHouse(tmp_path / "e.sqlite3").open()
    yield engine
    await engine.close()


async def names(engine: ClubHouse, number: int = 1) -> list[str]:
    return [club.name for club in await engine.clubs.here(await engine.room(number))]


async def standing(engine: ClubHouse, club: Club, who: Visitor) -> Standing | None:
    return (await engine.clubs.of(who)).get(club.id)


# --- What is typed


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Germinal ; Zola", ("Germinal ; Zola", "")),
        ("Germinal ; Zola @ Polar", ("Germinal ; Zola", "Polar")),
        ("Inès @everyone", ("Inès @everyone", "")),
        ("@Ines @ Polar", ("@Ines", "Polar")),
        ("@ Polar", ("", "Polar")),
        ("à l’heure @", ("à l’heure", "")),
        ("écrire à a@b @ Polar", ("écrire à a@b", "Polar")),
        ("", ("", "")),
    ],
)
def test_a_club_is_named_after_an_at(text: str, read: tuple[str, str]) -> None:
    assert split(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("@Polar", ("", "Polar")),
        ("1 3 @Polar", ("1 3", "Polar")),
        ("1 3 @ Polar", ("1 3", "Polar")),
    ],
)
def test_after_numbers_an_at_names_a_club_however_it_is_spaced(
    text: str, read: tuple[str, str]
) -> None:
    assert split(text, prose=False) == read


@pytest.mark.parametrize(
    ("text", "name", "changes"),
    [
        ("Polar", "Polar", Changes()),
        ("Polar ; Un polar par mois", "Polar", Changes(None, "Un polar par mois")),
        ("Polar ; public ; Un polar", "Polar", Changes(None, "Un polar", "public")),
        ("Polar ; sur demande", "Polar", Changes(None, None, "approval")),
        ("Polar = Noir", "Polar", Changes("Noir")),
        ("Polar = Noir ; Approbation ; a ; b", "Polar", Changes("Noir", "a ; b", "approval")),
        ("= Noir", "", Changes("Noir")),
        (" ; Un polar", "", Changes(None, "Un polar")),
        ("", "", Changes()),
    ],
)
def test_what_is_said_of_a_club_stands_in_one_line(text: str, name: str, changes: Changes) -> None:
    assert read_changes(text) == (name, changes)
    assert changes.some == (changes != Changes())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Camille = coanimation", ("Camille", "coanimation")),
        ("a = b = membre", ("a = b", "membre")),
        ("Camille", ("Camille", "")),
    ],
)
def test_an_appointment_names_somebody_and_what_they_become(
    text: str, read: tuple[str, str]
) -> None:
    assert read_appointment(text) == read


def test_words_for_access_and_standing_are_read_in_both_languages() -> None:
    for access, words in ACCESS.items():
        assert [access_of(word.upper()) for word in words] == [access] * len(words)
    for one, words in STANDINGS.items():
        assert [standing_of(word.title()) for word in words] == [one] * len(words)
    assert standing_of("Co-animation") == "cohost"
    assert access_of("fermé") is None
    assert standing_of("") is None


# --- Which clubs there are


async def test_a_host_of_the_library_creates_a_club_and_is_its_host(engine: ClubHouse) -> None:
    club = await engine.club("Polar", description="Un polar par mois")
    assert (club.name, club.description, club.access) == ("Polar", "Un polar par mois", "public")
    assert await names(engine) == ["Polar"]
    assert await standing(engine, club, AURORE) == "host"
    with pytest.raises(Refusal, match="hosts-only"):
        await engine.clubs.create(await engine.room(), CAMILLE, Changes("Noir"), PATRON)


@pytest.mark.parametrize(
    "name", ["", "  ", "!?", "x" * (LONGEST_NAME + 1), "a@b", "a;b", "a=b", "#1", "😀"]
)
async def test_a_name_that_could_not_be_typed_is_refused(engine: ClubHouse, name: str) -> None:
    with pytest.raises(Refusal, match="club-name"):
        await engine.club(name)
    assert await names(engine) == []


async def test_a_description_is_a_sentence(engine: ClubHouse) -> None:
    with pytest.raises(Refusal, match="club-description"):
        await engine.club(description="x" * (LONGEST_DESCRIPTION + 1))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=50))
async def test_any_text_becomes_a_club_that_is_found_again_or_is_refused(
    engine: ClubHouse, text: str
) -> None:
    try:
        club = await engine.club(text)
    except Refusal:
        assert not fold(text) or len(text) > LONGEST_NAME or set("@;=#") & set(text)
        return
    assert await engine.clubs.find(None, club.name, LEO) == club
    await engine.clubs.end(club, AURORE, HOST)


@pytest.mark.parametrize("name", ["POLAR", " polar ", "Pôlar", "« Polar »"])
async def test_no_two_clubs_have_names_that_are_read_alike(engine: ClubHouse, name: str) -> None:
    await engine.club()
    with pytest.raises(Refusal, match="club-exists"):
        await engine.club(name)


async def test_the_same_club_created_twice_at_once_is_one(engine: ClubHouse) -> None:
    results = await asyncio.gather(*(engine.club() for _ in range(3)), return_exceptions=True)
    assert sorted(isinstance(result, Refusal) for result in results) == [False, True, True]


@pytest.mark.parametrize("typed", ["Polar & Cie", "polar et cie", "Pollar et cie", "@"])
async def test_a_club_is_found_however_it_is_typed(engine: ClubHouse, typed: str) -> None:
    club = await engine.club("Polar & Cie")
    room = await engine.room()
    if fold(typed):
        assert await engine.clubs.find(None, typed, LEO) == club
    else:
        with pytest.raises(Refusal, match="no-club"):
            await engine.clubs.find(room, typed, LEO)


async def test_unnamed_the_only_club_of_the_room_is_meant(engine: ClubHouse) -> None:
    club, room = await engine.club(), await engine.room()
    assert await engine.clubs.find(room, "", LEO) == club
    for nowhere in (None, await engine.room(2)):
        with pytest.raises(Refusal, match="no-club-here"):
            await engine.clubs.find(nowhere, "", LEO)


async def test_among_several_the_only_one_that_somebody_belongs_to_is_meant(
    engine: ClubHouse,
) -> None:
    polar, noir = await engine.club("Polar"), await engine.club("Noir")
    room = await engine.room()
    with pytest.raises(Refusal, match="which-club") as caught:
        await engine.clubs.find(room, "", INES)
    assert caught.value.facts["clubs"] == "Noir, Polar"
    await engine.clubs.join(noir, INES)
    assert await engine.clubs.find(room, "", INES) == noir
    await engine.clubs.join(polar, INES)
    with pytest.raises(Refusal, match="which-club"):
        await engine.clubs.find(room, "", INES)


async def test_clubs_for_a_list_are_the_room_s_own_first_or_those_near(engine: ClubHouse) -> None:
    for name in ("Zola", "Polar", "Bande dessinée"):
        await engine.club(name)
    other = await engine.room(2)
    await engine.clubs.attach(await engine.clubs.find(None, "Zola", LEO), other, HOST)
    listed = [club.name for club in await engine.clubs.nearest("", other)]
    assert listed == ["Zola", "Bande dessinée", "Polar"]
    assert (await engine.clubs.nearest("bande", None))[0].name == "Bande dessinée"


async def test_a_club_meets_in_several_rooms_and_a_room_holds_several_clubs(
    engine: ClubHouse,
) -> None:
    polar, _ = await engine.club("Polar"), await engine.club("Noir")
    second = await engine.room(2)
    for _ in range(2):
        await engine.clubs.attach(polar, second, HOST)
    assert (await names(engine), await names(engine, 2)) == (["Noir", "Polar"], ["Polar"])
    assert len(await engine.clubs.rooms(polar)) == 2
    await engine.clubs.detach(polar, second, HOST)
    assert await names(engine, 2) == []
    with pytest.raises(Refusal, match="club-elsewhere"):
        await engine.clubs.detach(polar, second, HOST)
    for change in (engine.clubs.attach, engine.clubs.detach):
        with pytest.raises(Refusal, match="hosts-only"):
            await change(polar, second, PATRON)


async def test_a_club_is_edited_by_its_host_or_a_moderator(engine: ClubHouse) -> None:
    club = await engine.club()
    changes = Changes("Noir", "Du noir", "approval")
    for who, role in ((CAMILLE, PATRON), (CAMILLE, HOST)):
        with pytest.raises(Refusal, match="club-owners-only"):
            await engine.clubs.edit(club, who, changes, role)
    club = await engine.clubs.edit(club, AURORE, changes, PATRON)
    assert (club.name, club.description, club.access) == ("Noir", "Du noir", "approval")
    club = await engine.clubs.edit(club, LEO, Changes(description=""), MODERATOR)
    assert (club.name, club.description) == ("Noir", "")
    assert await engine.clubs.edit(club, AURORE, Changes("NOIR"), PATRON) == Club(
        club.id, "NOIR", "", "approval"
    )
    await engine.club("Polar")
    with pytest.raises(Refusal, match="club-exists"):
        await engine.clubs.edit(club, AURORE, Changes("polar"), PATRON)


async def test_a_club_that_ended_is_found_no_more_and_leaves_its_name(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.clubs.join(club, INES)
    await engine.propose(club, *TITLES)
    await engine.clubs.end(club, AURORE, PATRON)
    assert await names(engine) == []
    assert await engine.clubs.of(INES) == {}
    for late in (
        engine.clubs.join(club, LEO),
        engine.clubs.edit(club, AURORE, Changes("Noir"), MODERATOR),
        engine.clubs.end(club, AURORE, MODERATOR),
        engine.clubs.attach(club, await engine.room(2), HOST),
        engine.propose(club, "Nana"),
    ):
        with pytest.raises(Refusal, match="club-over"):
            await late
    assert len(await engine.club_books.listed(club)) == 3
    assert (await engine.club()).id != club.id


async def test_a_club_does_not_end_while_it_votes(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club)
    with pytest.raises(Refusal, match="club-votes"):
        await engine.clubs.end(club, AURORE, PATRON)


# --- Who belongs to them


async def test_anybody_joins_a_public_club_and_leaves_it(engine: ClubHouse) -> None:
    club = await engine.club()
    joined = await engine.clubs.join(club, INES)
    assert (joined.standing, joined.newcomer) == ("member", True)
    with pytest.raises(Refusal, match="already-member"):
        await engine.clubs.join(club, INES)
    assert await engine.clubs.sizes([club]) == {club.id: 2}
    await engine.clubs.leave(club, INES)
    for who in (INES, LEO):
        with pytest.raises(Refusal, match="not-member"):
            await engine.clubs.leave(club, who)
    assert not (await engine.clubs.join(club, INES)).newcomer


async def test_whoever_asks_waits_for_a_host(engine: ClubHouse) -> None:
    club = await engine.club(access="approval")
    assert (await engine.clubs.join(club, INES)).standing == "asked"
    with pytest.raises(Refusal, match="already-asked"):
        await engine.clubs.join(club, INES)
    assert await engine.clubs.sizes([club]) == {club.id: 1}
    assert [one.name for one in await engine.clubs.waiting(club, AURORE, PATRON)] == ["Inès"]
    await engine.clubs.approve(club, "ines", AURORE, PATRON)
    assert await standing(engine, club, INES) == "member"
    assert await engine.clubs.waiting(club, AURORE, PATRON) == []


async def test_whoever_is_declined_may_ask_again(engine: ClubHouse) -> None:
    club = await engine.club(access="approval")
    await engine.clubs.join(club, INES)
    await engine.clubs.decline(club, "Inès", AURORE, PATRON)
    assert await standing(engine, club, INES) is None
    assert (await engine.clubs.join(club, INES)).standing == "asked"


async def test_a_club_that_becomes_public_lets_in_whoever_asks_again(engine: ClubHouse) -> None:
    club = await engine.club(access="approval")
    await engine.clubs.join(club, INES)
    club = await engine.clubs.edit(club, AURORE, Changes(access="public"), PATRON)
    assert (await engine.clubs.join(club, INES)).standing == "member"


async def test_two_of_one_name_are_told_apart_by_number(engine: ClubHouse) -> None:
    club = await engine.club(access="approval")
    twins = [Visitor("twitch", str(number), "Camille") for number in (1, 2)]
    for twin in twins:
        await engine.clubs.join(club, twin)
    with pytest.raises(Refusal, match="which-person") as caught:
        await engine.clubs.approve(club, "Camille", AURORE, PATRON)
    first = caught.value.facts["numbers"].split(", ")[0]
    approved = await engine.clubs.approve(club, f" {first}", AURORE, PATRON)
    assert approved.name == "Camille"
    assert await standing(engine, club, twins[0]) == "member"
    assert await standing(engine, club, twins[1]) == "asked"


async def test_nobody_is_approved_who_did_not_ask(engine: ClubHouse) -> None:
    club = await engine.club(access="approval")
    for name in ("Inès", "#999", ""):
        with pytest.raises(Refusal, match="nobody-called"):
            await engine.clubs.approve(club, name, AURORE, PATRON)


async def test_only_who_leads_a_club_sees_who_is_in_it(engine: ClubHouse) -> None:
    club = await engine.club(access="approval")
    await engine.clubs.join(club, CAMILLE)
    await engine.clubs.approve(club, "Camille", AURORE, PATRON)
    for ask in (engine.clubs.waiting, engine.clubs.belonging):
        for who in (CAMILLE, LEO):
            with pytest.raises(Refusal, match="club-hosts-only"):
                await ask(club, who, PATRON)
    found = await engine.clubs.belonging(club, LEO, HOST)
    assert [one.name for one in found] == ["Aurore", "Camille"]


async def test_a_host_appoints_others(engine: ClubHouse) -> None:
    club = await engine.club()
    for who in (CAMILLE, INES):
        await engine.clubs.join(club, who)
    with pytest.raises(Refusal, match="club-owners-only"):
        await engine.clubs.appoint(club, "Camille", "host", CAMILLE, PATRON)
    await engine.clubs.appoint(club, "camille", "cohost", AURORE, PATRON)
    assert await engine.clubs.leads(club, CAMILLE, PATRON)
    with pytest.raises(Refusal, match="club-owners-only"):
        await engine.clubs.appoint(club, "Inès", "host", CAMILLE, PATRON)
    await engine.clubs.appoint(club, "Camille", "host", AURORE, PATRON)
    await engine.clubs.appoint(club, "Aurore", "member", CAMILLE, PATRON)
    assert not await engine.clubs.leads(club, AURORE, PATRON)
    with pytest.raises(Refusal, match="nobody-called"):
        await engine.clubs.appoint(club, "Leo64", "host", CAMILLE, PATRON)


async def test_the_library_s_staff_leads_where_a_club_lost_its_host(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.clubs.join(club, INES)
    await engine.clubs.leave(club, AURORE)
    await engine.clubs.appoint(club, "Inès", "host", LEO, MODERATOR)
    assert await standing(engine, club, INES) == "host"


async def test_being_forgotten_is_leaving_every_club_and_taking_no_name_along(
    engine: ClubHouse,
) -> None:
    club = await engine.club()
    await engine.clubs.join(club, INES)
    await engine.propose(club, "Nana", by=INES)
    await engine.participation.forget(INES)
    assert await engine.clubs.sizes([club]) == {club.id: 1}
    [book] = await engine.club_books.listed(club)
    assert (book.title, book.proposed_by) == ("Nana", None)


async def test_one_s_own_record_names_clubs_and_proposals(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.clubs.join(club, INES)
    await engine.propose(club, "Nana", by=INES)
    record = await engine.participation.own_record(INES, None)
    assert (record.clubs, record.books) == (("Polar",), (("Polar", "Nana"),))


async def test_what_cannot_be_written_is_not_so(engine: ClubHouse) -> None:
    club = await engine.club()
    engine.database.fault = OSError("no disk")
    with pytest.raises(OSError, match="no disk"):
        await engine.clubs.join(club, INES)
    engine.database.fault = None
    assert await standing(engine, club, INES) is None
    assert (await engine.clubs.join(club, INES)).newcomer


async def test_clubs_outlive_a_crash(engine: ClubHouse) -> None:
    club = await engine.club(description="Un polar par mois", access="approval")
    await engine.clubs.join(club, INES)
    again = await engine.after()
    assert await again.clubs.here(await again.room()) == [club]
    assert [one.name for one in await again.clubs.waiting(club, AURORE, PATRON)] == ["Inès"]
    await again.close()
    await engine.open()


async def test_a_crowd_joins_at_once(engine: ClubHouse) -> None:
    club = await engine.club()
    crowd = [visitor("twitch", f"lectrice{number}") for number in range(40)]
    await asyncio.gather(*(engine.clubs.join(club, who) for who in crowd))
    assert await engine.clubs.sizes([club]) == {club.id: 41}
