"""What the bot says to people about themselves, and the season's board."""

from collections.abc import Sequence

from bot.people import OwnRecord
from bot.wording.quiz import points
from bot.wording.speech import Speech


def own_record(record: OwnRecord, speech: Speech) -> list[str]:
    """Tell somebody what they did, and how to change what is kept."""
    season = record.everywhere
    sessions = speech.ngettext("{count} get-together", "{count} get-togethers", season.sessions)
    right = speech.ngettext("{count} right answer", "{count} right answers", season.correct)
    values = {"sessions": sessions, "right": right, "points": points(season.points, speech)}
    if record.name:
        name = speech.quote(record.name)
        first = speech.gettext(
            "{name}, this season: {sessions}, {right}, {points}.", name=name, **values
        )
    else:
        first = speech.gettext("This season: {sessions}, {right}, {points}.", **values)
    return [
        first,
        *house(record, speech),
        *clubs(record, speech),
        *meetings(record, speech),
        state(record, speech),
    ]


def clubs(record: OwnRecord, speech: Speech) -> list[str]:
    """Say which clubs they belong to, if any."""
    if not record.clubs:
        return []
    names = speech.listed([speech.quote(name) for name in record.clubs])
    return [speech.gettext("Your clubs: {names}.", names=names)]


def meetings(record: OwnRecord, speech: Speech) -> list[str]:
    """Say how many meetings they answered or came to, if any."""
    if not record.meetings:
        return []
    return [
        speech.ngettext(
            "Clubs’ meetings that you answered or came to: {count}.",
            "Clubs’ meetings that you answered or came to: {count}.",
            record.meetings,
        )
    ]


def house(record: OwnRecord, speech: Speech) -> list[str]:
    """Say which house they belong to, if any."""
    if not record.house:
        return []
    return [speech.gettext("Your house: {name}.", name=speech.quote(record.house))]


def state(record: OwnRecord, speech: Speech) -> str:
    """Say what is kept of them and who sees it."""
    if record.traceless:
        return speech.gettext("You take part without trace: counted, not recorded.")
    if record.listed:
        return speech.gettext("You are on the season’s board.")
    return speech.gettext("You are not on the season’s board.")


def own_choices(record: OwnRecord, speech: Speech) -> str:
    """Say what can be typed to change it."""
    if record.traceless:
        return speech.gettext("To be recorded again: !me trace · To erase everything: !forgetme")
    if record.listed:
        return speech.gettext(
            "To leave the board: !me hide · Without trace: !me notrace · To erase everything: !forgetme"
        )
    return speech.gettext(
        "To join the board: !me show · Without trace: !me notrace · To erase everything: !forgetme"
    )


def board(rows: Sequence[tuple[str, int]], season: int, speech: Speech) -> list[str]:
    """Return the season's board, a line each; ties share their place."""
    if not rows:
        return [
            speech.gettext("Nobody is on the season’s board yet. To be on it: !me show"),
        ]
    heading = speech.gettext("Season {first}–{last}", first=season, last=season + 1)
    lines, place, before = [heading], 0, -1
    for name, count in rows:
        place += count != before
        before = count
        lines.append(
            speech.gettext(
                "{rank}. {names}: {points}",
                rank=place,
                names=speech.somebody(name),
                points=points(count, speech),
            )
        )
    return lines


def listed(speech: Speech) -> str:
    """Confirm a place on the board."""
    return speech.gettext("Done: you are on the season’s board. To leave it: !me hide")


def unlisted(speech: Speech) -> str:
    """Confirm leaving the board."""
    return speech.gettext("Done: you are no longer on the season’s board.")


def traceless(speech: Speech) -> str:
    """Confirm taking part without trace."""
    return speech.gettext(
        "Done: from now on you are counted, not recorded. What was kept before stays until you type !forgetme"
    )


def traced(speech: Speech) -> str:
    """Confirm being recorded again."""
    return speech.gettext("Done: from now on your participation is recorded again.")


def confirm_forget(speech: Speech) -> str:
    """Ask before erasing everything (typed answer)."""
    return speech.gettext(
        "This erases your name, your points and your participation, for good. To confirm: !forgetme yes"
    )


def confirm_forget_button(speech: Speech) -> str:
    """Ask before erasing everything (buttons)."""
    return speech.gettext(
        "This erases your name, your points and your participation, for good. Are you sure?"
    )


def forgotten(speech: Speech) -> str:
    """Confirm that everything was erased."""
    return speech.gettext("Done: I have forgotten you. You are welcome back any time.")


def kept(speech: Speech) -> str:
    """Confirm that nothing was erased."""
    return speech.gettext("Nothing was erased.")


def button_show(speech: Speech) -> str:
    """Label: be on the season's board."""
    return speech.gettext("Show me on the board")


def button_hide(speech: Speech) -> str:
    """Label: leave the season's board."""
    return speech.gettext("Take me off the board")


def button_notrace(speech: Speech) -> str:
    """Label: take part without trace."""
    return speech.gettext("Play without trace")


def button_trace(speech: Speech) -> str:
    """Label: be recorded again."""
    return speech.gettext("Record my participation again")


def button_export(speech: Speech) -> str:
    """Label: get everything kept."""
    return speech.gettext("Export my data")


def button_forget(speech: Speech) -> str:
    """Label: ask to be erased."""
    return speech.gettext("Erase everything…")


def button_forget_now(speech: Speech) -> str:
    """Label: confirm being erased."""
    return speech.gettext("Yes, erase everything")


def button_keep(speech: Speech) -> str:
    """Label: do not erase."""
    return speech.gettext("No, keep it")


def export_heading(speech: Speech) -> list[str]:
    """Return the columns of an export."""
    return [
        speech.gettext("when (UTC)"),
        speech.gettext("room"),
        speech.gettext("activity"),
        speech.gettext("platform"),
        speech.gettext("answers"),
        speech.gettext("right"),
        speech.gettext("points"),
    ]


def export_club(speech: Speech) -> str:
    """Return the word before a club's name in an export."""
    return speech.gettext("club")


def export_book(speech: Speech) -> str:
    """Return the words before a club's name and the title that is proposed to it, in an export."""
    return speech.gettext("proposed book")


def export_place(speech: Speech) -> str:
    """Return the words before a club's name, a title and how far they have read, in an export."""
    return speech.gettext("place in a book")


def export_house(speech: Speech) -> str:
    """Return the word before a house's name in an export."""
    return speech.gettext("house")


def exported(count: int, speech: Speech) -> str:
    """Hand over an export."""
    return speech.ngettext(
        "This file holds {count} participation.",
        "This file holds {count} participations.",
        count,
    )


def export_elsewhere(speech: Speech) -> str:
    """Say that a file cannot be handed over in Twitch chat, and who can."""
    return speech.gettext(
        "I cannot send a file in this chat. Ask the library’s team for your export, or use /me on Discord."
    )


def export_by_slash(speech: Speech) -> str:
    """Say where a typed request for an export is answered privately."""
    return speech.gettext("Your export is private: type /me and press “Export my data”.")
