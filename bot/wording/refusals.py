"""Every refusal as one sentence: what is wrong and what would work."""

from bot.wording.speech import N_, Speech
from games.core import Refusal
from games.quiz import LETTERS

SENTENCES = {
    "nothing-running": N_("Nothing on right now."),
    "already-running": N_("Something is already on: {title}. To end it: !stop"),
    "hosts-only": N_("Only hosts can do that."),
    "moderators-only": N_("Only moderators can do that."),
    "closing": N_("I am about to restart; please try again in a minute."),
    "session-over": N_("That is over."),
    "no-hint": N_("There is no further hint for this question."),
    "nothing-to-undo": N_(
        "There are no points to take back: that works after a question, until the next is asked."
    ),
    "out": N_("You are out of this round, and welcome to watch; the next one is for everybody."),
    "paused": N_("This is paused for now. A host can let it go on."),
    "not-paused": N_("Nothing is paused here."),
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
    "room-busy": N_("Something is on in one of the two channels. End it first: !stop"),
    "room-taken": N_(
        "twitch.tv/{login} already belongs to another room. Undo that first with /room unlink."
    ),
    "not-linked": N_("No Twitch channel belongs to this room."),
    "too-fast": N_("One moment, please: not so fast."),
    "not-kept": N_("I could not keep that, so it does not count. Please try again."),
    "log-empty": N_(
        "How much did you read? For example: 12 pages, p. 45-67, 25 min or 2 chapters."
    ),
    "log-digits": N_("Please write the number with the digits 0 to 9, for example: 12 pages."),
    "log-negative": N_("Nobody reads less than nothing. For example: 12 pages."),
    "log-backwards": N_(
        "{end} comes before {start}. Say how many you read: 12 pages, for example."
    ),
    "log-percent": N_("A book ends at 100 %. For example: 45 %"),
    "log-too-much": N_("That is more than I can note: {most} at most."),
    "log-unread": N_(
        "I could not read that. For example: 12 pages, p. 45-67, 25 min, 2 chapters or 45 %."
    ),
    "log-no-start": N_(
        "I do not know where you began. Try: p. {before}-{page}, or the number of pages."
    ),
    "log-too-soon": N_("Reading has not begun yet. Pages can be noted once it has."),
    "log-closed": N_("The notes are closed. A host can open them again with: !pause reopen"),
    "already-reading": N_("You are reading with us already."),
    "not-reading": N_("You are not reading with us yet. To join: !read"),
    "no-title": N_("Which book? For example: !pause book Germinal"),
    "too-short": N_("Only {minutes} min are left. To end now: !pause end"),
    "too-long": N_("That would be too long: {most} min at most."),
    "not-closed": N_("The notes are not closed."),
    "no-goal": N_("A goal is a number of pages, minutes or chapters. For example: 500 pages."),
    "traceless-no-goal": N_(
        "You take part without trace, so I keep no goal for you. To change that: !me trace"
    ),
    "no-pause": N_("No pause ended here lately."),
    "same-name": N_("Several readers have that name: they can note it themselves with !pages 12"),
    "not-a-reader": N_("I find nobody of that name among the readers of this pause."),
    "usage": N_("I did not understand. Try: {usage}"),
    "server-only": N_("This works in a server’s channel, not in private."),
    "fault": N_("Something went wrong on my side. It has been noted; please try again."),
}


def refusal(error: Refusal, speech: Speech) -> str:
    """Return the sentence for a refusal."""
    code, facts = error.code, dict(error.facts)
    if code == "already-answered" and facts.get("choice") is not None:
        code, facts = "already-answered-letter", {"letter": LETTERS[facts["choice"]]}
    quoted = {
        key: speech.quote(value) if isinstance(value, str) else value
        for key, value in facts.items()
    }
    return speech.gettext(SENTENCES.get(code, SENTENCES["fault"]), **quoted)
