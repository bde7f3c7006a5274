"""What the bot says about reading pauses: plain sentences that Discord decorates and Twitch composes to fit.

A time of day comes in as `until`, already written as the platform shows it, or None when no end is known.
"""

from collections.abc import Sequence

from bot.readings import OwnReading, Season, Together
from bot.session import Back, HallEvent, Paused, Resumed, Suspended
from bot.storage.readings import OwnSum, Sum
from bot.wording.quiz import Naming
from bot.wording.speech import N_, PLATFORMS, Speech
from bot.wording.turns import reading
from games.core import Player, Scene
from games.headcount import LEAST_SHOWN
from games.pause import Aside, Began, Doubted, Ended, Finished, Opened, Overran, Rested
from games.readers import Format, Totals
from games.reading_log import Amount, Unit
from games.turns import Reading as Text

FEW = 5
"""Attendances under which a sum outside a pause does not say how many they were."""

SETTLE_IN = {
    "silent": N_("Settle in, open your book."),
    "aloud": N_("Settle in and listen: somebody reads aloud."),
    "free": N_("Settle in and read as you like; chatting is welcome."),
}
FORMAT_NAMES: dict[Format, str] = {
    "paper": N_("on paper"),
    "ebook": N_("on a screen"),
    "audio": N_("by ear"),
}


# --- The course of a pause


def untitled(speech: Speech) -> str:
    """Return what a pause without a title is called."""
    return speech.gettext("Reading pause")


def heading(scene: Scene, speech: Speech) -> str:
    """Return the title of a board."""
    title = speech.quote(scene.title)
    if scene.steps == 1 or not scene.step:
        return title
    return speech.gettext(
        "{title}, part {step} of {steps}", title=title, step=scene.step, steps=scene.steps
    )


def opened(event: Opened, until: str | None, speech: Speech, elsewhere: str | None) -> list[str]:
    """Announce a pause; `elsewhere` is the other platform if the room has one."""
    here = speech.gettext("To say you’re here: !read")
    return [
        *beginnings(event, speech),
        _how_long(event, speech),
        *([_here_and(elsewhere, speech)] if elsewhere else []),
        settle_in(event.kind, speech),
        *on_air(event.text, speech),
        *([speech.gettext("I’ll be back at {time}.", time=until)] if until else []),
        f"{how_to_read_aloud(speech)} · {here}" if event.kind == "aloud" else here,
    ]


def beginnings(came: Opened | Aside, speech: Speech) -> list[str]:
    """Say how a planned pause comes about: late, with whom, or with nobody of the hosts."""
    lines = []
    if came.late:
        late = speech.seconds(came.late)
        lines.append(speech.gettext("I was away, so we begin {late} late.", late=late))
    if came.alone:
        lines.append(speech.gettext("The hosts are not here: we read all the same."))
    elif came.host:
        lines.append(speech.gettext("With {name}.", name=speech.quote(came.host)))
    return lines


def on_air(text: Text, speech: Speech) -> list[str]:
    """Say what is read aloud; nothing when nobody has said."""
    said = reading(text, speech)
    return [speech.gettext("Read aloud: {text}.", text=said)] if said else []


def how_to_read_aloud(speech: Speech) -> str:
    """Say how one takes a turn."""
    return speech.gettext("To read in turn: !turn")


def overran(event: Overran, speech: Speech, naming: Naming) -> str:
    """Say that the time is up while somebody reads."""
    return speech.gettext(
        "The time is up, and nobody is hurried: {name} reads to the end, then we close.",
        name=speech.somebody(naming(event.by.id)),
    )


def thanks_to(voices: Sequence[Player], speech: Speech, naming: Naming) -> list[str]:
    """Thank who read aloud."""
    if not voices:
        return []
    names = speech.people([naming(by.id) for by in voices], shown=5)
    return [speech.gettext("Thank you for reading to us: {names}.", names=names)]


def _how_long(event: Opened, speech: Speech) -> str:
    length = minutes(round(event.seconds / 60), speech)
    values = {"title": speech.quote(event.title), "length": length}
    wait = speech.seconds(event.starts_in)
    if event.blocks > 1:
        rest = minutes(round(event.rest / 60), speech)
        return speech.gettext(
            "{title}: {blocks} times {length} with breaks of {rest}, starting in {wait}.",
            blocks=event.blocks,
            rest=rest,
            wait=wait,
            **values,
        )
    if event.starts_in < 1:
        return speech.gettext("{title}, {length}.", **values)
    return speech.gettext("{title}, {length}, starting in {wait}.", wait=wait, **values)


def _here_and(elsewhere: str, speech: Speech) -> str:
    return speech.gettext("We read here and on {platform}.", platform=PLATFORMS[elsewhere])


def settle_in(kind: str, speech: Speech) -> str:
    """Invite to a pause of a kind."""
    return speech.gettext(SETTLE_IN[kind])


def began(event: Began, until: str | None, speech: Speech) -> str:
    """Say that reading goes on after a break."""
    values = {"block": event.block, "blocks": event.blocks}
    if until is None:
        return speech.gettext("On we read: part {block} of {blocks}.", **values)
    return speech.gettext(
        "On we read: part {block} of {blocks}, until {time}.", time=until, **values
    )


def rested(event: Rested, until: str | None, speech: Speech) -> str:
    """Say that there is a break."""
    values = {"block": event.block, "blocks": event.blocks}
    if until is None:
        return speech.gettext("Part {block} of {blocks} is read. Time for a break.", **values)
    return speech.gettext(
        "Part {block} of {blocks} is read. Time for a break; we read on at {time}.",
        time=until,
        **values,
    )


def ended(event: Ended, until: str | None, speech: Speech, naming: Naming) -> list[str]:
    """Say that reading is over, and invite to log."""
    over = reading_over(speech)
    read = f"{over} {people(event.readers, speech)}" if event.readers else over
    return [read, *thanks_to(event.voices, speech, naming), how_to_log(until, speech)]


def reopened(until: str | None, speech: Speech) -> str:
    """Say that one may log again."""
    again = speech.gettext("The notes are open again.")
    return f"{again} {how_to_log(until, speech)}"


def reading_over(speech: Speech) -> str:
    """Say on the board of the reading that it is over."""
    return speech.gettext("The pause is over.")


def how_to_log(until: str | None, speech: Speech) -> str:
    """Invite to log."""
    if until is None:
        return speech.gettext("If you like, note your pages: !pages 12")
    return speech.gettext("If you like, note your pages until {time}: !pages 12", time=until)


def counted(totals: Totals, onsite: int, season: Season, speech: Speech) -> list[str]:
    """Tell what was read, and invite to share; `onsite` people without an account were counted."""
    return [
        together(totals, speech),
        also_there(onsite, speech),
        since(season, speech),
        speech.gettext("What did you read? Tell us, if you like."),
    ]


def also_there(onsite: int, speech: Speech) -> str:
    """Count in those who were there without an account; empty for so few that somebody might be singled out."""
    if onsite < LEAST_SHOWN:
        return ""
    return speech.ngettext(
        "{count} person was with us in the library.",
        "{count} people were with us in the library.",
        onsite,
    )


def finished(event: Finished, onsite: int, season: Season, speech: Speech) -> list[str]:
    """Tell how a pause ended, with thanks."""
    if not event.totals.readers:
        return [
            speech.gettext("The pause stops here. See you soon!")
            if event.stopped
            else speech.gettext("The pause is over. See you at the next one!"),
            also_there(onsite, speech),
        ]
    first = speech.gettext("The pause stops here.") if event.stopped else ""
    return [
        first,
        together(event.totals, speech),
        also_there(onsite, speech),
        since(season, speech),
        thanks(speech),
    ]


def thanks(speech: Speech) -> str:
    """Close a pause."""
    return speech.gettext("Thank you, and see you at the next one!")


def retimed(scene: Scene, until: str | None, speech: Speech) -> str:
    """Say that the present phase ends at another time."""
    if until is None:
        return speech.gettext("The time has changed.")
    match scene.phase:
        case "hello" | "break":
            return speech.gettext("The time has changed: we read from {time}.", time=until)
        case "reading":
            return speech.gettext("The time has changed: we read until {time}.", time=until)
        case "log":
            return speech.gettext("The time has changed: notes are open until {time}.", time=until)
        case _:
            return speech.gettext("The time has changed: we talk until {time}.", time=until)


def hall_event(event: HallEvent, until: str | None, speech: Speech) -> str:
    """Say what happened to a pause as a whole."""
    match event:
        case Paused():
            return speech.gettext("On hold: the clock stands still. You may read on, of course.")
        case Resumed(remaining):
            return _with_left(speech.gettext("On we go."), remaining, until, speech)
        case Back(away, remaining, paused):
            late = speech.gettext(
                "I’m back, {away} late. Nothing is lost.", away=speech.seconds(max(1, away))
            )
            on_hold = speech.gettext("The pause is still on hold.")
            if paused:
                return f"{late} {on_hold}"
            return _with_left(late, remaining, until, speech)
        case Suspended():
            return speech.gettext(
                "I cannot keep your notes at the moment, so the pause waits. A host can go on with: !pause resume"
            )


def _with_left(text: str, remaining: float | None, until: str | None, speech: Speech) -> str:
    if remaining is None:
        return text
    left = speech.seconds(max(1, remaining))
    said = (
        speech.gettext("{left} left.", left=left)
        if until is None
        else speech.gettext("{left} left, until {time}.", left=left, time=until)
    )
    return f"{text} {said}"


def now(scene: Scene, left: float | None, speech: Speech) -> str:
    """Say what is on and what one can do; `left` seconds remain of the phase."""
    title, time = speech.quote(scene.title), speech.seconds(left or 0)
    match scene.phase:
        case "hello":
            said = speech.gettext("{title}: reading begins in {time}.", title=title, time=time)
            return f"{said} {how_to_join(speech)}"
        case "reading":
            said = speech.gettext("{title}: {time} of reading left.", title=title, time=time)
            return f"{said} {how_to_join(speech)}"
        case "break":
            said = speech.gettext("{title}: a break, we read on in {time}.", title=title, time=time)
            return f"{said} {how_to_join(speech)}"
        case "log":
            said = speech.gettext("{title}: notes are open for {time}.", title=title, time=time)
            how = speech.gettext("To note your pages: !pages 12")
            return f"{said} {how}"
        case _:
            return speech.gettext("{title}: we talk about what we read.", title=title)


def how_to_join(speech: Speech) -> str:
    """Say how one joins."""
    return speech.gettext("To join: !read")


def how_to_start(speech: Speech) -> str:
    """Say how a host starts a pause."""
    return speech.gettext("A host starts a reading pause with: !pause start")


def how_to_start_with(speech: Speech) -> str:
    """Say how a host starts a pause of their choice."""
    return speech.gettext(
        "!pause start [minutes|quarter|long|marathon] [silent|aloud|free] [slow|emotes] [title]"
    )


# --- Sums


def people(count: int, speech: Speech) -> str:
    """Return "23 people read together."."""
    return speech.ngettext("{count} person read.", "{count} people read together.", count)


def together(totals: Totals, speech: Speech) -> str:
    """Return "23 people read together: 412 pages and 25 minutes."."""
    read = amounts(totals, speech)
    if not read:
        return people(totals.readers, speech)
    return speech.gettext(
        "{people}: {amounts}.", people=people(totals.readers, speech).rstrip("."), amounts=read
    )


def since(season: Season, speech: Speech) -> str:
    """Return "12,583 pages together since September.", or the time spent when nobody noted; empty without either."""
    read = amounts(season.totals, speech) or time_spent(season.totals.present, speech)
    if not read:
        return ""
    month = speech.month(season.began)
    return speech.gettext("{amounts} together since {month}.", amounts=read, month=month)


def amounts(totals: Totals | OwnSum, speech: Speech) -> str:
    """Return what was logged, unit by unit; empty when nothing was."""
    parts: list[tuple[int, Unit]] = [
        (totals.pages, "pages"),
        (totals.minutes, "minutes"),
        (totals.chapters, "chapters"),
    ]
    said = [amount(Amount(unit, count), speech) for count, unit in parts if count]
    if totals.percents:
        said.append(
            speech.ngettext(
                "{count} reading told in per cent",
                "{count} readings told in per cent",
                totals.percents,
            )
        )
    return speech.listed(said)


def amount(read: Amount, speech: Speech) -> str:
    """Return "12 pages", "1 chapter", "45 %"."""
    count = read.amount
    match read.unit:
        case "pages":
            return speech.ngettext("{count} page", "{count} pages", count)
        case "minutes":
            return minutes(count, speech)
        case "chapters":
            return speech.ngettext("{count} chapter", "{count} chapters", count)
        case "percent":
            return speech.gettext("{count} %", count=speech.number(count))


def minutes(count: int, speech: Speech) -> str:
    """Return "1 minute", "15 minutes"."""
    return speech.ngettext("{count} minute", "{count} minutes", count)


def time_spent(seconds: float, speech: Speech) -> str:
    """Return hours and minutes of reading; empty for less than a minute."""
    time = speech.seconds(60 * round(seconds / 60))
    return speech.gettext("{time} of reading", time=time) if seconds >= 60 else ""


def sums(all_: Together, speech: Speech) -> list[str]:
    """Tell what was read together: here, in the network, and in all."""
    month = speech.month(all_.began)
    return [
        speech.gettext("Here since {month}: {sum}.", month=month, sum=_sum(all_.room, speech)),
        speech.gettext(
            "In all rooms since {month}: {sum}.", month=month, sum=_sum(all_.network, speech)
        ),
        speech.gettext("From the beginning: {sum}.", sum=_sum(all_.ever, speech)),
    ]


def _sum(one: Sum, speech: Speech) -> str:
    """Return pauses, attendances and amounts; few attendances are not told, lest somebody be singled out."""
    if not one.pauses:
        return speech.gettext("no pause yet")
    pauses = speech.ngettext("{count} pause", "{count} pauses", one.pauses)
    if one.totals.readers < FEW:
        came = speech.gettext("fewer than {few} attendances", few=FEW)
        return speech.listed([pauses, came])
    came = speech.ngettext("{count} attendance", "{count} attendances", one.totals.readers)
    read, time = amounts(one.totals, speech), time_spent(one.totals.present, speech)
    return speech.listed([part for part in (pauses, came, read, time) if part])


# --- One person


def own(record: OwnReading, speech: Speech) -> list[str]:
    """Tell somebody what they read, privately."""
    month = speech.month(record.began)
    if record.traceless:
        return [speech.gettext("You take part without trace: counted, not recorded.")]
    if not record.ever.pauses:
        first = speech.gettext("No reading pause yet. To join the next one: !read")
        return [first, *_goal(record, speech)]
    return [
        speech.gettext("Since {month}: {sum}.", month=month, sum=_own_sum(record.season, speech)),
        *_ever(record, speech),
        *_streak(record, speech),
        *_best(record, speech),
        *_goal(record, speech),
    ]


def _own_sum(one: OwnSum, speech: Speech) -> str:
    pauses = speech.ngettext("{count} pause", "{count} pauses", one.pauses)
    read, time = amounts(one, speech), time_spent(one.present, speech)
    return speech.listed([part for part in (pauses, read, time) if part])


def _ever(record: OwnReading, speech: Speech) -> list[str]:
    if record.ever == record.season:
        return []
    return [speech.gettext("From the beginning: {sum}.", sum=_own_sum(record.ever, speech))]


def _streak(record: OwnReading, speech: Speech) -> list[str]:
    lines = []
    if record.streak > 1:
        lines.append(
            speech.ngettext("{count} week in a row.", "{count} weeks in a row.", record.streak)
        )
    if record.best_streak > max(1, record.streak):
        lines.append(
            speech.ngettext(
                "Longest row: {count} week.", "Longest row: {count} weeks.", record.best_streak
            )
        )
    return lines


def _best(record: OwnReading, speech: Speech) -> list[str]:
    best: list[tuple[int, Unit]] = [
        (record.best_pages, "pages"),
        (record.best_minutes, "minutes"),
    ]
    said = [amount(Amount(unit, count), speech) for count, unit in best if count]
    if not said or record.ever.pauses < 2:
        return []
    return [speech.gettext("Most in one pause: {amounts}.", amounts=speech.listed(said))]


def _goal(record: OwnReading, speech: Speech) -> list[str]:
    goal = record.goal
    if goal is None:
        return []
    values = {
        "goal": amount(goal, speech),
        "done": amount(Amount(goal.unit, record.towards), speech),
    }
    if record.towards >= goal.amount:
        return [speech.gettext("Goal reached: {done} of {goal}. Well done!", **values)]
    return [speech.gettext("Goal: {done} of {goal}.", **values)]


def goal_set(goal: Amount | None, speech: Speech) -> str:
    """Confirm a goal."""
    if goal is None:
        return speech.gettext("Done: no goal any more.")
    return speech.gettext(
        "Done: {goal} this season. To see where you stand: !pause me", goal=amount(goal, speech)
    )


def joined(speech: Speech) -> str:
    """Welcome a reader, privately."""
    return speech.gettext("You are reading with us. Enjoy!")


def changed(title: str, speech: Speech) -> str:
    """Confirm a book, privately."""
    if not title:
        return speech.gettext("Noted. Enjoy your book!")
    return speech.gettext("Noted: {title}. Enjoy!", title=speech.quoted(title))


def returned(speech: Speech) -> str:
    """Welcome a reader back, privately."""
    return speech.gettext("Welcome back: your time counts again.")


def breathed(speech: Speech) -> str:
    """Confirm a break of one's own, privately."""
    return speech.gettext("Take your time. To read on: !read")


def left(speech: Speech) -> str:
    """Confirm that somebody leaves, privately."""
    return speech.gettext("See you soon! You were there, and that counts.")


def logged(read: Amount, total: int, speech: Speech, *, amended: bool) -> str:
    """Confirm a log, privately; `total` is what it makes together with other books."""
    values = {"amount": amount(read, speech)}
    said = (
        speech.gettext("Noted instead: {amount}.", **values)
        if amended
        else speech.gettext("Noted: {amount}.", **values)
    )
    if total == read.amount or read.unit == "percent":
        return said
    whole = amount(Amount(read.unit, total), speech)
    together_ = speech.gettext("With your other books: {total}.", total=whole)
    return f"{said} {together_}"


def doubted(event: Doubted, speech: Speech) -> str:
    """Ask whether somebody really read so much."""
    return speech.gettext(
        "{amount} in {minutes}? If that is right, say it again.",
        amount=amount(Amount(event.unit, event.amount), speech),
        minutes=speech.seconds(event.minutes * 60),
    )


def corrected(name: str, read: Amount, speech: Speech) -> str:
    """Confirm a correction to a host."""
    return speech.gettext(
        "Done: {name}, {amount}.", name=speech.somebody(name), amount=amount(read, speech)
    )


def arrived(names: str, speech: Speech) -> str:
    """Welcome people who joined within a few seconds."""
    return speech.gettext("Reading with us: {names}.", names=names)


def noted(names: str, speech: Speech) -> str:
    """Thank people who logged within a few seconds."""
    return speech.gettext("Noted, thank you: {names}.", names=names)


def too_late(names: str, speech: Speech) -> str:
    """Tell people who logged within a few seconds that the notes are closed."""
    return speech.gettext("{names}: the notes are closed; a host can open them again.", names=names)


def starting(speech: Speech) -> str:
    """Confirm to a host that the pause starts."""
    return speech.gettext("Here we go. Enjoy your reading!")


def done(speech: Speech) -> str:
    """Confirm to a host."""
    return speech.gettext("Done.")


# --- The board and its forms


def reading_now(count: int, speech: Speech) -> str:
    """Return how many read along."""
    return speech.ngettext("{count} person reads", "{count} people read", count)


def noted_so_far(count: int, speech: Speech) -> str:
    """Return how many have logged."""
    return speech.ngettext("{count} note", "{count} notes", count)


def board_ends(phase: str, speech: Speech) -> str:
    """Return what stands before the time at which a phase ends."""
    match phase:
        case "hello" | "break":
            return speech.gettext("Reading begins")
        case "reading":
            return speech.gettext("Reading ends")
        case "log":
            return speech.gettext("Notes close")
        case _:
            return speech.gettext("The pause closes")


def how_here(speech: Speech) -> str:
    """Say what one can press or type while reading."""
    return speech.gettext(
        "Press a button, or type !read and, later, !pages 12. Logging is optional."
    )


def how_to_log_here(speech: Speech) -> str:
    """Say what one can press or type in the log window."""
    return speech.gettext(
        "Press the button, or type !pages 12, !page 120, !min 25 or !chap 2. It is optional; whoever was here counts."
    )


def button_read(speech: Speech) -> str:
    """Label: I read along."""
    return speech.gettext("I’m reading")


def button_breathe(speech: Speech) -> str:
    """Label: a break of one's own, or the end of it."""
    return speech.gettext("Take a break / read on")


def button_log(speech: Speech) -> str:
    """Label: tell how much one read."""
    return speech.gettext("Note my reading…")


def button_turn(speech: Speech) -> str:
    """Label: I will read aloud when it is my turn."""
    return speech.gettext("I’ll read aloud")


def button_turn_done(speech: Speech) -> str:
    """Label: I have finished reading aloud."""
    return speech.gettext("I’ve finished")


def button_text(speech: Speech) -> str:
    """Label: tell what one will read aloud."""
    return speech.gettext("What I’ll read…")


def field_text(speech: Speech) -> str:
    """Label: what one will read aloud."""
    return speech.gettext("Title ; author ; passage")


def text_example(speech: Speech) -> str:
    """Give an example of what is read aloud."""
    return speech.gettext("Germinal ; Émile Zola ; chapter 1")


def turn_ends(speech: Speech) -> str:
    """Return what stands before the time at which somebody's turn ends."""
    return speech.gettext("Turn until about")


def button_book(speech: Speech) -> str:
    """Label: tell what one reads."""
    return speech.gettext("My book…")


def book_form_title(speech: Speech) -> str:
    """Head the form about one's book."""
    return speech.gettext("My book")


def field_title(speech: Speech) -> str:
    """Label: the title."""
    return speech.gettext("Title (only you and I know)")


def field_format(speech: Speech) -> str:
    """Label: what one reads from."""
    return speech.gettext("How you read")


def format_name(format_: Format, speech: Speech) -> str:
    """Return a way of reading."""
    return speech.gettext(FORMAT_NAMES[format_])


def field_start(speech: Speech) -> str:
    """Label: the page at which one begins."""
    return speech.gettext("Page where you begin")


def field_amount(speech: Speech) -> str:
    """Label: how much one read."""
    return speech.gettext("How much did you read?")


def amount_examples(speech: Speech) -> str:
    """Give examples of what can be noted."""
    return speech.gettext("12 pages, p. 45-67, page 120, 25 min, 2 chapters, 45 %")


# --- Export


def export_heading(speech: Speech) -> Sequence[str]:
    """Return the columns of an export."""
    return [
        speech.gettext("when (UTC)"),
        speech.gettext("room"),
        speech.gettext("pause"),
        speech.gettext("pages"),
        speech.gettext("minutes"),
        speech.gettext("chapters"),
        speech.gettext("per cent"),
        speech.gettext("minutes present"),
    ]
