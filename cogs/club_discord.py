"""Book clubs on Discord: `/club …`, and what a channel is told of its clubs.

What is typed after a verb is read as on Twitch: parts with semicolons between them, the club's name after an @.
"""

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.books import clean, read_book, read_isbn
from bot.club_books import Chosen, ClubBooks
from bot.club_cards import ClubCards
from bot.club_news import News
from bot.club_notices import Account, Notice
from bot.clubs import (
    Changes,
    Clubs,
    Reply,
    access_of,
    read_appointment,
    read_changes,
    split,
    standing_of,
)
from bot.discord_client import DiscordClient, quoted, visitor_of
from bot.discord_side import Board, DiscordSide, Whisper, Words
from bot.feeds import Feeds, read_calendar
from bot.meeting_news import Begun, CalledOff, Changed, Moved, Over, Planned, Soon
from bot.minutes import Written
from bot.opinions import Opinions
from bot.outbox import Post
from bot.questions import Asked, Kept
from bot.reading_plans import SectionDue
from bot.rooms import Rooms
from bot.storage.books import Details
from bot.storage.clubs import Club
from bot.storage.rooms import Room
from bot.vote_wishes import make_wish, read_wish
from bot.votes import Closed, Opened, Poll, Votes
from bot.wording import club as words
from bot.wording import feed as feed_words
from bot.wording import opinions as favourite_words
from bot.wording import room as room_words
from bot.wording import vote as vote_words
from bot.wording.speech import N_, Speech, clip, compose
from cogs.club_controls import answer_lists
from cogs.commands_discord import (
    FreeText,
    group,
    named,
    options,
    privately,
    reply,
    role_in,
    room_of,
    subgroup,
    typed_after,
    verb,
)
from cogs.feed_discord import attached, given
from cogs.meeting_boards import posts as meeting_posts
from cogs.minutes_discord import posts as minutes_posts
from cogs.plan_discord import section_post
from cogs.questions_discord import posts as question_posts
from cogs.verbs import CLUB, CLUB_FAVOURITES, CLUB_VOTE, COMMANDS, mistyped, read
from cogs.vote_controls import controls
from games.core import Platform, Refusal, Role
from games.matching import fold

LONGEST_REPLY, LONGEST_BOARD = 1900, 4000
COLOUR = 0x2F6F6D

Context = commands.Context[Any]
Interaction = discord.Interaction[Any]

WHICH_CLUB = N_("Which club, when several meet here")


def _choice(name: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=locale_str(name), value=value)


class ClubDiscord(commands.Cog, name="club"):
    """Clubs, who belongs to them, their books and their votes."""

    def __init__(
        self,
        client: DiscordClient,
        rooms: Rooms,
        clubs: Clubs,
        club_books: ClubBooks,
        votes: Votes,
        cards: ClubCards,
        feeds: Feeds,
        opinions: Opinions,
        *,
        zone: str,
    ) -> None:
        """`zone` is where days end outside a room."""
        self._client = client
        self._rooms = rooms
        self._clubs = clubs
        self._club_books = club_books
        self._votes = votes
        self._cards = cards
        self._feeds = feeds
        self._opinions = opinions
        self._zone = zone

    # clubs

    @group(
        "club",
        "club",
        N_("Book clubs: which meet here, their books and their votes"),
        named("list", "liste"),
        COMMANDS["club"],
    )
    async def club(self, ctx: Context) -> None:
        """Say which clubs meet here, and what one can do."""
        speech = self._speech(ctx)
        unread = ctx.view.read_rest()
        if unread.strip() and read(unread, CLUB)[0] != "list":
            raise mistyped("club", unread, speech.locale, words.how_to("", speech))
        cards = await self._cards.here(self._room(ctx), visitor_of(ctx.author))
        host = role_in(ctx) >= Role.HOST
        await self._reply(ctx, words.here(cards, speech, host=host))

    @verb(club, CLUB, "create", N_("Create a club that meets in this channel"), FreeText)
    @options(
        name=("nom", N_("What it is called")),
        description=("description", N_("What it is about, in a sentence")),
        access=("accès", N_("Who joins it")),
    )
    @app_commands.choices(
        access=[
            _choice(N_("public: anybody"), "public"),
            _choice(N_("approval: whom its hosts let in"), "approval"),
        ]
    )
    async def create(
        self, ctx: Context, description: str = "", access: str = "", *, name: str
    ) -> None:
        """Create a club."""
        changes = Changes(None, description, access_of(access))
        if ctx.interaction is None:
            name, changes = read_changes(typed_after(ctx))
        if not name:
            raise Refusal("usage", usage=words.how_to("create", self._speech(ctx)))
        room = await room_of(ctx, self._rooms)
        created = await self._clubs.create(
            room, visitor_of(ctx.author), replace(changes, name=name), role_in(ctx)
        )
        told = words.created(created.club, self._speech(ctx))
        await self._reply(ctx, [told, *self._notice(ctx, newcomer=created.newcomer)])

    @verb(club, CLUB, "edit", N_("Change a club’s name, description or access"), FreeText)
    @options(
        club=("club", WHICH_CLUB),
        name=("nom", N_("What it is called from now on")),
        description=("description", N_("What it is about, in a sentence")),
        access=("accès", N_("Who joins it")),
    )
    @app_commands.choices(
        access=[
            _choice(N_("public: anybody"), "public"),
            _choice(N_("approval: whom its hosts let in"), "approval"),
        ]
    )
    async def edit(
        self,
        ctx: Context,
        club: str = "",
        name: str | None = None,
        description: str | None = None,
        access: str = "",
    ) -> None:
        """Change what is said of a club."""
        changes = Changes(name, description, access_of(access))
        if ctx.interaction is None:
            club, changes = read_changes(typed_after(ctx))
        if not changes.some:
            raise Refusal("usage", usage=words.how_to("edit", self._speech(ctx)))
        found = await self._find(ctx, club)
        edited = await self._clubs.edit(found, visitor_of(ctx.author), changes, role_in(ctx))
        await self._reply(ctx, [words.edited(edited, self._speech(ctx))])

    @verb(club, CLUB, "end", N_("Let a club meet no more"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def end(self, ctx: Context, club: str = "") -> None:
        """End a club."""
        found = await self._find(ctx, club or typed_after(ctx))
        await self._clubs.end(found, visitor_of(ctx.author), role_in(ctx))
        await self._reply(ctx, [words.ended(found, self._speech(ctx))])

    @verb(club, CLUB, "attach", N_("Let a club meet in this channel too"), FreeText)
    @options(club=("club", N_("Which club")))
    async def attach(self, ctx: Context, *, club: str) -> None:
        """Make this channel one of a club's rooms."""
        found = await self._find(ctx, club or typed_after(ctx))
        await self._clubs.attach(found, await room_of(ctx, self._rooms), role_in(ctx))
        await self._reply(ctx, [words.attached(found, self._speech(ctx))])

    @verb(club, CLUB, "detach", N_("Let a club meet in this channel no more"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def detach(self, ctx: Context, club: str = "") -> None:
        """Take this channel from a club's rooms."""
        found = await self._find(ctx, club or typed_after(ctx))
        await self._clubs.detach(found, await room_of(ctx, self._rooms), role_in(ctx))
        await self._reply(ctx, [words.detached(found, self._speech(ctx))])

    # belonging

    @verb(club, CLUB, "join", N_("Belong to a club"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def join(self, ctx: Context, club: str = "") -> None:
        """Belong to a club, or ask its hosts."""
        found = await self._find(ctx, club or typed_after(ctx))
        joined = await self._clubs.join(found, visitor_of(ctx.author))
        told = words.joined(joined.club, joined.standing, self._speech(ctx))
        await self._reply(ctx, [told, *self._notice(ctx, newcomer=joined.newcomer)])

    @verb(club, CLUB, "leave", N_("Belong to a club no more"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def leave(self, ctx: Context, club: str = "") -> None:
        """Belong to a club no more."""
        found = await self._find(ctx, club or typed_after(ctx))
        await self._clubs.leave(found, visitor_of(ctx.author))
        await self._reply(ctx, [words.left(found, self._speech(ctx))])

    @verb(club, CLUB, "approve", N_("See who would like to join, or let somebody in"), FreeText)
    @options(person=("personne", N_("Who: a name or a number")), club=("club", WHICH_CLUB))
    async def approve(self, ctx: Context, person: str = "", club: str = "") -> None:
        """Let somebody belong to a club; without a name, say who waits."""
        if ctx.interaction is None:
            person, club = split(typed_after(ctx))
        found, visitor, role = await self._find(ctx, club), visitor_of(ctx.author), role_in(ctx)
        speech = self._speech(ctx)
        if person:
            somebody = await self._clubs.approve(found, person, visitor, role)
            await self._reply(ctx, [words.approved(somebody.name, found, speech)])
            return
        waiting = await self._clubs.waiting(found, visitor, role)
        if ctx.interaction is None:
            await self._reply(ctx, words.how_many_wait(len(waiting), found, speech))
            return
        lines = compose(words.waiting(waiting, found, speech), LONGEST_REPLY, "\n")
        plain = Speech(speech.locale)
        more = {"view": answer_lists(found.id, waiting, plain)} if waiting else {}
        await reply(ctx, lines, **more)

    async def answer(
        self, interaction: Interaction, club_id: int, people: Sequence[int], reply: Reply
    ) -> None:
        """Let people who asked belong to a club, or not.

        Raises:
            Refusal: `club-over`; as `Clubs.reply`.
        """
        club = await self._clubs.by_id(club_id)
        if club is None:
            raise Refusal("club-over")
        role = self._client.role_of(interaction.user, interaction.permissions)
        visitor, speech = visitor_of(interaction.user), self._client.speech(interaction.channel_id)
        done = await self._clubs.reply(club, people, reply, visitor, role)
        lines = [
            words.approved(one.name, club, speech)
            if reply == "welcome"
            else words.declined(one, club, speech)
            for one in done
        ]
        await self._client.tell(interaction, compose(lines, LONGEST_REPLY, "\n"))

    @verb(club, CLUB, "decline", N_("Do not let somebody in"), FreeText)
    @options(person=("personne", N_("Who: a name or a number")), club=("club", WHICH_CLUB))
    async def decline(self, ctx: Context, club: str = "", *, person: str) -> None:
        """Let somebody not belong to a club."""
        if ctx.interaction is None:
            person, club = self._typed(ctx, "decline")
        found = await self._find(ctx, club)
        somebody = await self._clubs.decline(found, person, visitor_of(ctx.author), role_in(ctx))
        await self._reply(ctx, [words.declined(somebody, found, self._speech(ctx))])

    @verb(club, CLUB, "appoint", N_("Make a member a host, or a member like the others"), FreeText)
    @options(
        person=("personne", N_("Who: a name or a number")),
        standing=("rôle", N_("What they are in the club from now on")),
        club=("club", WHICH_CLUB),
    )
    @app_commands.choices(
        standing=[
            _choice(N_("host: runs the club"), "host"),
            _choice(N_("co-host: helps to run it"), "cohost"),
            _choice(N_("member"), "member"),
        ]
    )
    async def appoint(
        self, ctx: Context, standing: str = "member", club: str = "", *, person: str
    ) -> None:
        """Say what a member is in the club."""
        if ctx.interaction is None:
            said, club = self._typed(ctx, "appoint")
            person, standing = read_appointment(said)
        meant = standing_of(standing)
        if meant is None:
            raise Refusal("club-standing")
        found = await self._find(ctx, club)
        visitor, role = visitor_of(ctx.author), role_in(ctx)
        somebody = await self._clubs.appoint(found, person, meant, visitor, role)
        await self._reply(ctx, [words.appointed(somebody, meant, found, self._speech(ctx))])

    # books

    @verb(
        club,
        CLUB,
        "propose",
        N_("Propose a book: a title always suffices, an ISBN does too"),
        FreeText,
        "Germinal ; Émile Zola",
    )
    @options(
        title=("titre", N_("The book’s title, or its ISBN")),
        author=("auteur", N_("Who wrote it")),
        pages=("pages", N_("How many pages it has")),
        club=("club", WHICH_CLUB),
    )
    async def propose(
        self,
        ctx: Context,
        author: str = "",
        pages: app_commands.Range[int, 1, 99_999] | None = None,
        club: str = "",
        *,
        title: str,
    ) -> None:
        """Propose a book."""
        if ctx.interaction is None:
            said, club = split(typed_after(ctx))
            typed = read_book(said)
        else:
            isbn = read_isbn(title) or ""
            typed = Details("" if isbn else clean(title), clean(author), isbn, pages=pages)
            if isbn:  # catalogues take their time
                await ctx.defer(ephemeral=True)
        found = await self._find(ctx, club)
        book = await self._club_books.propose(found, typed, visitor_of(ctx.author), role_in(ctx))
        await self._reply(ctx, [words.proposed(book, self._speech(ctx))])

    @verb(club, CLUB, "books", N_("The club’s books: proposed, being read, read"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def books(self, ctx: Context, club: str = "") -> None:
        """List a club's books."""
        found = await self._find(ctx, club or typed_after(ctx))
        shelf = await self._club_books.listed(found)
        await self._reply(ctx, words.books(shelf, found, self._speech(ctx)))

    @verb(club, CLUB, "withdraw", N_("Take a proposal back"), FreeText)
    @options(book=("livre", N_("Its title or its number")), club=("club", WHICH_CLUB))
    async def withdraw(self, ctx: Context, club: str = "", *, book: str) -> None:
        """Take a proposal back."""
        if ctx.interaction is None:
            book, club = self._typed(ctx, "withdraw")
        found = await self._find(ctx, club)
        moved = await self._club_books.withdraw(found, book, visitor_of(ctx.author), role_in(ctx))
        await self._reply(ctx, [words.moved(moved, self._speech(ctx))])

    @verb(club, CLUB, "choose", N_("Choose a proposal without a vote"), FreeText)
    @options(book=("livre", N_("Its title or its number")), club=("club", WHICH_CLUB))
    async def choose(self, ctx: Context, club: str = "", *, book: str) -> None:
        """Choose a proposal."""
        if ctx.interaction is None:
            book, club = self._typed(ctx, "choose")
        found = await self._find(ctx, club)
        moved = await self._club_books.choose(found, book, visitor_of(ctx.author), role_in(ctx))
        await self._unless_told(ctx, found, words.moved(moved, self._speech(ctx)))

    @verb(club, CLUB, "advance", N_("Take the book to its next step"), FreeText)
    @options(book=("livre", N_("Its title or its number")), club=("club", WHICH_CLUB))
    async def advance(self, ctx: Context, book: str = "", club: str = "") -> None:
        """Take a book to its next step."""
        if ctx.interaction is None:
            book, club = split(typed_after(ctx), prose=False)
        found = await self._find(ctx, club)
        moved = await self._club_books.advance(found, book, visitor_of(ctx.author), role_in(ctx))
        await self._reply(ctx, [words.moved(moved, self._speech(ctx))])

    @verb(club, CLUB, "back", N_("Take the book back to the step before"), FreeText)
    @options(book=("livre", N_("Its title or its number")), club=("club", WHICH_CLUB))
    async def back(self, ctx: Context, book: str = "", club: str = "") -> None:
        """Take a book back to the step before."""
        if ctx.interaction is None:
            book, club = split(typed_after(ctx), prose=False)
        found = await self._find(ctx, club)
        moved = await self._club_books.back(found, book, visitor_of(ctx.author), role_in(ctx))
        await self._reply(ctx, [words.moved(moved, self._speech(ctx))])

    @verb(club, CLUB, "calendar", N_("Have the club’s agenda in your own calendar"), FreeText)
    @options(club=("club", WHICH_CLUB), renew=("renouveler", N_("Hosts: give it another address")))
    async def calendar(self, ctx: Context, club: str = "", renew: bool = False) -> None:
        """Give the club's address and what comes as a file; of a club that chooses its members, to them alone."""
        if ctx.interaction is None:
            club, renew = read_calendar(typed_after(ctx))
        found, speech = await self._find(ctx, club), self._speech(ctx)
        visitor, role = visitor_of(ctx.author), role_in(ctx)
        if found.access != "public":
            await self._clubs.require_member(found, visitor, role)
        told: list[str] = []
        if renew:
            await self._feeds.renew_club(found, visitor, role)
            told.append(feed_words.renewed(speech))
        told += given(await self._feeds.of_club(found), speech)
        file = attached(await self._feeds.club_file(found))
        answer = privately if found.access != "public" else reply
        await answer(ctx, "\n".join(told), file=file)

    # votes

    @subgroup(club, CLUB, "vote", N_("The club’s votes"), named("status", "état"))
    @options(club=("club", WHICH_CLUB))
    async def vote(self, ctx: Context, club: str = "") -> None:
        """Say how the last vote stands, or ended."""
        word, rest = read(typed_after(ctx), CLUB_VOTE)
        said, named_club = split(rest, prose=False)
        if word is None and said:
            raise Refusal("usage", usage="!vote 1 3")
        latest = await self._votes.latest(await self._find(ctx, club or named_club))
        speech = self._speech(ctx)
        if isinstance(latest, Closed):
            await self._reply(ctx, _result(latest, speech))
        else:
            zone = self._zone_of(ctx)
            lines = [
                *vote_words.progress(latest, zone, speech),
                *vote_words.options(latest.poll, speech, LONGEST_REPLY // 2),
            ]
            await self._reply(ctx, lines)

    @verb(vote, CLUB_VOTE, "open", N_("Open a vote on what the club reads next"), FreeText)
    @options(
        method=("méthode", N_("How a ballot is filled in")),
        each=("voix", N_("Votes each, when that is the method")),
        end=("fin", N_("90 min, 2 days, or a date such as Tuesday 6:30 pm")),
        quorum=("quorum", N_("Ballots it takes: a number, or a share of the members such as 30%")),
        tie=("égalité", N_("Who wins when it is level")),
        books=("livres", N_("Numbers of the proposals to vote on; all when left empty")),
        club=("club", WHICH_CLUB),
    )
    @app_commands.choices(
        method=[
            _choice(N_("approval: all the books one would like"), "approval"),
            _choice(N_("ranking: books in order, rounds until one has half"), "ranked"),
            _choice(N_("one book each"), "single"),
        ],
        tie=[
            _choice(N_("the oldest proposal"), "oldest"),
            _choice(N_("the book with fewest pages"), "pages"),
            _choice(N_("a draw by a seed told beforehand"), "seed"),
            _choice(N_("the host chooses"), "host"),
        ],
    )
    async def open_vote(
        self,
        ctx: Context,
        method: str = "approval",
        each: int | None = None,
        end: str = "",
        quorum: str = "",
        tie: str = "oldest",
        books: str = "",
        club: str = "",
    ) -> None:
        """Open a vote."""
        if ctx.interaction is None:
            said, club = split(typed_after(ctx), prose=False)
            wish = read_wish(said)
        else:
            wish = make_wish(method, each, quorum, tie, end, books)
        found, zone = await self._find(ctx, club), self._zone_of(ctx)
        await self._votes.open(found, wish, visitor_of(ctx.author), role_in(ctx), zone)
        await self._reply(ctx, [vote_words.opened(self._speech(ctx))])

    @verb(vote, CLUB_VOTE, "close", N_("Close the vote and show how it was counted"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def close_vote(self, ctx: Context, club: str = "") -> None:
        """Close a vote."""
        found = await self._find(ctx, club or typed_after(ctx).strip().removeprefix("@"))
        closed = await self._votes.close(found, visitor_of(ctx.author), role_in(ctx))
        await self._unless_told(ctx, found, vote_words.verdict(closed, self._speech(ctx)))

    @verb(vote, CLUB_VOTE, "decide", N_("Choose among the books that ended level"), FreeText)
    @options(book=("livre", N_("Its title or its number in the vote")), club=("club", WHICH_CLUB))
    async def decide_vote(self, ctx: Context, club: str = "", *, book: str) -> None:
        """Choose among books that are level."""
        if ctx.interaction is None:
            book, club = self._typed(ctx, "decide")
        found = await self._find(ctx, club)
        closed = await self._votes.decide(found, book, visitor_of(ctx.author), role_in(ctx))
        await self._unless_told(ctx, found, vote_words.verdict(closed, self._speech(ctx)))

    # favourites

    @subgroup(
        club,
        CLUB,
        "favourites",
        N_("What readers of the club loved, in their own words"),
        named("list", "liste"),
    )
    @options(club=("club", WHICH_CLUB))
    async def favourites(self, ctx: Context, club: str = "") -> None:
        """Show the favourites that staff accepted."""
        _, rest = read(typed_after(ctx), CLUB_FAVOURITES)
        found = await self._find(ctx, club or rest.strip().removeprefix("@"))
        shown = await self._opinions.published(found)
        unread = await self._opinions.unread(found, role_in(ctx))
        await self._reply(ctx, favourite_words.published(shown, unread, self._speech(ctx)))

    @verb(
        favourites,
        CLUB_FAVOURITES,
        "write",
        N_("Write why you loved the book of the last meeting"),
        FreeText,
        "Un livre qui tient chaud ; Camille",
    )
    @options(
        text=("texte", N_("Why you loved it, in your own words")),
        signature=("signature", N_("How you wish to sign")),
        club=("club", WHICH_CLUB),
    )
    async def write(self, ctx: Context, signature: str = "", club: str = "", *, text: str) -> None:
        """Propose a favourite."""
        if ctx.interaction is None:
            said, club = self._typed(ctx, "favourite")
            text, _, signature = said.rpartition(";")
        if not text.strip():
            raise Refusal("usage", usage=favourite_words.how_to_write(self._speech(ctx)))
        found, visitor = await self._find(ctx, club), visitor_of(ctx.author)
        number = await self._opinions.write(found, text, signature or visitor.name, visitor)
        await self._reply(ctx, [favourite_words.written(number, self._speech(ctx))])

    @verb(favourites, CLUB_FAVOURITES, "withdraw", N_("Erase a favourite of yours"), FreeText)
    @options(number=("numéro", N_("Its number")))
    async def unwrite(self, ctx: Context, *, number: str) -> None:
        """Erase one's own favourite."""
        done = await self._opinions.take_back(number or typed_after(ctx), visitor_of(ctx.author))
        await self._reply(ctx, [favourite_words.taken_back(done, self._speech(ctx))])

    @verb(favourites, CLUB_FAVOURITES, "review", N_("Read the favourites that wait"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def reread(self, ctx: Context, club: str = "") -> None:
        """Show staff what waits, where nobody else reads it."""
        found = await self._find(ctx, club or typed_after(ctx).strip().removeprefix("@"))
        waiting = await self._opinions.waiting(found, role_in(ctx))
        if ctx.interaction is None:
            told = [favourite_words.how_many_wait(len(waiting), self._speech(ctx))]
        else:
            told = favourite_words.waiting(waiting, self._speech(ctx))
        await self._reply(ctx, told)

    @verb(favourites, CLUB_FAVOURITES, "accept", N_("Publish a favourite"), FreeText)
    @options(number=("numéro", N_("Its number")), club=("club", WHICH_CLUB))
    async def accept(self, ctx: Context, club: str = "", *, number: str) -> None:
        """Publish a favourite."""
        await self._decide(ctx, number, club, accepted=True)

    @verb(favourites, CLUB_FAVOURITES, "decline", N_("Do not publish a favourite"), FreeText)
    @options(number=("numéro", N_("Its number")), club=("club", WHICH_CLUB))
    async def refuse(self, ctx: Context, club: str = "", *, number: str) -> None:
        """Do not publish a favourite."""
        await self._decide(ctx, number, club, accepted=False)

    async def _decide(self, ctx: Context, number: str, club: str, *, accepted: bool) -> None:
        if ctx.interaction is None:
            number, club = split(typed_after(ctx), prose=False)
        found = await self._find(ctx, club)
        done = await self._opinions.decide(found, number, role_in(ctx), accepted=accepted)
        told = favourite_words.decided(done, self._speech(ctx), accepted=accepted)
        await self._reply(ctx, [told])

    @verb(
        favourites, CLUB_FAVOURITES, "export", N_("The favourites as a text for the library’s page")
    )
    @options(club=("club", WHICH_CLUB))
    async def export(self, ctx: Context, *, club: str = "") -> None:
        """Hand over the favourites as a text file."""
        found, speech = await self._find(ctx, club), self._speech(ctx)
        shown = await self._opinions.published(found)
        if not shown:
            unread = await self._opinions.unread(found, role_in(ctx))
            await self._reply(ctx, favourite_words.published(shown, unread, speech))
            return
        text = favourite_words.page(shown, Speech(speech.locale))
        file = discord.File(io.BytesIO(text.encode()), f"coups-de-coeur-{found.id}.txt")
        await reply(ctx, favourite_words.exported(speech), file=file)

    # what options complete themselves with

    async def clubs_for(
        self, interaction: Interaction, begun: str
    ) -> list[app_commands.Choice[str]]:
        """Offer clubs, the channel's own first."""
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        near = await self._clubs.nearest(begun, room)
        return [app_commands.Choice(name=club.name, value=club.name) for club in near[:25]]

    async def books_for(
        self, interaction: Interaction, begun: str
    ) -> list[app_commands.Choice[str]]:
        """Offer books of the club that is meant, those whose title holds what was typed."""
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        club = await self._meant(interaction, room)
        shelf = await self._club_books.listed(club) if club else []
        near = [book for book in shelf if fold(begun) in fold(book.title)]
        return [_offered(f"#{book.id} · {book.title}", f"#{book.id}") for book in near[-25:]]

    async def people_for(
        self, interaction: Interaction, begun: str
    ) -> list[app_commands.Choice[str]]:
        """Offer those who wait, or those who belong to a club, to whoever leads it."""
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        club = await self._meant(interaction, room)
        if club is None:
            return []
        visitor = visitor_of(interaction.user)
        role = self._client.role_of(interaction.user, interaction.permissions)
        if not await self._clubs.leads(club, visitor, role):
            return []
        belonging = interaction.command is not None and interaction.command.name == "appoint"
        listed = self._clubs.belonging if belonging else self._clubs.waiting
        near = [p for p in await listed(club, visitor, role) if fold(begun) in fold(p.name)]
        return [_offered(f"#{p.id} · {p.name}", f"#{p.id}") for p in near[:25]]

    for one in (edit, end, attach, detach, join, leave, approve, decline, appoint):
        one.autocomplete("club")(clubs_for)
    for one in (
        propose,
        books,
        withdraw,
        choose,
        advance,
        back,
        open_vote,
        close_vote,
        decide_vote,
        favourites,
        write,
        reread,
        accept,
        refuse,
        export,
    ):
        one.autocomplete("club")(clubs_for)
    for one in (withdraw, choose, advance, back):
        one.autocomplete("book")(books_for)
    for one in (approve, decline, appoint):
        one.autocomplete("person")(people_for)
    del one

    # helpers

    def _speech(self, ctx: Context) -> Speech:
        return self._client.speech(ctx.channel.id)

    def _room(self, ctx: Context) -> Room | None:
        return self._rooms.by_discord.get(str(ctx.channel.id))

    def _zone_of(self, ctx: Context) -> str:
        room = self._room(ctx)
        return room.zone if room else self._zone

    async def _unless_told(self, ctx: Context, club: Club, said: str) -> None:
        """Answer, unless it was typed in one of the channels that are told anyway."""
        room = self._room(ctx)
        told = room is not None and room.id in await self._clubs.rooms(club)
        if ctx.interaction is not None or not told:
            await self._reply(ctx, [said])

    async def _find(self, ctx: Context, name: str) -> Club:
        return await self._clubs.find(self._room(ctx), name, visitor_of(ctx.author))

    async def _meant(self, interaction: Interaction, room: Room | None) -> Club | None:
        """Return the club that somebody who types has named so far, or the room's only one."""
        try:
            return await self._clubs.find(
                room, str(interaction.namespace.club or ""), visitor_of(interaction.user)
            )
        except Refusal:
            return None

    def _typed(self, ctx: Context, verb: str) -> tuple[str, str]:
        """Return what was typed after a verb that needs something, and the club's name."""
        said, club = split(typed_after(ctx))
        if not said:
            raise Refusal("usage", usage=words.how_to(verb, self._speech(ctx)))
        return said, club

    def _notice(self, ctx: Context, *, newcomer: bool) -> Sequence[str]:
        return [f"-# {room_words.notice('', self._speech(ctx))}"] if newcomer else []

    async def _reply(self, ctx: Context, lines: Sequence[str]) -> None:
        await reply(ctx, compose(lines, LONGEST_REPLY, "\n"))


class ClubOnDiscord:
    """Tells a room's channel what happens in its clubs."""

    platform: Platform = "discord"

    def __init__(self, side: DiscordSide) -> None:
        self._side = side

    def tell(self, room: Room, news: News) -> None:
        """Queue a message, or bring the board of a vote up to date."""
        if room.discord_channel_id is None:
            return
        for post in _posts(news, room, Speech(room.locale, quoted)):
            self._side.post(room, post)

    def notify(self, room: Room, notice: Notice, to: Sequence[Account]) -> None:
        """Queue a direct message for each; whoever takes none finds out by asking again."""
        text = words.letter(notice, f"<#{room.discord_channel_id}>", Speech(room.locale, quoted))
        for one in to:
            nonce = f"due{notice.due_id}-{one.person_id}"
            self._side.whisper(Whisper(one.user_id, text, nonce, instead=_nothing))


def _nothing() -> None:
    """Say nothing where everybody reads."""


def _posts(news: News, room: Room, speech: Speech) -> Sequence[Post]:
    match news:
        case Opened(poll):
            buttons = controls(poll, Speech(room.locale))
            return [_board(poll, "vote", _opening(poll, room, speech), buttons)]
        case Closed(poll):
            board = _board(poll, "vote", _closing(news, speech))
            return [board, _board(poll, poll.vote.state, _counted(news, speech))]
        case Chosen():
            return [Post(Words(words.chosen(news, speech)))]
        case SectionDue():
            return [section_post(news, speech)]
        case Planned() | Soon() | Begun() | Over() | CalledOff() | Moved() | Changed():
            return meeting_posts(news, room)
        case Written():
            return minutes_posts(news, room, speech)
        case Asked() | Kept():
            return question_posts(news, room, speech)


def _board(
    poll: Poll, kind: str, embed: discord.Embed, buttons: tuple[discord.ui.Item[Any], ...] = ()
) -> Post:
    """Return a board: one and the same message, however often it is told."""
    name = f"{kind}-{poll.vote.id}"
    return Post(Board(None, name, embed, buttons), key=name)


def _opening(poll: Poll, room: Room, speech: Speech) -> discord.Embed:
    lines = [*vote_words.options(poll, speech, LONGEST_BOARD // 2), ""]
    countdown = f"<t:{poll.vote.ends_at // 1_000_000}:R>"
    lines += [vote_words.how_to_vote(poll.vote.rules, speech)]
    lines += vote_words.conditions(poll, room.zone, speech, countdown)
    lines.append(f"-# {vote_words.secrecy(speech)}")
    return _embed(vote_words.title(poll, speech), lines)


def _closing(closed: Closed, speech: Speech) -> discord.Embed:
    lines = [
        *vote_words.options(closed.poll, speech, LONGEST_BOARD // 2),
        "",
        vote_words.is_closed(speech),
    ]
    return _embed(vote_words.title(closed.poll, speech), lines)


def _counted(closed: Closed, speech: Speech) -> discord.Embed:
    return _embed(vote_words.title(closed.poll, speech), _result(closed, speech))


def _result(closed: Closed, speech: Speech) -> list[str]:
    return [
        vote_words.verdict(closed, speech),
        *vote_words.level(closed, speech),
        vote_words.turnout(closed, speech),
        *vote_words.counts(closed, speech, LONGEST_REPLY - 400),
    ]


def _embed(title: str, lines: Sequence[str]) -> discord.Embed:
    text = "\n".join(lines)
    if len(text) > LONGEST_BOARD:
        text = compose(lines, LONGEST_BOARD, "\n")
    return discord.Embed(colour=COLOUR, title=clip(title, 256), description=text)


def _offered(text: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=clip(text, 100), value=value)
