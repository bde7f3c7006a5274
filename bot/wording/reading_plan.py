"""What the bot says about reading plans. Titles that tell of the story are for those who have read so far.

What is said on Twitch names sections by number and by what they cover, never by title (`short`, `due`).
"""

from collections.abc import Sequence
from datetime import datetime

from bot.reading_plans import BookPlan, SectionDue
from bot.reading_progress import Noted, Sums
from bot.section_threads import Doors
from bot.storage.reading_plans import Kept
from bot.wording.dates import day, moment
from bot.wording.house import FEW
from bot.wording.sections import label, titled, up_to
from bot.wording.speech import Speech
from games.reading_plan import Progress, Section, upcoming
from games.reading_words import USUAL_TIMES


def heading(plan: BookPlan, speech: Speech) -> str:
    """Return what stands above a plan."""
    return speech.gettext("Reading plan: {title}", title=speech.quoted(plan.book.title))


def none_yet(plan: BookPlan, speech: Speech, *, host: bool) -> list[str]:
    """Say that a book has no plan, and to a host how one is made."""
    said = [
        speech.gettext("{title} has no reading plan yet.", title=speech.quoted(plan.book.title))
    ]
    if host:
        values = {"pace": how_to("generate", speech), "sections": how_to("add", speech)}
        said.append(speech.gettext("To make one: {pace}, or: {sections}", **values))
    return said


def listed(
    plan: BookPlan, reached: int | None, now: datetime, speech: Speech, *, host: bool
) -> list[str]:
    """Return a plan, a line for each section, as one person may see it; what they have read is marked in words."""
    return [_line(one.section, reached, now, speech, host=host) for one in plan.sections]


def where(plan: BookPlan, reached: int | None, speech: Speech) -> str:
    """Tell somebody where they are, as far as they have said."""
    if reached is None:
        return speech.gettext("You have not said where you are yet.")
    if reached == 0:
        return speech.gettext("You are in section 1.")
    if reached == len(plan.sections):
        return speech.gettext("You have read it all.")
    return speech.gettext("You have read {up_to}.", up_to=up_to(plan.rules[reached - 1], speech))


def short(plan: BookPlan, now: datetime, speech: Speech) -> list[str]:
    """Return where a club is and what comes next, in a line, with nothing that tells of the story."""
    parts = [heading(plan, speech)]
    past = [s for s in plan.rules if s.due is not None and s.due.date() < now.date()]
    if past:
        parts.append(speech.gettext("So far: {up_to}.", up_to=up_to(past[-1], speech)))
    following = upcoming(plan.rules, now.date())
    if following is not None and following.due is not None:
        values = {"section": label(following, speech), "when": date(following.due, speech, now)}
        parts.append(speech.gettext("Next step, {when}: {section}.", **values))
    if not past and following is None:
        parts.append("; ".join(label(section, speech) for section in plan.rules))
    return [*parts, how_to_say(plan, speech)]


def how_to_say(plan: BookPlan, speech: Speech) -> str:
    """Say how one tells how far one has read."""
    sections = plan.rules
    examples = [speech.gettext("!reached 1")]
    if any(section.pages for section in sections):
        examples.append(speech.gettext("!reached p. 120"))
    if any(section.chapters for section in sections):
        examples.append(speech.gettext("!reached ch. 12"))
    if len(examples) > 1:
        examples.append(speech.gettext("!reached 45 %"))
    return speech.gettext("To say where you are: {examples}", examples=", ".join(examples))


def due(news: SectionDue, speech: Speech) -> str:
    """Tell a room that today is the day of a section."""
    return speech.gettext(
        "{club}, today: we have read {title} {up_to}.",
        club=speech.quote(news.plan.club.name),
        title=speech.quoted(news.plan.book.title),
        up_to=up_to(news.kept.section, speech),
    )


def due_on_twitch(news: SectionDue, speech: Speech) -> list[str]:
    """Tell a chat the same, and how one says where one is."""
    number = news.kept.section.number
    return [
        due(news, speech),
        speech.gettext("If you are there too: !reached {number}", number=number),
    ]


def due_on_discord(speech: Speech) -> str:
    """Say what the button under it does."""
    return speech.gettext(
        "Are you there too? Say so with the button: only you see the answer, and nothing is late."
    )


# progress


def read_button(speech: Speech) -> str:
    """Return what one presses to say that one has read up to the end of a section."""
    return speech.gettext("I have read up to here")


def choose(speech: Speech) -> str:
    """Return what stands in the list of sections."""
    return speech.gettext("How far have you read?")


def not_begun(speech: Speech) -> str:
    """Return the choice of somebody who has finished no section."""
    return speech.gettext("I am in section 1")


def choice(section: Section, speech: Speech) -> str:
    """Return the choice of somebody who has finished a section."""
    text = up_to(section, speech)
    return text[:1].upper() + text[1:]


def next_button(section: Section, speech: Speech) -> str:
    """Return what one presses to say that one has finished the section that one was in."""
    return speech.gettext("I have read {up_to}", up_to=up_to(section, speech))


def noted(done: Noted, speech: Speech) -> str:
    """Tell somebody, for their eyes alone, what was understood."""
    if done.reached == 0:
        first = speech.gettext("Noted: you are in section 1. Enjoy it!")
    elif done.reached == len(done.plan.sections):
        first = speech.gettext("Noted: you have read it all. Well done!")
    else:
        section = done.plan.rules[done.reached - 1]
        first = speech.gettext("Noted: you have read {up_to}.", up_to=up_to(section, speech))
    if done.before is not None and done.before > done.reached:
        stays = speech.gettext("What was open to you stays open.")
        return f"{first} {stays}"
    return first


def doors(found: Doors, speech: Speech) -> list[str]:
    """Name the threads that somebody may enter, the latest first; these are links on Discord."""
    links = [f"<#{thread_id}>" for _, thread_id in reversed(found.open)]
    said: list[str] = []
    if links:
        said.append(speech.gettext("Open to you: {threads}", threads=" ".join(links[:10])))
    if found.late:
        said.append(speech.gettext("The threads are going to open to you in a moment."))
    return said


def forgotten(speech: Speech) -> str:
    """Confirm that somebody's progress is kept no more."""
    return speech.gettext("Done: I no longer know where you are in this book.")


def thanks(names: Sequence[str], speech: Speech) -> str:
    """Thank people in public, without saying how far they are."""
    return speech.gettext("Thank you, noted: {people}.", people=speech.people(names))


def untraced(speech: Speech) -> str:
    """Tell somebody without trace how long what they said lasts."""
    return speech.gettext(
        "You take part without trace: I remember this only until I am next restarted."
    )


# what hosts do


def how_to_thread(speech: Speech) -> str:
    """Say how sections get threads of their own."""
    return speech.gettext(
        "A thread for each section, open to those who have read it: /plan threads"
    )


def changed(plan: BookPlan, now: datetime, speech: Speech) -> str:
    """Confirm a plan as it is now."""
    count = len(plan.sections)
    dated = [section.due for section in plan.rules if section.due is not None]
    said = speech.ngettext(
        "Done: {count} section in the plan.", "Done: {count} sections in the plan.", count
    )
    if not dated:
        return said
    if len(dated) == 1:
        last = speech.gettext("It is read by {when}.", when=date(dated[0], speech, now))
    else:
        last = speech.gettext(
            "From {first} to {last}.",
            first=date(dated[0], speech, now),
            last=date(dated[-1], speech, now),
        )
    return f"{said} {last}"


def removed(kept: Kept, speech: Speech) -> str:
    """Confirm that a section is in the plan no more."""
    said = speech.gettext(
        "Done: {section} is no longer in the plan; those after it move up.",
        section=label(kept.section, speech),
    )
    return said if kept.thread_id is None else f"{said} {_left_behind(speech)}"


def cleared(plan: BookPlan, speech: Speech) -> str:
    """Confirm that a book has no plan any more."""
    said = speech.gettext(
        "Done: {title} has no reading plan any more.", title=speech.quoted(plan.book.title)
    )
    with_threads = any(kept.thread_id for kept in plan.sections)
    return f"{said} {_left_behind(speech)}" if with_threads else said


def threads_here(speech: Speech, *, public: bool) -> str:
    """Confirm where a plan's threads are, and say who sees them."""
    if public:
        return speech.gettext(
            "Done: each section gets a post in this forum when its first reader comes. Everybody can read the posts of"
            " a forum: their names and first lines warn, and that is all a forum can do."
        )
    return speech.gettext(
        "Done: each section gets a private thread here when its first reader comes. Readers see it once they have said"
        " that they have read so far; the server’s moderators see all of them."
    )


def threads_gone(speech: Speech) -> str:
    """Confirm that no threads are made for a plan any more."""
    return speech.gettext(
        "Done: I open no more threads for this plan. Those there are stay on Discord."
    )


def sums(found: Sums, speech: Speech) -> list[str]:
    """Tell a host how many have finished each section, so roughly that nobody can be singled out."""
    parts = [
        speech.gettext(
            "{section}: {readers}", section=label(kept.section, speech), readers=_few(count, speech)
        )
        for kept, count in found.finished
    ]
    return [
        speech.gettext("Have said where they are: {readers}", readers=_few(found.readers, speech)),
        *parts,
    ]


def how_to(verb: str, speech: Speech) -> str:
    """Return an example of what is typed after a verb of the plan."""
    match verb:
        case "generate":
            return speech.gettext("!plan generate 80 pages every week from Tuesday")
        case "edit":
            return speech.gettext("!plan edit 2: ch. 6-12 Tuesday")
        case "remove":
            return speech.gettext("!plan remove 2")
        case "shift":
            return speech.gettext("!plan shift by a week")
        case _:
            return speech.gettext("!plan add ch. 1-5 Tuesday ; ch. 6-10 15/12")


def for_hosts(speech: Speech) -> str:
    """Say what hosts do with a plan."""
    return speech.gettext(
        "Hosts: {edit} · {shift} · !plan threads · !plan sums",
        edit=how_to("edit", speech),
        shift=how_to("shift", speech),
    )


def date(due: datetime, speech: Speech, now: datetime) -> str:
    """Return the day of a section, with the time if it is not the usual one."""
    if due.time() in USUAL_TIMES:
        return day(due, speech, now)
    return moment(due, speech, now)


def sees_title(section: Section, reached: int | None, *, host: bool) -> bool:
    """Whether a title may be shown to somebody who has read so far."""
    return not section.revealing or host or (reached or 0) >= section.number


def said(progress: Progress, speech: Speech) -> str:
    """Return what somebody said of where they are, as they counted: "ch. 12", "p. 120 of 340"."""
    value = str(progress.value)
    if progress.total is not None:
        value = speech.gettext("{value} of {total}", value=value, total=progress.total)
    match progress.unit:
        case "section":
            return speech.gettext("Section {number}", number=value)
        case "chapter":
            return speech.gettext("ch. {span}", span=value)
        case "page":
            return speech.gettext("p. {span}", span=value)
        case "percent":
            return f"{value} %"
        case "minute":
            return f"{value} min"
        case "done":
            return speech.gettext("finished")


def _line(
    section: Section, reached: int | None, now: datetime, speech: Speech, *, host: bool
) -> str:
    shown = sees_title(section, reached, host=host)
    parts = [titled(section, speech) if shown else label(section, speech)]
    if section.due is not None:
        parts.append(date(section.due, speech, now))
    if reached is not None and section.number <= reached:
        parts.append(speech.gettext("read"))
    return " · ".join(parts)


def _few(count: int, speech: Speech) -> str:
    """Return a number of people in fives, rounded down, so that two of them do not give away a few by subtraction."""
    if count < FEW:
        return speech.gettext("fewer than {count} people", count=FEW)
    return speech.gettext("{count} people or more", count=speech.number(count - count % FEW))


def _left_behind(speech: Speech) -> str:
    return speech.gettext("The thread stays on Discord; it is yours to close.")
