"""Votes as they are held: opened, voted in, closed by a host or by time, told to the rooms, and after a crash."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import DAY
from bot.people import Visitor
from bot.vote_wishes import LONGEST_DAYS, Wish
from bot.votes import Closed, Opened, Progress
from games.core import Refusal, Role
from games.votes import MOST_OPTIONS
from tests.club_stage import AURORE, CAMILLE, INES, LEO, TITLES, ClubHouse
from tests.hall_stage import visitor
from tests.waiting import until

PATRON, HOST = Role.PATRON, Role.HOST
ZONE = "Europe/Paris"


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[ClubHouse]:
    engine = await ClubHouse(tmp_path / "e.sqlite3").open()
    yield engine
    engine.database.fault = None
    await engine.close()


# --- Opening


async def test_a_vote_is_on_all_proposals_the_oldest_first(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    assert [book.title for book in poll.books.values()] == ["Germinal", "Nana", "Indiana"]
    assert [option.pages for option in poll.vote.rules.options] == [591, 470, 350]
    assert set((await engine.states(club)).values()) == {"voting"}
    assert poll.vote.rules.method == "approval"
    [opened] = engine.face.of(Opened)
    assert opened.poll.vote == poll.vote


async def test_a_host_may_say_on_which_books(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.propose(club, *TITLES)
    wish = Wish(books=("indiana", "Germinal"))
    poll = await engine.votes.open(club, wish, AURORE, PATRON, ZONE)
    assert [book.title for book in poll.books.values()] == ["Germinal", "Indiana"]
    assert (await engine.states(club))["Nana"] == "proposed"


async def test_only_who_leads_the_club_opens_and_closes(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.clubs.join(club, INES)
    await engine.propose(club, *TITLES)
    with pytest.raises(Refusal, match="club-hosts-only"):
        await engine.votes.open(club, Wish(), INES, PATRON, ZONE)
    await engine.votes.open(club, Wish(), LEO, HOST, ZONE)
    for change in (
        engine.votes.close(club, INES, PATRON),
        engine.votes.decide(club, "1", INES, PATRON),
    ):
        with pytest.raises(Refusal, match="club-hosts-only"):
            await change


@pytest.mark.parametrize("titles", [(), ("Nana",)])
async def test_a_vote_takes_two_books(engine: ClubHouse, titles: tuple[str, ...]) -> None:
    with pytest.raises(Refusal, match="few-proposals"):
        await engine.vote(await engine.club(), titles=titles)


async def test_a_vote_is_on_as_many_books_as_a_list_holds(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club, titles=[f"Livre {n}" for n in range(MOST_OPTIONS + 3)])
    assert len(poll.books) == MOST_OPTIONS
    states = await engine.states(club)
    assert [title for title, state in states.items() if state == "proposed"] == [
        f"Livre {MOST_OPTIONS + n}" for n in range(3)
    ]


async def test_a_club_votes_once_at_a_time(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club)
    await engine.propose(club, "Lelia", "Consuelo")
    with pytest.raises(Refusal, match="vote-open"):
        await engine.votes.open(club, Wish(), AURORE, PATRON, ZONE)


async def test_opened_twice_at_once_is_opened_once(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.propose(club, *TITLES)
    results = await asyncio.gather(
        *(engine.votes.open(club, Wish(), AURORE, PATRON, ZONE) for _ in range(3)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Refusal) for result in results) == 2
    await engine.settle()
    assert len(engine.face.of(Opened)) == 1


@pytest.mark.parametrize(
    ("wish", "quorum"),
    [(Wish(), 1), (Wish(quorum="4"), 4), (Wish(quorum="50%"), 2), (Wish(quorum="0"), 1)],
)
async def test_a_share_is_one_of_the_members(engine: ClubHouse, wish: Wish, quorum: int) -> None:
    club = await engine.club()
    for who in (INES, LEO):
        await engine.clubs.join(club, who)
    assert (await engine.vote(club, wish)).vote.rules.quorum == quorum


async def test_a_quorum_that_is_no_number_is_refused(engine: ClubHouse) -> None:
    with pytest.raises(Refusal, match="no-number"):
        await engine.vote(await engine.club(), Wish(quorum="beaucoup"))


# --- Voting


async def test_everybody_votes_in_a_public_club_and_members_in_another(engine: ClubHouse) -> None:
    public, closed = await engine.club("Polar"), await engine.club("Noir", access="approval")
    for club in (public, closed):
        await engine.vote(club)
    await engine.votes.cast(public, "1", INES, PATRON)
    with pytest.raises(Refusal, match="members-only"):
        await engine.votes.cast(closed, "1", INES, PATRON)
    await engine.clubs.join(closed, INES)
    with pytest.raises(Refusal, match="members-only"):
        await engine.votes.cast(closed, "1", INES, PATRON)
    await engine.clubs.approve(closed, "Inès", AURORE, PATRON)
    await engine.votes.cast(closed, "1", INES, PATRON)


@pytest.mark.parametrize(
    ("text", "ballot"),
    [
        ("1 3", (1, 3)),
        ("3,1", (1, 3)),
        ("1, 2 et 3", (1, 2, 3)),
        ("3>1", (1, 3)),
        ("nana", (2,)),
        ("Indiana", (3,)),
        ("le n° 2", (2,)),
    ],
)
async def test_a_ballot_is_typed_by_numbers_or_by_a_title(
    engine: ClubHouse, text: str, ballot: tuple[int, ...]
) -> None:
    club = await engine.club()
    await engine.vote(club)
    assert (await engine.votes.cast(club, text, INES, PATRON)).ballot == ballot


async def test_a_title_that_is_a_number_is_no_option(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club, titles=("1984 ; Orwell", "Nana", "Vingt mille lieues ; Verne"))
    assert (await engine.votes.cast(club, "1984", INES, PATRON)).ballot == (1,)
    assert (await engine.votes.cast(club, "20 000 lieues", LEO, PATRON)).ballot == (3,)


@pytest.mark.parametrize(
    ("text", "code"),
    [("4", "no-such-option"), ("Le Ventre de Paris", "vote-nothing"), ("", "vote-nothing")],
)
async def test_what_is_no_ballot_changes_none(engine: ClubHouse, text: str, code: str) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    await engine.votes.cast(club, "1", INES, PATRON)
    with pytest.raises(Refusal, match=code):
        await engine.votes.cast(club, text, INES, PATRON)
    assert await engine.votes.own(poll.vote.id, INES) == (1,)


async def test_order_counts_where_books_are_ranked(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club, Wish("ranked"))
    await engine.votes.cast(club, "3 > 1", INES, PATRON)
    assert await engine.votes.own(poll.vote.id, INES) == (3, 1)


async def test_a_ballot_can_be_changed_and_taken_back_until_the_close(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    assert not (await engine.votes.cast(club, "1", INES, PATRON)).changed
    assert (await engine.votes.cast(club, "2 3", INES, PATRON)).changed
    assert await engine.votes.own(poll.vote.id, INES) == (2, 3)
    assert await engine.votes.own(poll.vote.id, LEO) == ()
    await engine.votes.take_back(club, INES)
    with pytest.raises(Refusal, match="no-ballot"):
        await engine.votes.take_back(club, INES)
    await engine.votes.cast(club, "3", INES, PATRON)
    closed = await engine.counted(club)
    assert (closed.outcome.ballots, closed.outcome.winner) == (1, 3)
    assert await engine.votes.own(poll.vote.id, INES) == ()


async def test_an_account_has_one_ballot_on_each_platform(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club)
    for platform in ("discord", "twitch"):
        await engine.votes.cast(club, "1", Visitor(platform, "12", "Camille"), PATRON)
    closed = await engine.counted(club)
    assert closed.poll.vote.ballots == {"discord": 1, "twitch": 1}


async def test_an_open_vote_tells_how_many_voted_and_nothing_else(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club)
    await engine.cast(club, "1", "1", "2")
    progress = await engine.votes.under_way(club)
    assert isinstance(progress, Progress)
    assert progress.ballots == 3
    assert await engine.votes.latest(club) == progress
    assert await engine.sql("SELECT COUNT(*) FROM vote_count") == [(0,)]


async def test_voting_makes_nobody_a_person(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club)
    await engine.votes.cast(club, "1", INES, PATRON)
    assert engine.people.find("twitch", INES.user_id) is None
    await engine.people.set_traceless(LEO, on=True)
    await engine.votes.cast(club, "1", LEO, PATRON)
    assert (await engine.votes.under_way(club)).ballots == 2


async def test_whoever_only_votes_is_not_taken_for_gone_and_only_the_day_is_kept(
    engine: ClubHouse,
) -> None:
    club = await engine.club()
    await engine.clubs.join(club, INES)
    await engine.vote(club)
    engine.clock.advance(3 * DAY / 1_000_000 + 7)
    await engine.votes.cast(club, "1", INES, PATRON)
    [(seen,)] = await engine.database.rows(
        "SELECT seen_at FROM person JOIN identity ON person_id = person.id WHERE user_id = ?",
        (INES.user_id,),
    )
    assert (seen, seen % DAY) == (engine.clock.wall() - engine.clock.wall() % DAY, 0)


async def test_being_forgotten_takes_open_ballots_along(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club)
    for who in (INES, CAMILLE):
        await engine.votes.cast(club, "1", who, PATRON)
    await engine.clubs.join(club, CAMILLE)
    await engine.participation.forget(CAMILLE)
    await engine.participation.forget(INES)
    assert (await engine.votes.under_way(club)).ballots == 0
    with pytest.raises(Refusal, match="nothing-kept"):
        await engine.participation.forget(INES)


async def test_which_vote_is_meant(engine: ClubHouse) -> None:
    polar, noir = await engine.club("Polar"), await engine.club("Noir")
    room = await engine.room()
    with pytest.raises(Refusal, match="which-club"):
        await engine.votes.voting(room, "", INES)
    await engine.vote(noir)
    assert await engine.votes.voting(room, "", INES) == noir
    assert await engine.votes.voting(room, "polar", INES) == polar
    await engine.vote(polar)
    with pytest.raises(Refusal, match="which-club"):
        await engine.votes.voting(room, "", INES)
    await engine.clubs.join(polar, INES)
    assert await engine.votes.voting(room, "", INES) == polar


async def test_a_storm_of_ballots_is_counted_whole(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club)
    crowd = [visitor("twitch", f"v{number}") for number in range(120)]
    await asyncio.gather(
        *(engine.votes.cast(club, str(1 + n % 3), who, PATRON) for n, who in enumerate(crowd)),
        *(engine.votes.cast(club, "2", who, PATRON) for who in crowd[:60]),
    )
    closed = await engine.counted(club)
    assert closed.outcome.ballots == 120
    assert closed.outcome.winner == 2


async def test_a_ballot_that_cannot_be_written_is_not_cast(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    await engine.votes.cast(club, "1", INES, PATRON)
    engine.database.fault = sqlite3.OperationalError("disk I/O error")
    with pytest.raises(sqlite3.OperationalError):
        await engine.votes.cast(club, "2", INES, PATRON)
    engine.database.fault = None
    assert await engine.votes.own(poll.vote.id, INES) == (1,)


# --- Closing


async def test_the_winner_is_chosen_and_the_others_are_proposals_again(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club)
    await engine.cast(club, "2", "2 3", "1")
    closed = await engine.counted(club)
    assert closed.outcome.winner == closed.poll.vote.chosen == 2
    assert await engine.states(club) == {
        "Germinal": "proposed",
        "Nana": "chosen",
        "Indiana": "proposed",
    }
    [told] = engine.face.of(Closed)
    assert told.poll.vote.state == "closed"
    assert await engine.votes.latest(club) == told


async def test_after_the_close_nobody_votes(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    await engine.cast(club, "1")
    await engine.counted(club)
    with pytest.raises(Refusal, match="no-vote"):
        await engine.votes.cast(club, "1", INES, PATRON)
    with pytest.raises(Refusal, match="vote-over"):
        await engine.votes.cast_in(poll.vote.id, [1], INES, PATRON)
    with pytest.raises(Refusal, match="vote-over"):
        await engine.votes.cast_in(999, [1], INES, PATRON)
    with pytest.raises(Refusal, match="no-vote"):
        await engine.votes.close(club, AURORE, PATRON)


async def test_too_few_ballots_choose_nothing(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club, Wish(quorum="3"))
    await engine.cast(club, "1", "1")
    closed = await engine.counted(club)
    assert (closed.outcome.quorate, closed.poll.vote.chosen) == (False, None)
    assert set((await engine.states(club)).values()) == {"proposed"}


async def test_a_vote_without_ballots_closes_too(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club)
    assert (await engine.counted(club)).outcome.ballots == 0
    assert set((await engine.states(club)).values()) == {"proposed"}


async def test_the_host_decides_what_ended_level(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club, Wish(tie="host"))
    await engine.cast(club, "1", "2")
    closed = await engine.counted(club)
    assert (closed.outcome.tied, closed.poll.vote.state) == ((1, 2), "tied")
    states = await engine.states(club)
    assert states == {"Germinal": "voting", "Nana": "voting", "Indiana": "proposed"}
    with pytest.raises(Refusal, match="vote-undecided"):
        await engine.votes.open(club, Wish(books=()), AURORE, PATRON, ZONE)
    for text in ("3", "Indiana", "1 2", ""):
        with pytest.raises(Refusal, match="not-level"):
            await engine.votes.decide(club, text, AURORE, PATRON)
    decided = await engine.votes.decide(club, "nana", AURORE, PATRON)
    await engine.settle()
    assert (decided.poll.vote.chosen, decided.poll.vote.state) == (2, "closed")
    assert (await engine.states(club))["Nana"] == "chosen"
    assert (await engine.states(club))["Germinal"] == "proposed"
    assert len(engine.face.of(Closed)) == 2
    with pytest.raises(Refusal, match="nothing-to-decide"):
        await engine.votes.decide(club, "1", AURORE, PATRON)


async def test_a_host_who_cannot_decide_lets_all_be_proposals_again(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club, Wish(tie="host"))
    await engine.cast(club, "1", "2")
    await engine.counted(club)
    closed = await engine.counted(club)
    assert closed.poll.vote.chosen is None
    assert set((await engine.states(club)).values()) == {"proposed"}


async def test_a_draw_is_by_the_seed_that_was_told(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club, Wish(tie="seed"))
    await engine.cast(club, "1", "2", "3")
    closed = await engine.counted(club)
    assert closed.poll.vote.rules.seed == poll.vote.rules.seed
    assert closed.poll.vote.chosen == closed.outcome.winner


async def test_after_a_vote_the_losers_can_be_voted_on_again(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club)
    await engine.cast(club, "1")
    await engine.counted(club)
    poll = await engine.votes.open(club, Wish(), AURORE, PATRON, ZONE)
    assert [book.title for book in poll.books.values()] == ["Nana", "Indiana"]


async def test_a_book_that_was_moved_by_hand_is_left_alone(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    await engine.cast(club, "2")
    async with engine.database.transaction() as transaction:
        await transaction.execute(
            "UPDATE club_book SET state = 'reading' WHERE id = ?", (poll.vote.books[2],)
        )
    await engine.counted(club)
    assert (await engine.states(club))["Nana"] == "reading"


# --- Time


async def test_a_vote_closes_when_its_time_is_up(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club, Wish(end="90 min"))
    await engine.cast(club, "1")
    await engine.wait(90 * 60 - 2)
    assert not engine.face.of(Closed)
    await engine.wait(3)
    [closed] = engine.face.of(Closed)
    assert closed.outcome.winner == 1
    assert await engine.sql("SELECT COUNT(*) FROM vote_key") == [(0,)]


async def test_a_vote_that_nobody_closes_ends_some_day(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    assert not poll.vote.asked
    engine.clock.wall_offset += LONGEST_DAYS * DAY - 700 * 1_000_000
    await engine.wait(650)
    assert not engine.face.of(Closed)
    await engine.wait(650)
    assert len(engine.face.of(Closed)) == 1


async def test_several_votes_close_each_in_its_time(engine: ClubHouse) -> None:
    for name, end in (("Polar", "120 min"), ("Noir", "60 min"), ("Jeunesse", "180 min")):
        await engine.vote(await engine.club(name), Wish(end=end))
    for hour in (1, 2, 3):
        await engine.wait(3601 if hour == 1 else 3600)
        assert len(engine.face.of(Closed)) == hour
    assert [c.poll.club.name for c in engine.face.of(Closed)] == ["Noir", "Polar", "Jeunesse"]


async def test_a_vote_closed_by_its_host_is_off_the_agenda(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club, Wish(end="60 min"))
    await engine.cast(club, "1")
    await engine.counted(club)
    assert await engine.sql("SELECT COUNT(*) FROM due WHERE state = 'waiting'") == [(0,)]
    await engine.wait(3700)
    assert len(engine.face.of(Closed)) == 1


async def test_a_disk_that_fails_at_the_close_is_tried_again(
    engine: ClubHouse, caplog: pytest.LogCaptureFixture
) -> None:
    club = await engine.club()
    await engine.vote(club, Wish(end="60 min"))
    await engine.cast(club, "1")
    engine.database.fault, engine.database.failures = sqlite3.OperationalError("disk"), 1
    engine.clock.advance(3601)
    await until(lambda: "what is due could not be carried out" in caplog.text)
    engine.clock.advance(3)
    await engine.settle()
    [closed] = engine.face.of(Closed)
    assert closed.outcome.ballots == 1


async def test_what_is_undone_around_a_close_leaves_the_vote_open(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    await engine.votes.cast(club, "1", INES, PATRON)
    engine.database.fault = sqlite3.OperationalError("disk I/O error")
    with pytest.raises(sqlite3.OperationalError):
        await engine.votes.close(club, AURORE, PATRON)
    engine.database.fault = None
    assert await engine.votes.own(poll.vote.id, INES) == (1,)
    assert set((await engine.states(club)).values()) == {"voting"}
    assert (await engine.counted(club)).outcome.ballots == 1


async def test_closed_twice_at_once_is_closed_once(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    await engine.cast(club, "1", "2", "2")
    async with engine.database.transaction() as transaction:
        assert await engine.votes.settle(transaction, poll.vote.id)
    async with engine.database.transaction() as transaction:
        assert not await engine.votes.settle(transaction, poll.vote.id)
    results = await asyncio.gather(
        *(engine.votes.close(club, AURORE, PATRON) for _ in range(2)), return_exceptions=True
    )
    assert all(isinstance(result, Refusal) for result in results)


# --- After a crash


async def test_an_open_vote_goes_on_after_a_crash(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    await engine.votes.cast(club, "2", INES, PATRON)
    again = await engine.after()
    assert again.face.heard == []
    assert (await again.votes.cast(club, "3", INES, PATRON)).changed
    assert await again.votes.own(poll.vote.id, INES) == (3,)
    assert (await again.counted(club)).outcome.winner == 3
    await again.close()
    await engine.open()


async def test_a_vote_that_was_due_meanwhile_closes_at_the_start(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.vote(club, Wish(end="60 min"))
    await engine.cast(club, "1")
    engine.clock.wall_offset += 5 * DAY
    again = await engine.after()
    [closed] = again.face.of(Closed)
    assert closed.outcome.winner == 1
    await again.close()
    await engine.open()


async def test_what_was_not_seen_to_go_out_is_told_again(engine: ClubHouse) -> None:
    engine.reached.clear()
    club = await engine.club()
    await engine.vote(club)
    again = await engine.after()
    assert [type(news) for _, news in again.face.heard] == [Opened]
    third = await again.after()
    assert third.face.heard == []
    await third.close()
    await engine.open()


async def test_a_result_that_was_not_told_is_told_at_the_next_start(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    await engine.agenda.close()
    async with engine.database.transaction() as transaction:
        await engine.votes.settle(transaction, poll.vote.id)
    again = await engine.after()
    assert [type(news) for _, news in again.face.heard] == [Closed]
    await again.close()
    await engine.open()


async def test_news_of_the_day_before_yesterday_are_none(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    await engine.agenda.close()
    async with engine.database.transaction() as transaction:
        await engine.votes.settle(transaction, poll.vote.id)
    engine.clock.wall_offset += 2 * DAY
    again = await engine.after()
    assert again.face.heard == []
    await again.close()
    await engine.open()


async def test_every_room_of_a_club_is_told_once(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.clubs.attach(club, await engine.room(2), HOST)
    await engine.vote(club)
    await engine.cast(club, "1")
    await engine.counted(club)
    told = [(room, type(news)) for room, news in engine.face.heard]
    assert told == [(1, Opened), (2, Opened), (1, Closed), (2, Closed)]
