"""Every refusal as one sentence: what is wrong and what would work."""

from bot.wording.dates import month, weekday
from bot.wording.speech import N_, Speech
from games.core import Refusal
from games.quiz import LETTERS

SENTENCES = {
    "nothing-running": N_("Nothing on right now."),
    "already-running": N_("A game is already on: {title}. To end it: !quiz stop"),
    "hosts-only": N_("Only hosts can do that."),
    "moderators-only": N_("Only moderators can do that."),
    "closing": N_("I am about to restart; please try again in a minute."),
    "session-over": N_("This game is over."),
    "no-hint": N_("There is no further hint for this question."),
    "nothing-to-undo": N_(
        "There are no points to take back: that works after a question, until the next is asked."
    ),
    "out": N_("You are out of this round, and welcome to watch; the next one is for everybody."),
    "paused": N_("The game is paused. To go on: !quiz resume"),
    "not-paused": N_("The game is not paused."),
    "question-closed": N_("This question is closed. The next one is on its way."),
    "already-answered": N_("Your answer is already noted."),
    "already-answered-letter": N_("Your answer is already noted: {letter}."),
    "no-such-choice": N_("There is no such choice."),
    "unknown-action": N_("I do not know how to do that here."),
    "nothing-kept": N_("I keep nothing about you yet: take part once, and it will show here."),
    "traceless-not-listed": N_(
        "You take part without trace, so you cannot be on the board. To change that: !me trace"
    ),
    "no-room": N_("This channel is not a room yet: it becomes one when a host starts a quiz here."),
    "no-deck": N_("There is no deck “{name}”. Decks: {decks}."),
    "no-question": N_("These decks have no question of that difficulty."),
    "mixed-languages": N_("These decks are not in the same language: choose some that are."),
    "no-number": N_("“{text}” is not a number I can use here: from {least} to {most}, please."),
    "no-twitch-channel": N_("There is no Twitch channel called “{login}”."),
    "no-twitch": N_("Twitch is not connected, so there is nothing to link yet."),
    "no-discord-room": N_(
        "This code is not valid any more. Ask for a new one on Discord with /room link."
    ),
    "room-busy": N_("A game is on in one of the two channels. End it first: !quiz stop"),
    "room-taken": N_(
        "twitch.tv/{login} already belongs to another room. Undo that first with /room unlink."
    ),
    "not-linked": N_("No Twitch channel belongs to this room."),
    "too-fast": N_("One moment, please: not so fast."),
    "not-kept": N_("I could not keep that, so it does not count. Please try again."),
    "usage": N_("I did not understand. Try: {usage}"),
    "server-only": N_("This works in a server’s channel, not in private."),
    "no-such-entry": N_("There is no such appointment ahead. To see them: !agenda"),
    "entry-cancelled": N_("This appointment is cancelled already."),
    "date-unread": N_(
        "I cannot read “{text}” as a date. Try “Tuesday 6:30 pm”, “15/12 8 pm” or “2026-12-15 20:00”."
    ),
    "no-such-date": N_("{day} {month} does not exist. Try “28 February 6:30 pm”."),
    "not-that-weekday": N_("That day is a {weekday}. Give just one of the two."),
    "date-past": N_("That is in the past. Give a later date."),
    "time-missing": N_("At what time? Try “Tuesday 6:30 pm”."),
    "no-such-time": N_(
        "That time does not exist: the clocks go forward that night. Choose one an hour later."
    ),
    "time-twice": N_(
        "That time comes twice: the clocks go back that night. Choose one an hour earlier or later."
    ),
    "fault": N_("Something went wrong on my side. It has been noted; please try again."),
}


def refusal(error: Refusal, speech: Speech) -> str:
    """Return the sentence for a refusal."""
    code, facts = error.code, dict(error.facts)
    if code == "already-answered" and facts.get("choice") is not None:
        code, facts = "already-answered-letter", {"letter": LETTERS[facts["choice"]]}
    if "month" in facts:
        facts["month"] = month(facts["month"], speech)
    if "weekday" in facts:
        facts["weekday"] = weekday(facts["weekday"], speech)
    quoted = {
        key: speech.quote(value) if isinstance(value, str) else value
        for key, value in facts.items()
    }
    return speech.gettext(SENTENCES.get(code, SENTENCES["fault"]), **quoted)
