"""What the bot says about any game, and what a game's own wording must have (`GameWords`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.pictures import Drawing, Podium, Step
from bot.wording.quiz import Naming, podium, points
from bot.wording.speech import PLATFORMS, Speech
from games.core import Scene, Standing
from games.table import Dealt, Extended, Finished, Joined, Opened, RoundOver

LIST_SEPARATOR = ", "


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text to keep, as a file with a name, and the sentence that goes with it."""

    name: str
    text: str
    caption: str


class GameWords(Protocol):
    """The wording of one game: a module `bot/wording/<game>.py` with these functions.

    Whatever comes from people goes through `speech.quote`; names come from `naming`. Parts are whole sentences or short
    phrases: Discord puts them on lines, Twitch joins as many as fit. What most matters comes first.
    """

    def name(self, speech: Speech) -> str:
        """Return what the game is called."""

    def rules(self, speech: Speech) -> Sequence[str]:
        """Say how to play, in two sentences, to somebody who has never seen the game."""

    def how(self, scene: Scene, speech: Speech) -> str:
        """Say what to type now."""

    def table(self, scene: Scene, speech: Speech, naming: Naming) -> Sequence[str]:
        """Say what is on the table beside the board: what was played last, whose turn it is, what is left."""

    def spoken(self, scene: Scene, speech: Speech) -> str:
        """Say the board on one line: for Twitch, and for whoever does not see the picture."""

    def said(self, event: Any, speech: Speech, naming: Naming) -> Sequence[str]:
        """Say what happened, where that deserves a message of its own: what the table shows does not."""

    def told(self, event: Any, speech: Speech) -> str:
        """Say what happened to the one who pressed or wrote, and to nobody else; nothing where it was not theirs."""

    def card(self, event: Any, speech: Speech) -> Drawing | None:
        """Return the picture that goes with `told`, for the same eyes, if there is one; `told` is its alt text."""

    def over(self, outcome: Any, speech: Speech, naming: Naming) -> Sequence[str]:
        """Say how a round ended; `outcome` is of the game's own kind."""

    def choices(self, scene: Scene, speech: Speech) -> Sequence[str]:
        """Return the labels of the scene's choices, at most 25."""

    def fields(self, scene: Scene, speech: Speech) -> Sequence[str]:
        """Return the labels of the form's fields, at most five of 45 characters; nothing where there is no form."""

    def wish(self, wish: str, speech: Speech) -> str:
        """Return the label of the button for a wish of the game's own."""

    def drawing(self, scene: Scene, speech: Speech) -> Drawing | None:
        """Return the board as a picture, if it is one worth looking at."""


def opened(event: Opened, words: GameWords, speech: Speech, elsewhere: str | None) -> list[str]:
    """Announce a game and say how it is played; `elsewhere` is the other platform of the room, if it has one."""
    return [_what_opens(event, speech, elsewhere), *words.rules(speech), *_seats(event, speech)]


def _what_opens(event: Opened, speech: Speech, elsewhere: str | None) -> str:
    title = speech.quoted(event.title)
    if event.starts_in is None:
        if elsewhere is None:
            return speech.gettext("Let’s play! {title}.", title=title)
        return speech.gettext(
            "Let’s play! {title}, here and on {elsewhere}.",
            title=title,
            elsewhere=PLATFORMS[elsewhere],
        )
    delay = speech.seconds(event.starts_in)
    if elsewhere is None:
        return speech.gettext("Let’s play! {title}, in {delay}.", title=title, delay=delay)
    return speech.gettext(
        "Let’s play! {title}, in {delay}, here and on {elsewhere}.",
        title=title,
        delay=delay,
        elsewhere=PLATFORMS[elsewhere],
    )


def _seats(event: Opened, speech: Speech) -> list[str]:
    if not event.seats:
        return []
    return [
        speech.ngettext(
            "It takes {count} person. To play: !game join",
            "It takes {count} people. To play: !game join",
            event.seats,
        )
    ]


def starts(speech: Speech) -> str:
    """Return what stands before the countdown to a game."""
    return speech.gettext("Starts")


def ends(speech: Speech) -> str:
    """Return what stands before the countdown of a round or a turn."""
    return speech.gettext("Ends")


def heading(scene: Scene, speech: Speech) -> str:
    """Return the title of what is on the table, with its round where there are several."""
    title = speech.quote(scene.title)
    if scene.steps < 2 or not scene.step:
        return title
    return speech.gettext(
        "{title}, round {number} of {total}", title=title, number=scene.step, total=scene.steps
    )


def dealt(event: Dealt, scene: Scene, speech: Speech, until: str | None = None) -> list[str]:
    """Say that a round begins, and how long it takes, or how long `until` something else."""
    if event.seconds is None:
        return [heading(scene, speech)]
    time = speech.seconds(event.seconds)
    if until is not None:
        time = speech.gettext("{until} in {time}", until=until, time=time)
    return [heading(scene, speech), time]


def joined(event: Joined, speech: Speech, naming: Naming) -> str:
    """Say that somebody plays, and how many are still awaited."""
    name = speech.somebody(naming(event.by.id))
    if not event.missing:
        return speech.gettext("{name} plays.", name=name)
    return speech.ngettext(
        "{name} plays. {count} more person is needed: !game join",
        "{name} plays. {count} more people are needed: !game join",
        event.missing,
        name=name,
    )


def seated(scene: Scene, speech: Speech, naming: Naming) -> list[str]:
    """Say who plays, in a game for a few."""
    if not scene.seated:
        return []
    names = speech.people([naming(player.id) for player in scene.seated], shown=8)
    return [speech.gettext("At the table: {names}", names=names)]


def left(name: str, speech: Speech) -> str:
    """Say that somebody no longer plays."""
    return speech.gettext("{name} has left the table.", name=speech.somebody(name))


def you_joined(speech: Speech) -> str:
    """Confirm to somebody that they play."""
    return speech.gettext("You play!")


def you_left(speech: Speech) -> str:
    """Confirm to somebody that they no longer play."""
    return speech.gettext("You have left the table.")


def extended(event: Extended, speech: Speech) -> str:
    """Say that there is more time."""
    return speech.gettext("More time: {time} left.", time=speech.seconds(event.remaining))


def finished(event: Finished, speech: Speech, naming: Naming) -> list[str]:
    """End a game with thanks, then who was at the top."""
    if not event.players:
        return [_nobody_played(event, speech)]
    if event.idle:
        idle = speech.gettext(
            "Nobody has played for a while, so the game ends here. Thank you, and see you soon!"
        )
        return [idle, *podium(event.standings, speech, naming)]
    people = speech.ngettext("{count} person played", "{count} people played", event.players)
    thanks = (
        speech.gettext("The game stops here: {people}. Thank you!", people=people)
        if event.stopped
        else speech.gettext("The game is over: {people}. Thank you!", people=people)
    )
    return [thanks, *podium(event.standings, speech, naming)]


def _nobody_played(event: Finished, speech: Speech) -> str:
    if event.stopped:
        return speech.gettext("The game stops here.")
    return speech.gettext("The game is over. Nobody played this time; see you soon!")


def podium_drawing(standings: Sequence[Standing], speech: Speech, naming: Naming) -> Podium | None:
    """Return the first three ranks as a picture, where there is more than one."""
    steps = []
    for rank in (1, 2, 3):
        level = [standing for standing in standings if standing.rank == rank]
        if level:
            names = speech.people([naming(standing.player.id) for standing in level])
            steps.append(Step(rank, names, points(level[0].points, speech)))
    return Podium(tuple(steps)) if len(steps) > 1 else None


def title(name: str, speech: Speech) -> str:
    """Return the heading of a game."""
    return speech.gettext("Game: {title}", title=speech.quote(name))


def people(scene: Scene, speech: Speech) -> str:
    """Say how many play."""
    return speech.ngettext("{count} person plays", "{count} people play", scene.players)


def press_too(speech: Speech) -> str:
    """Say that there are buttons for what can be typed."""
    return speech.gettext("Or press a button.")


def write_too(speech: Speech) -> str:
    """Say that one may answer without being read."""
    return speech.gettext("Or answer privately.")


def answer_privately(speech: Speech) -> str:
    """Name the button that opens a form."""
    return speech.gettext("Answer privately")


def paused_by_host(speech: Speech) -> str:
    """Confirm to a host that the clock stands."""
    return speech.gettext("Paused. To go on: !game resume")


def choose(speech: Speech) -> str:
    """Say what to do with a list of choices."""
    return speech.gettext("Choose")


def wish_label(wish: str, words: GameWords, speech: Speech) -> str:
    """Return the label of the button for a wish."""
    match wish:
        case "join":
            return speech.gettext("I play")
        case "leave":
            return speech.gettext("I leave the table")
        case _:
            return words.wish(wish, speech)


def now(scene: Scene, words: GameWords, speech: Speech, seconds: float | None = None) -> list[str]:
    """Say what is on, how much time there is (`seconds`), and what one can do."""
    if scene.phase != "playing":
        return [heading(scene, speech), *words.rules(speech)]
    parts = [
        heading(scene, speech),
        *time_left(seconds, speech),
        words.spoken(scene, speech),
        words.how(scene, speech),
    ]
    return [part for part in parts if part]


def time_left(seconds: float | None, speech: Speech) -> list[str]:
    """Say how much time there is, where something ends."""
    if seconds is None:
        return []
    return [speech.gettext("{time} left", time=speech.seconds(seconds))]


def goes_on(event: RoundOver, speech: Speech) -> list[str]:
    """Say that another round follows, and when; nothing after the last."""
    if event.next_in is None:
        return []
    number, time = event.number + 1, speech.seconds(event.next_in)
    return [speech.gettext("Round {number} in {time}.", number=number, time=time)]


def next_round(scene: Scene, speech: Speech) -> str:
    """Return what stands before the countdown to the next round."""
    return speech.gettext("Round {number}", number=scene.step + 1)


def something_else(scene: Scene, speech: Speech) -> str:
    """Say that what is on is no game of these."""
    return speech.gettext("On right now: {title}.", title=speech.quoted(scene.title))


def how_to_start(speech: Speech) -> str:
    """Say how a host starts a game."""
    return speech.gettext(
        "A host starts a game with: !game start [game] [slow|normal|fast] [rounds]"
    )


def in_short(words: GameWords, speech: Speech) -> str:
    """Say in a line what a game is."""
    return speech.gettext(
        "{name} · {rules}", name=words.name(speech), rules=next(iter(words.rules(speech)))
    )


def how_to_learn(speech: Speech) -> str:
    """Say how one reads the rules of a game."""
    return speech.gettext("All the rules of a game: !game rules [game]")


def which_games(speech: Speech) -> str:
    """Say how one sees the games there are."""
    return speech.gettext("The games there are: !game list")


def listed(names: Sequence[str], speech: Speech) -> str:
    """Name the games there are."""
    return speech.gettext("Games: {names}", names=LIST_SEPARATOR.join(names))


def described(words: GameWords, speech: Speech) -> str:
    """Describe a game in a line or two."""
    return speech.gettext(
        "{name} · {rules}", name=words.name(speech), rules=" ".join(words.rules(speech))
    )
