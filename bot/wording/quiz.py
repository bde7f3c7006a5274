"""What the bot says about a quiz."""

from collections.abc import Callable, Iterable, Sequence

from bot.wording.speech import PLATFORMS, Speech
from games.core import Player, Scene, Standing
from games.deck import Deck
from games.quiz import LETTERS, Asked, Closed, Extended, Finished, Hinted, Kind, Opened, Undone
from games.scoring import Preset

Naming = Callable[[int], str]
"""From a person's number to their name."""


def opened(event: Opened, speech: Speech, elsewhere: str | None) -> list[str]:
    """Announce a round; `elsewhere` is the other platform of the room, if it has one."""
    questions = speech.ngettext("{count} question", "{count} questions", event.total)
    values = {
        "title": speech.quoted(event.title),
        "questions": questions,
        "delay": speech.seconds(event.starts_in),
    }
    if elsewhere is None:
        first = speech.gettext("Let’s play! {title}, {questions}, in {delay}.", **values)
    else:
        first = speech.gettext(
            "Let’s play! {title}, {questions}, in {delay}, here and on {elsewhere}.",
            elsewhere=PLATFORMS[elsewhere],
            **values,
        )
    return [
        first,
        *how_it_scores(event.preset, speech),
        speech.gettext("To answer: type the letter or the word."),
    ]


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
        case "text":
            return speech.gettext("type your answer")
        case "number":
            return speech.gettext("type a number, the nearest wins")


def asked(event: Asked, speech: Speech) -> list[str]:
    """Ask a question, as parts of one line."""
    return [
        heading(event.number, event.total, speech),
        speech.quote(event.prompt),
        *choices(event.choices, speech),
        speech.seconds(event.seconds),
        how_to_answer(event.kind, speech),
    ]


def answer_of(event: Closed, speech: Speech) -> str:
    """Return the right answer, with its letter when it had one."""
    answer = speech.quote(event.answer)
    return answer if event.choice is None else f"{LETTERS[event.choice]}, {answer}"


def closed(event: Closed, speech: Speech, naming: Naming) -> list[str]:
    """Reveal an answer: what it was and who had it, then why."""
    return [verdict(event, speech, naming), speech.quote(event.explanation)]


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
    return "number" if scene.kind == "number" else "choice" if scene.choices else "text"


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
        *podium(event.standings, speech, naming),
        *sides(event, speech),
        *hardest(event, speech),
    ]


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


def noted(letter: str, speech: Speech) -> str:
    """Confirm a choice to the one who made it."""
    return speech.gettext("Answer noted: {letter}.", letter=letter)


def score(standings: Sequence[Standing], speech: Speech, naming: Naming) -> list[str]:
    """Say how the round stands."""
    if not standings:
        return [speech.gettext("No points yet.")]
    return podium(standings, speech, naming)


def quiz_title(title: str, speech: Speech) -> str:
    """Return the heading of a round."""
    return speech.gettext("Quiz: {title}", title=speech.quote(title))


def ends(speech: Speech) -> str:
    """Return what stands before a countdown."""
    return speech.gettext("Ends")


def how_to_answer_here(kind: Kind, speech: Speech) -> str:
    """Say how to answer where there are buttons."""
    match kind:
        case "choice":
            return speech.gettext("Press a button or type the letter. The first answer counts.")
        case "text":
            return speech.gettext("Type your answer here. You may try as often as you like.")
        case "number":
            return speech.gettext("Type a number here. The first one counts, and the nearest wins.")


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
