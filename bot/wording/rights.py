"""What the bot says about works on air: the ground of each, what it allows, and the replays to take down.

Who gave a permission is said to staff in private alone: what is said in a channel leaves it out.
"""

from collections.abc import Sequence

from bot.rights import Judged
from bot.wording.dates import in_words
from bot.wording.speech import Speech
from games.rights import (
    NOTICE_DAYS,
    AuthorPresent,
    Due,
    Ground,
    GroundName,
    Permission,
    PublicDomain,
    Quotation,
    Reason,
    Replay,
    Right,
    Verdict,
    Work,
    may_be_extended,
)


def named(work: Work, speech: Speech) -> str:
    """Return a work's title and author."""
    title = speech.quoted(work.title)
    return f"{title}, {speech.quote(work.author)}" if work.author else title


def ground_name(name: GroundName | Reason, speech: Speech) -> str:
    """Return what a ground is called."""
    match name:
        case "public-domain":
            return speech.gettext("public domain")
        case "permission":
            return speech.gettext("written permission")
        case "author-present":
            return speech.gettext("author present")
        case _:
            return speech.gettext("short quotation")


def ground(what: Ground, speech: Speech) -> str:
    """Describe a ground, without who gave it."""
    match what:
        case PublicDomain(died):
            return speech.gettext("public domain (died {year})", year=died)
        case Permission(_, scope, until):
            allowed = (
                speech.gettext("written permission, live and replay")
                if scope == "replay"
                else speech.gettext("written permission, live only")
            )
            if until is None:
                return allowed
            return speech.gettext("{what}, until {day}", what=allowed, day=in_words(until, speech))
        case AuthorPresent(on):
            return speech.gettext("author present on {day}", day=in_words(on, speech))
        case Quotation():
            return ground_name("quotation", speech)


def giver(right: Right, speech: Speech) -> str:
    """Say who gave a permission; nothing for another ground."""
    if not isinstance(right.ground, Permission):
        return ""
    return speech.gettext("given by {name}", name=speech.quote(right.ground.by))


def verdict(work: Work, judged: Verdict, speech: Speech) -> str:
    """Say whether a work may be on air, as one sentence; `judged` was asked with the replay."""
    name = named(work, speech)
    match judged.validity:
        case "valid" | "live-only":
            return _yes(name, judged, speech)
        case "expired":
            return _no_longer(name, judged, speech)
        case "none":
            return _no(name, judged, speech)


def warned(work: Work, judged: Verdict, speech: Speech) -> str:
    """Warn a host that a work is read aloud without a right."""
    said = verdict(work, judged, speech)
    return speech.gettext("On air without a right. {verdict} The reading goes on.", verdict=said)


def added(one: Judged, speech: Speech) -> list[str]:
    """Confirm a right, say what it is worth, and what to look at again."""
    first = speech.gettext(
        "Noted as no. {number}: {ground}.",
        number=one.right.id,
        ground=ground(one.right.ground, speech),
    )
    lines = [first, verdict(one.work, one.verdict, speech)]
    if isinstance(one.right.ground, PublicDomain) and may_be_extended(one.right.ground.died):
        lines.append(
            speech.gettext(
                "The author died during a war: whoever died for France stays protected for 30 years more. Please check."
            )
        )
    return lines


def listed(rights: Sequence[Judged], speech: Speech, *, givers: bool) -> list[str]:
    """Return a line for each right, with who gave it where only staff reads."""
    if not rights:
        return [speech.gettext("The register is empty."), how_to_add(speech)]
    count = speech.ngettext(
        "{count} right in the register", "{count} rights in the register", len(rights)
    )
    return [count, *(_listed(one, speech, givers=givers) for one in rights)]


def how_to_add(speech: Speech) -> str:
    """Say how a work is added."""
    return speech.gettext("To add a work: !rights add title ; author ; public domain ; 1902")


def ended(one: Judged, speech: Speech) -> str:
    """Confirm that a right holds no longer."""
    return speech.gettext(
        "Done: right no. {number} for {work} holds no longer.",
        number=one.right.id,
        work=named(one.work, speech),
    )


def replay_added(replay: Replay, judged: Verdict, speech: Speech) -> list[str]:
    """Confirm a replay, and say whether it may stay."""
    first = speech.gettext(
        "Noted: replay no. {number}, {title}, {day}.",
        number=replay.id,
        title=speech.quoted(replay.title),
        day=in_words(replay.aired, speech),
    )
    return [first, verdict(replay.work, judged, speech)]


def to_take_down(dues: Sequence[Due], speech: Speech, *, links: bool) -> list[str]:
    """Return a line for each replay that may not stay, with its link where there is room for it."""
    if not dues:
        return [
            speech.ngettext(
                "No replay has to be taken down within {count} day.",
                "No replay has to be taken down within {count} days.",
                NOTICE_DAYS,
            )
        ]
    heading = speech.ngettext(
        "{count} replay to take down", "{count} replays to take down", len(dues)
    )
    lines = [heading]
    for due in dues:
        line = _due(due, speech)
        lines.append(f"{line} {due.replay.link}" if links else line)
    lines.append(speech.gettext("Once one is down: !rights removed and its number"))
    return lines


def removed(number: int, title: str, speech: Speech) -> str:
    """Confirm that a replay was taken down."""
    return speech.gettext(
        "Thank you: replay no. {number}, {title}, is noted as taken down.",
        number=number,
        title=speech.quoted(title),
    )


def _yes(name: str, judged: Verdict, speech: Speech) -> str:
    values = {"work": name, "ground": ground_name(judged.reason, speech)}
    day = in_words(judged.until, speech) if judged.until else ""
    if judged.validity == "valid" and day:
        return speech.gettext(
            "{work}: yes, live and replay until {day} ({ground}).", day=day, **values
        )
    if judged.validity == "valid":
        return speech.gettext("{work}: yes, live and replay ({ground}).", **values)
    if day:
        return speech.gettext(
            "{work}: live only, no replay, until {day} ({ground}).", day=day, **values
        )
    return speech.gettext("{work}: live only, no replay ({ground}).", **values)


def _no_longer(name: str, judged: Verdict, speech: Speech) -> str:
    day = in_words(judged.until, speech) if judged.until else ""
    if judged.reason == "withdrawn":
        return speech.gettext(
            "{work}: no longer, the right was ended; its last day was {day}.", work=name, day=day
        )
    return speech.gettext("{work}: no longer, the right ended on {day}.", work=name, day=day)


def _no(name: str, judged: Verdict, speech: Speech) -> str:
    values = {"work": name, "day": in_words(judged.since, speech) if judged.since else ""}
    match judged.reason:
        case "still-protected":
            return speech.gettext(
                "{work}: no, it is protected until it enters the public domain on {day}.", **values
            )
        case "another-day":
            return speech.gettext("{work}: not today, only on {day}.", **values)
        case "unknown-work":
            return speech.gettext("{work}: no, it is not in the register.", work=name)
        case _:
            return speech.gettext("{work}: no, no right that holds is in the register.", work=name)


def _listed(one: Judged, speech: Speech, *, givers: bool) -> str:
    line = speech.gettext(
        "no. {number}: {work}, {ground}",
        number=one.right.id,
        work=named(one.work, speech),
        ground=ground(one.right.ground, speech),
    )
    by = giver(one.right, speech) if givers else ""
    return f"{line}, {by}" if by else line


def _due(due: Due, speech: Speech) -> str:
    values = {
        "number": due.replay.id,
        "title": speech.quoted(due.replay.title),
        "aired": in_words(due.replay.aired, speech),
    }
    if due.last is None:
        return speech.gettext("no. {number}: {title} ({aired}), now", **values)
    return speech.gettext(
        "no. {number}: {title} ({aired}), after {day}", day=in_words(due.last, speech), **values
    )
