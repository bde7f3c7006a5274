"""Book clubs on Twitch: `!club …`, and what the chat is told of them.

The chat is public: who asked to join is counted here, and named on Discord alone.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from twitchio.ext import commands

from bot.books import read_book
from bot.clock import Clock
from bot.club_books import Chosen, ClubBooks
from bot.club_cards import ClubCards
from bot.club_news import News
from bot.club_notices import Account, Notice
from bot.clubs import Clubs, read_appointment, read_changes, split, standing_of
from bot.feeds import Feeds, read_calendar
from bot.meeting_news import Begun, CalledOff, Changed, Moved, Over, Planned, Soon
from bot.minutes import Written
from bot.opinions import Opinions
from bot.people import People
from bot.questions import Asked, Kept
from bot.reading_plans import SectionDue
from bot.storage.clubs import Club
from bot.storage.rooms import Room
from bot.twitch_client import MOST_CHARACTERS
from bot.twitch_side import SEPARATOR, TwitchSide
from bot.vote_wishes import read_wish
from bot.votes import Closed, Opened, Votes
from bot.wording import club as words
from bot.wording import feed as feed_words
from bot.wording import opinions as favourite_words
from bot.wording import reading_plan as plan_words
from bot.wording import room as room_words
from bot.wording import vote as vote_words
from bot.wording.speech import Speech, pack
from cogs.commands_twitch import Call, Desk
from cogs.feed_twitch import given
from cogs.meeting_twitch import line as meeting_line
from cogs.minutes_twitch import lines as minutes_lines
from cogs.questions_twitch import lines as question_lines
from cogs.verbs import CLUB, CLUB_FAVOURITES, CLUB_VOTE, COMMANDS, mistyped, read
from games.core import Platform, Refusal, Role

Handler = Callable[[Call, str], Awaitable[Sequence[str]]]


class ClubTwitch(commands.Component):
    """Clubs, who belongs to them, their books and their votes."""

    def __init__(
        self,
        desk: Desk,
        clubs: Clubs,
        club_books: ClubBooks,
        votes: Votes,
        cards: ClubCards,
        feeds: Feeds,
        opinions: Opinions,
    ) -> None:
        self._opinions = opinions
        self._desk = desk
        self._clubs = clubs
        self._club_books = club_books
        self._votes = votes
        self._cards = cards
        self._feeds = feeds
        self._handlers: Mapping[str, Handler] = {
            "list": self._list,
            "create": self._create,
            "edit": self._edit,
            "end": self._end,
            "attach": self._attach,
            "detach": self._detach,
            "join": self._join,
            "leave": self._leave,
            "approve": self._approve,
            "decline": self._decline,
            "appoint": self._appoint,
            "propose": self._propose,
            "books": self._books,
            "withdraw": self._withdraw,
            "choose": self._choose,
            "advance": self._advance,
            "back": self._back,
            "vote": self._vote,
            "calendar": self._calendar,
            "favourites": self._favourites,
        }

    @commands.command(name="club", aliases=list(COMMANDS["club"]))
    async def club(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve(ctx, text, self._club)

    async def _club(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, CLUB)
        if verb is None and rest:
            raise mistyped("club", rest, call.speech.locale, words.how_to("join", call.speech))
        return await self._handlers[verb or "list"](call, rest)

    async def _find(self, call: Call, name: str) -> Club:
        return await self._clubs.find(call.room, name, call.visitor)

    # clubs

    async def _list(self, call: Call, _: str) -> Sequence[str]:
        cards = await self._cards.here(call.room, call.visitor)
        parts = words.here(cards, call.speech, host=call.role >= Role.HOST)
        fits = len(SEPARATOR.join(parts)) <= MOST_CHARACTERS
        return parts if fits else words.briefly(cards, call.speech)

    async def _create(self, call: Call, text: str) -> Sequence[str]:
        name, changes = read_changes(text)
        if not name:
            raise Refusal("usage", usage=words.how_to("create", call.speech))
        created = await self._clubs.create(
            call.room, call.visitor, replace(changes, name=name), call.role
        )
        return _told(words.created(created.club, call.speech), call, newcomer=created.newcomer)

    async def _edit(self, call: Call, text: str) -> Sequence[str]:
        name, changes = read_changes(text)
        if not changes.some:
            raise Refusal("usage", usage=words.how_to("edit", call.speech))
        club = await self._find(call, name)
        edited = await self._clubs.edit(club, call.visitor, changes, call.role)
        return [words.edited(edited, call.speech)]

    async def _end(self, call: Call, name: str) -> Sequence[str]:
        club = await self._find(call, name)
        await self._clubs.end(club, call.visitor, call.role)
        return [words.ended(club, call.speech)]

    async def _attach(self, call: Call, name: str) -> Sequence[str]:
        club = await self._find(call, name)
        await self._clubs.attach(club, call.room, call.role)
        return [words.attached(club, call.speech)]

    async def _detach(self, call: Call, name: str) -> Sequence[str]:
        club = await self._find(call, name)
        await self._clubs.detach(club, call.room, call.role)
        return [words.detached(club, call.speech)]

    # belonging

    async def _join(self, call: Call, name: str) -> Sequence[str]:
        joined = await self._clubs.join(await self._find(call, name), call.visitor)
        said = words.joined(joined.club, joined.standing, call.speech)
        return _told(said, call, newcomer=joined.newcomer)

    async def _leave(self, call: Call, name: str) -> Sequence[str]:
        club = await self._find(call, name)
        await self._clubs.leave(club, call.visitor)
        return [words.left(club, call.speech)]

    async def _approve(self, call: Call, text: str) -> Sequence[str]:
        name, club_name = split(text)
        club = await self._find(call, club_name)
        if not name:
            waiting = await self._clubs.waiting(club, call.visitor, call.role)
            aloud = await self._clubs.aloud(waiting)
            return words.how_many_wait(len(waiting), club, call.speech, aloud)
        somebody = await self._clubs.approve(club, name, call.visitor, call.role, call.room)
        return [words.approved(somebody.name, club, call.speech)]

    async def _decline(self, call: Call, text: str) -> Sequence[str]:
        name, club_name = _needed(text, "decline", call.speech)
        club = await self._find(call, club_name)
        somebody = await self._clubs.decline(club, name, call.visitor, call.role)
        return [words.declined(somebody, club, call.speech)]

    async def _appoint(self, call: Call, text: str) -> Sequence[str]:
        said, club_name = _needed(text, "appoint", call.speech)
        name, word = read_appointment(said)
        standing = standing_of(word)
        if standing is None:
            raise Refusal("club-standing")
        club = await self._find(call, club_name)
        somebody = await self._clubs.appoint(club, name, standing, call.visitor, call.role)
        return [words.appointed(somebody, standing, club, call.speech)]

    # books

    async def _propose(self, call: Call, text: str) -> Sequence[str]:
        said, club_name = split(text)
        typed = read_book(said)
        club = await self._find(call, club_name)
        book = await self._club_books.propose(club, typed, call.visitor, call.role)
        return [words.proposed(book, call.speech)]

    async def _books(self, call: Call, name: str) -> Sequence[str]:
        club = await self._find(call, name)
        return words.books(await self._club_books.listed(club), club, call.speech)

    async def _calendar(self, call: Call, text: str) -> Sequence[str]:
        """Give the club's address, unless the club chooses who may know when it meets."""
        name, renew = read_calendar(text)
        club = await self._find(call, name)
        told: list[str] = []
        if renew:
            await self._feeds.renew_club(club, call.visitor, call.role)
            told.append(feed_words.renewed(call.speech))
        address = await self._feeds.of_club(club)
        return [*told, given(address, call.speech, public=club.access == "public")]

    async def _withdraw(self, call: Call, text: str) -> Sequence[str]:
        title, club_name = _needed(text, "withdraw", call.speech)
        club = await self._find(call, club_name)
        book = await self._club_books.withdraw(club, title, call.visitor, call.role)
        return [words.moved(book, call.speech)]

    async def _choose(self, call: Call, text: str) -> Sequence[str]:
        title, club_name = _needed(text, "choose", call.speech)
        club = await self._find(call, club_name)
        book = await self._club_books.choose(club, title, call.visitor, call.role)
        return await self._unless_told(call, club, [words.moved(book, call.speech)])

    async def _advance(self, call: Call, text: str) -> Sequence[str]:
        title, club_name = split(text, prose=False)
        club = await self._find(call, club_name)
        book = await self._club_books.advance(club, title, call.visitor, call.role)
        return [words.moved(book, call.speech)]

    async def _back(self, call: Call, text: str) -> Sequence[str]:
        title, club_name = split(text, prose=False)
        club = await self._find(call, club_name)
        book = await self._club_books.back(club, title, call.visitor, call.role)
        return [words.moved(book, call.speech)]

    # votes

    async def _vote(self, call: Call, text: str) -> Sequence[str]:
        verb, rest = read(text, CLUB_VOTE)
        if verb is None and rest.partition("@")[0].strip():
            raise Refusal("usage", usage="!vote 1 3")
        said, club_name = split(rest, prose=False)
        club = await self._find(call, club_name)
        match verb:
            case "open":
                wish, zone = read_wish(said), call.room.zone
                await self._votes.open(club, wish, call.visitor, call.role, zone)
                return [vote_words.opened(call.speech)]
            case "close":
                closed = await self._votes.close(club, call.visitor, call.role)
                return await self._unless_told(call, club, _result(closed, call.speech))
            case "decide":
                closed = await self._votes.decide(club, said, call.visitor, call.role)
                return await self._unless_told(call, club, _result(closed, call.speech))
            case _:
                return await self._status(call, club)

    # favourites

    async def _favourites(self, call: Call, text: str) -> Sequence[str]:
        verb, rest = read(text, CLUB_FAVOURITES)
        said, club_name = split(rest, prose=verb == "write")
        club = await self._find(call, club_name)
        match verb:
            case "write":
                loved, _, signature = said.rpartition(";")
                if not loved.strip():
                    raise Refusal("usage", usage=favourite_words.how_to_write(call.speech))
                number = await self._opinions.write(club, loved, signature, call.visitor)
                return [favourite_words.written(number, call.speech)]
            case "withdraw":
                number = await self._opinions.take_back(said, call.visitor)
                return [favourite_words.taken_back(number, call.speech)]
            case "review":
                waiting = await self._opinions.waiting(club, call.role)
                return [favourite_words.how_many_wait(len(waiting), call.speech)]
            case "accept" | "decline":
                accepted = verb == "accept"
                number = await self._opinions.decide(club, said, call.role, accepted=accepted)
                return [favourite_words.decided(number, call.speech, accepted=accepted)]
            case "export":
                return [favourite_words.export_elsewhere(call.speech)]
            case _:
                unread = await self._opinions.unread(club, call.role)
                shown = await self._opinions.published(club)
                return favourite_words.published(shown, unread, call.speech)

    async def _unless_told(self, call: Call, club: Club, said: Sequence[str]) -> Sequence[str]:
        """Answer, unless this chat is one of those that are told anyway."""
        return [] if call.room.id in await self._clubs.rooms(club) else said

    async def _status(self, call: Call, club: Club) -> Sequence[str]:
        latest = await self._votes.latest(club)
        if isinstance(latest, Closed):
            return _result(latest, call.speech)
        return vote_words.progress(latest, call.room.zone, call.speech)


class ClubOnTwitch:
    """Tells a room's chat what happens in its clubs."""

    platform: Platform = "twitch"

    def __init__(self, side: TwitchSide, people: People, clock: Clock) -> None:
        self._side = side
        self._people = people
        self._clock = clock

    def tell(self, room: Room, news: News) -> None:
        """Queue one line, or a few for a long list."""
        if room.twitch_channel_id is None:
            return
        for line in _lines(news, room, Speech(room.locale), self._clock.wall()):
            self._side.say(room, line)

    def notify(self, room: Room, notice: Notice, to: Sequence[Account]) -> None:
        """Queue a line for each; only a welcome is said aloud."""
        speech = Speech(room.locale)
        for one in to:
            name = self._people.name(one.person_id)
            self._side.say(room, words.approved(name, notice.club, speech))


def _lines(news: News, room: Room, speech: Speech, now: int) -> Sequence[str]:
    match news:
        case Opened(poll):
            opening = vote_words.announced(poll, room.zone, speech)
            options = vote_words.short_options(poll, speech)
            return [
                *pack(opening, MOST_CHARACTERS, SEPARATOR),
                *pack(options, MOST_CHARACTERS, SEPARATOR),
            ]
        case Closed():
            verdict, *rest = _result(news, speech)
            return [*pack([verdict], MOST_CHARACTERS), *pack(rest, MOST_CHARACTERS, SEPARATOR)]
        case Chosen():
            return [words.chosen(news, speech)]
        case SectionDue():
            return pack(plan_words.due_on_twitch(news, speech), MOST_CHARACTERS, SEPARATOR)
        case Planned() | Soon() | Begun() | Over() | CalledOff() | Moved() | Changed():
            return [meeting_line(news, room, speech, now)]
        case Written():
            return minutes_lines(news, speech)
        case Asked() | Kept():
            return question_lines(news, speech)


def _result(closed: Closed, speech: Speech) -> Sequence[str]:
    return [
        vote_words.verdict(closed, speech),
        vote_words.turnout(closed, speech),
        *vote_words.level(closed, speech),
        *vote_words.counts(closed, speech, MOST_CHARACTERS),
    ]


def _told(said: str, call: Call, *, newcomer: bool) -> Sequence[str]:
    return [said, room_words.notice("", call.speech)] if newcomer else [said]


def _needed(text: str, verb: str, speech: Speech) -> tuple[str, str]:
    """Return what was typed and the club's name; raises `Refusal` (`usage`) when nothing was."""
    said, club_name = split(text)
    if not said:
        raise Refusal("usage", usage=words.how_to(verb, speech))
    return said, club_name
