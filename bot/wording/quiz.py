"""What the bot says about a quiz."""

from collections.abc import Callable, Iterable, Sequence
from typing import get_args

from bot.wording.speech import PLATFORMS, Speech
from games.core import Player, Scene, Standing, TeamStanding
from games.deck import Deck
from games.question import LETTERS, Kind
from games.quiz_events import (
    Accepted,
    Answered,
    Asked,
    Closed,
    Extended,
    Finished,
    Hinted,
    Joined,
    Opened,
    Undone,
)
from games.scoring import Preset

Naming = Callable[[int], str]
"""From a person's number to their name."""


def opened(event: Opened, speech: Speech, elsewhere: str | None) -> list[str]:
    """Announce a round; `elsewhere` is the other platform of the room, if it has one."""
    return [
        _what_opens(event, speech, elsewhere),
        *when_it_starts(event, speech),
        *how_it_scores(event.preset, speech),
        *teams_announced(event, speech),
        speech.gettext("To answer: type the letter or the word."),
    ]


def _what_opens(event: Opened, speech: Speech, elsewhere: str | None) -> str:
    values = {
        "title": speech.quoted(event.title),
        "questions": speech.ngettext("{count} question", "{count} questions", event.total),
    }
    if event.starts_in is None:
        if elsewhere is None:
            return speech.gettext("Let’s play! {title}, {questions}.", **values)
        return speech.gettext(
            "Let’s play! {title}, {questions}, here and on {elsewhere}.",
            elsewhere=PLATFORMS[elsewhere],
            **values,
        )
    values["delay"] = speech.seconds(event.starts_in)
    if elsewhere is None:
        return speech.gettext("Let’s play! {title}, {questions}, in {delay}.", **values)
    return speech.gettext(
        "Let’s play! {title}, {questions}, in {delay}, here and on {elsewhere}.",
        elsewhere=PLATFORMS[elsewhere],
        **values,
    )


def when_it_starts(event: Opened, speech: Speech) -> list[str]:
    """Say that a host leads the round, where no clock does."""
    if event.starts_in is not None:
        return []
    return [speech.gettext("The host says when each question comes.")]


def teams_announced(event: Opened, speech: Speech) -> list[str]:
    """Say which teams there are, and how to join one."""
    if event.mode is None:
        return []
    if event.mode == "platforms":
        return [speech.gettext("Discord plays against Twitch.")]
    names = speech.listed([speech.quote(name) for name in event.teams])
    if event.mode == "houses":
        return [
            speech.gettext(
                "House against house: {names} (to join yours: !team and its name).", names=names
            )
        ]
    numbered = ", ".join(
        f"{number} {speech.quote(name)}" for number, name in enumerate(event.teams, 1)
    )
    return [speech.gettext("Teams: {names} (to choose yours: !team 1).", names=numbered)]


def how_it_scores(preset: Preset, speech: Speech) -> list[str]:
    """Say how points are shared, where it is not simply a point for everybody who is right."""
    match preset:
        case "calm":
            return []
        case "race":
            return [speech.gettext("The quickest right answer takes the point.")]
        case "speed":
            return [speech.gettext("The quicker the answer, the more it is worth.")]
        case "survivor":
            return [speech.gettext("A wrong answer or none, and you watch until the end.")]


def extended(event: Extended, speech: Speech) -> str:
    """Say that a question stays open longer."""
    return speech.gettext("More time: {time} left.", time=speech.seconds(event.remaining))


def heading(number: int, total: int, speech: Speech) -> str:
    """Say which question this is."""
    return speech.gettext("Question {number} of {total}", number=number, total=total)


def choices(texts: Sequence[str], speech: Speech) -> list[str]:
    """Return choices with their letters."""
    return [f"{LETTERS[index]}) {speech.quote(text)}" for index, text in enumerate(texts)]


def how_to_answer(kind: Kind, speech: Speech) -> str:
    """Say what to type."""
    match kind:
        case "choice":
            return speech.gettext("type the letter")
        case "truth":
            return speech.gettext("type true or false")
        case "several":
            return speech.gettext("type all the right letters, like A C")
        case "order":
            return speech.gettext("type the letters in the right order, like B A C")
        case "text":
            return speech.gettext("type your answer")
        case "number":
            return speech.gettext("type a number, the nearest wins")


def asked(event: Asked, speech: Speech) -> list[str]:
    """Ask a question, as parts of one line."""
    return [
        heading(event.number, event.total, speech),
        speech.quote(event.prompt),
        *picture(event.alt, speech),
        *choices(event.choices, speech),
        speech.seconds(event.seconds),
        how_to_answer(event.kind, speech),
    ]


def picture(alt: str, speech: Speech) -> list[str]:
    """Say what a picture shows, for whoever does not see it."""
    return [speech.gettext("Picture: {alt}", alt=speech.quote(alt))] if alt else []


def letters(taken: Sequence[int], speech: Speech) -> str:
    """Return "B", "A and C"."""
    return speech.listed([LETTERS[index] for index in taken])


def answer_of(event: Closed, speech: Speech) -> str:
    """Return the right answer, with its letter when it had one."""
    answer = speech.quote(event.answer)
    if not event.right:
        return answer
    return f"{', '.join(LETTERS[index] for index in event.right)}, {answer}"


def closed(event: Closed, speech: Speech, naming: Naming) -> list[str]:
    """Reveal an answer: what it was and who had it, then why, and where to read on."""
    return [
        verdict(event, speech, naming),
        speech.quote(event.explanation),
        *at_the_library(event.work, speech),
    ]


def at_the_library(work: str, speech: Speech) -> list[str]:
    """Name a work that the library may hold."""
    return [speech.gettext("At the library: {work}", work=speech.quote(work))] if work else []


def accepted(event: Accepted, speech: Speech, naming: Naming) -> str:
    """Say that one more answer is right, and who had given it."""
    text = speech.quoted(event.text)
    if event.closed is None:
        return speech.gettext("{text} is right as well.", text=text)
    return speech.gettext(
        "{text} is right as well. {verdict}",
        text=text,
        verdict=verdict(event.closed, speech, naming),
    )


def verdict(event: Closed, speech: Speech, naming: Naming) -> str:
    """Say what was right and who had it, and how many are left where some are out."""
    said = _who_had_it(event, speech, naming)
    if event.left is None:
        return said
    left = speech.ngettext(
        "{count} person is still in.", "{count} people are still in.", event.left
    )
    return f"{said} {left}"


def kind_of(scene: Scene) -> Kind:
    """Return how the question on the table is answered."""
    known: tuple[Kind, ...] = get_args(Kind)
    return next((kind for kind in known if kind == scene.kind), "text")


def _who_had_it(event: Closed, speech: Speech, naming: Naming) -> str:
    answer = answer_of(event, speech)
    if not event.solvers:
        return speech.gettext("Nobody this time: it was {answer}.", answer=answer)
    if event.gap is not None:
        return speech.gettext(
            "It was {answer}. Nearest, {gap} off: {people}.",
            answer=answer,
            gap=speech.decimal(event.gap),
            people=speech.people([naming(solver.by.id) for solver in event.solvers], shown=3),
        )
    first, *others = event.solvers
    values = {
        "answer": answer,
        "first": with_platform(first.by, speech, naming),
        "time": speech.seconds(max(1, first.after)),
    }
    if not others:
        return speech.gettext("It’s {answer}! {first} got it in {time}.", **values)
    rest = speech.people([naming(solver.by.id) for solver in others], shown=1)
    return speech.gettext(
        "It’s {answer}! {first} got it in {time}, then {others}.", others=rest, **values
    )


def with_platform(player: Player, speech: Speech, naming: Naming) -> str:
    """Return a name and where they play."""
    name = speech.somebody(naming(player.id))
    return f"{name} ({PLATFORMS[player.platform]})"


def finished(event: Finished, speech: Speech, naming: Naming) -> list[str]:
    """End a round with thanks, then who was at the top."""
    if event.players == 0:
        thanks = (
            speech.gettext("The game stops here.")
            if event.stopped
            else speech.gettext("The game is over. Nobody played this time; see you soon!")
        )
        return [thanks]
    if event.idle:
        idle = speech.gettext(
            "Nobody has answered for a while, so the game ends here. Thank you, and see you soon!"
        )
        return [idle, *podium(event.standings, speech, naming)]
    people = speech.ngettext("{count} person played", "{count} people played", event.players)
    questions = speech.ngettext("{count} question", "{count} questions", event.asked)
    text = (
        speech.gettext(
            "The game stops here: {questions}, {people}. Thank you!",
            questions=questions,
            people=people,
        )
        if event.stopped
        else speech.gettext(
            "The game is over: {questions}, {people}. Thank you!",
            questions=questions,
            people=people,
        )
    )
    return [
        text,
        *teams(event.teams, speech),
        *podium(event.standings, speech, naming),
        *sides(event, speech),
        *hardest(event, speech),
    ]


def teams(standings: Sequence[TeamStanding], speech: Speech) -> list[str]:
    """Say how the teams stand: their members' mean, so that a small team is a match for a big one."""
    if not standings:
        return []
    rows = [
        speech.gettext(
            "{rank}. {team}: {points} ({people})",
            rank=row.rank,
            team=speech.quote(row.name),
            points=speech.decimal(row.points),
            people=speech.ngettext("{count} person", "{count} people", row.members),
        )
        for row in standings
    ]
    return [speech.gettext("Teams, points each on average: {rows}", rows=", ".join(rows))]


def sides(event: Finished, speech: Speech) -> list[str]:
    """Say how each platform did, when both played."""
    if len(event.sides) < 2:
        return []
    parts = [
        speech.ngettext(
            "{platform}: {count} right answer",
            "{platform}: {count} right answers",
            side.right,
            platform=PLATFORMS[side.platform],
        )
        for side in event.sides
    ]
    return [", ".join(parts)]


def hardest(event: Finished, speech: Speech) -> list[str]:
    """Name the question that fewest got right."""
    if not event.hardest:
        return []
    return [
        speech.gettext("The hardest question: {question}", question=speech.quote(event.hardest))
    ]


def podium(standings: Sequence[Standing], speech: Speech, naming: Naming) -> list[str]:
    """Return the first three ranks, those who share one together."""
    lines: list[str] = []
    for rank in (1, 2, 3):
        level = [standing for standing in standings if standing.rank == rank]
        if level:
            names = speech.people([naming(standing.player.id) for standing in level], shown=3)
            lines.append(
                speech.gettext(
                    "{rank}. {names}: {points}",
                    rank=rank,
                    names=names,
                    points=points(level[0].points, speech),
                )
            )
    return lines


def points(count: int, speech: Speech) -> str:
    """Return "1 point", "8 points"."""
    return speech.ngettext("{count} point", "{count} points", count)


def answers(count: int, speech: Speech) -> str:
    """Return how many answered so far."""
    return speech.ngettext("{count} answer", "{count} answers", count)


def noted(event: Answered, speech: Speech) -> str:
    """Confirm an answer to the one who gave it, and say whether it may still be changed."""
    if event.value is not None:
        said = speech.gettext("Answer noted: {answer}.", answer=speech.decimal(event.value))
    else:
        given = ", ".join(LETTERS[index] for index in event.choices)
        said = speech.gettext("Answer noted: {answer}.", answer=given)
    return said + " " + speech.gettext("You may change it once.") if event.left else said


def solved(speech: Speech) -> str:
    """Tell somebody, and nobody else, that they have it."""
    return speech.gettext("That’s it!")


def joined(event: Joined, speech: Speech) -> str:
    """Confirm a team to the one who chose it."""
    return speech.gettext("You play for {team}.", team=speech.quote(event.name))


def reviewed(missed: Sequence[Closed], speech: Speech) -> list[str]:
    """List to somebody what is worth another look: what they did not find last time."""
    if not missed:
        return [speech.gettext("Nothing to look at again: you had them all. Well done!")]
    return [
        speech.gettext(
            "{question} It was {answer}.",
            question=speech.quote(one.prompt),
            answer=speech.quote(one.answer),
        )
        for one in missed
    ]


def review_head(count: int, speech: Speech) -> str:
    """Begin the list of what is worth another look."""
    return speech.ngettext(
        "From the last quiz, {count} question to look at again:",
        "From the last quiz, {count} questions to look at again:",
        count,
    )


def review_next(index: int, total: int, missed: Closed, speech: Speech) -> str:
    """Give one question to look at again, on a line of its own."""
    return speech.gettext(
        "To look at again, {index} of {total}: {question} It was {answer}.",
        index=index,
        total=total,
        question=speech.quote(missed.prompt),
        answer=speech.quote(missed.answer),
    )


def remembered(text: str, speech: Speech) -> str:
    """Confirm that an answer is right from now on, in this deck."""
    return speech.gettext("{text} is kept as right in this deck.", text=speech.quoted(text))


def score(scene: Scene, speech: Speech, naming: Naming) -> list[str]:
    """Say how the round stands."""
    if not scene.standings:
        return [speech.gettext("No points yet.")]
    return [*teams(scene.teams, speech), *podium(scene.standings, speech, naming)]


def quiz_title(title: str, speech: Speech) -> str:
    """Return the heading of a round."""
    return speech.gettext("Quiz: {title}", title=speech.quote(title))


def ends(speech: Speech) -> str:
    """Return what stands before a countdown."""
    return speech.gettext("Ends")


def how_to_answer_here(kind: Kind, speech: Speech) -> str:
    """Say how to answer where there are buttons."""
    match kind:
        case "choice" | "truth":
            return speech.gettext(
                "Press a button, and you may change once; or type the letter, and it counts at once."
            )
        case "several":
            return speech.gettext(
                "Several are right. Choose them in the list, or type their letters."
            )
        case "order":
            return speech.gettext(
                "Put them in order with the button, or type the letters in order."
            )
        case "text":
            return speech.gettext(
                "Type your answer here, as often as you like, or answer privately."
            )
        case "number":
            return speech.gettext(
                "Type a number here, and the first one counts; or answer privately. The nearest wins."
            )


def undone(event: Undone, speech: Speech) -> str:
    """Say that a question's points were taken back."""
    return speech.gettext("The points of question {number} are taken back.", number=event.number)


def hinted(event: Hinted, speech: Speech) -> str:
    """Give a hint, on a line of its own."""
    return speech.gettext(
        "Hint {index} of {total}: {hint}",
        index=event.index,
        total=event.total,
        hint=speech.quote(event.text),
    )


def hints(texts: Sequence[str], speech: Speech) -> list[str]:
    """List the hints given so far."""
    return [speech.gettext("Hint: {hint}", hint=speech.quote(text)) for text in texts]


def source(text: str, speech: Speech) -> str:
    """Return where an answer can be checked."""
    return speech.gettext("Source: {source}", source=speech.quote(text))


def starting(speech: Speech) -> str:
    """Confirm to a host that the round starts."""
    return speech.gettext("Here we go!")


def stopped_by_host(speech: Speech) -> str:
    """Confirm to a host that the game stopped."""
    return speech.gettext("Stopped.")


def on_we_go(speech: Speech) -> str:
    """Confirm to a host that things go on."""
    return speech.gettext("On we go.")


def paused_by_host(speech: Speech) -> str:
    """Confirm to a host that the clock stands."""
    return speech.gettext("Paused. To go on: !quiz resume")


def how_to_start(speech: Speech) -> str:
    """Say how a host starts a round."""
    return speech.gettext("A host starts a quiz with: !quiz start")


def now(scene: Scene, speech: Speech) -> str:
    """Say what is on and what one can do."""
    title = speech.quoted(scene.title)
    if scene.phase == "asking":
        return speech.gettext(
            "{title}, question {number} of {total}: {prompt} To answer: {how}.",
            title=title,
            number=scene.step,
            total=scene.steps,
            prompt=speech.quote(scene.prompt),
            how=how_to_answer(kind_of(scene), speech),
        )
    if scene.step:
        return speech.gettext("{title}: the next question is on its way.", title=title)
    return speech.gettext("{title} is about to start.", title=title)


def deck(item: Deck, speech: Speech) -> str:
    """Describe a deck in a line."""
    questions = speech.ngettext("{count} question", "{count} questions", len(item.questions))
    return speech.gettext(
        "{name}: {title} ({questions}, {locale})",
        name=item.name,
        title=speech.quote(item.title),
        questions=questions,
        locale=speech.language(item.locale),
    )


def decks(items: Iterable[Deck], speech: Speech) -> list[str]:
    """Describe the decks on one line of chat."""
    return [
        speech.gettext("Decks: {names}", names=", ".join(item.name for item in items)),
        how_to_start_with(speech),
    ]


def how_to_start_with(speech: Speech) -> str:
    """Say how a host starts a round with a deck of their choice."""
    return speech.gettext(
        "!quiz start [deck] [questions] [seconds] [calm|race|speed|survivor] [easy|medium|hard]"
    )


def starts(speech: Speech) -> str:
    """Return what stands before the countdown to a round."""
    return speech.gettext("Starts")


def waits_for_host(speech: Speech) -> str:
    """Say that the next question waits for the host."""
    return speech.gettext("The host says when we go on.")


def put_in_order(speech: Speech) -> str:
    """Name the button that begins an order."""
    return speech.gettext("Put in order")


def order_so_far(taken: Sequence[str], speech: Speech) -> str:
    """Show an order being built; `taken` are texts of choices."""
    if not taken:
        return speech.gettext("Press the first one.")
    return speech.gettext(
        "So far: {choices}. Press the next one.",
        choices=", ".join(speech.quote(text) for text in taken),
    )


def start_over(speech: Speech) -> str:
    """Name the button that begins an order again."""
    return speech.gettext("Start over")


def choose_all(speech: Speech) -> str:
    """Say what to do with a list of choices."""
    return speech.gettext("Choose all the right ones")


def answer_privately(speech: Speech) -> str:
    """Name the button that opens a form for the answer."""
    return speech.gettext("Answer privately")


def your_answer(speech: Speech) -> str:
    """Name the field of the form for the answer."""
    return speech.gettext("Your answer")


def join_team(name: str, speech: Speech) -> str:
    """Name the button that joins a team."""
    return speech.gettext("Play for {team}", team=name)
