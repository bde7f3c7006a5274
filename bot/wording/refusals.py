"""Every refusal as one sentence: what is wrong and what would work."""

from bot.wording.speech import N_, Speech
from games.core import Refusal
from games.question import LETTERS

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
    "order-all": N_("Please put all of them in order, each once."),
    "close": N_("So close! Try once more."),
    "not-it": N_("Not this one. You may try again."),
    "unreadable": N_("I could not read that as an answer. Please try again."),
    "cannot-accept": N_("Only words and single choices can be accepted as well."),
    "already-right": N_("That is already counted as right."),
    "nothing-to-accept": N_(
        "There is no question to accept an answer for: that works until the next one is asked."
    ),
    "few-houses": N_("House against house takes two houses. A moderator adds one with: !house add"),
    "no-teams": N_("There are no teams in this game."),
    "no-team": N_("There is no such team. Teams: {teams}."),
    "team-kept": N_("You play for {team} already: whoever has answered stays with their team."),
    "teams-by-platform": N_("Here Discord plays against Twitch: where you write is your team."),
    "teams-usage": N_(
        "Teams: platforms, houses, or 2 to {most} different names with a slash between them."
    ),
    "no-direct-message": N_(
        "That is for you alone: use the slash command, or let me write to you."
    ),
    "nothing-to-review": N_("There is no quiz here that I could look back at with you."),
    "unknown-action": N_("I do not know how to do that here."),
    "nothing-kept": N_("I keep nothing about you yet: take part once, and it will show here."),
    "traceless-not-listed": N_(
        "You take part without trace, so you cannot be on the board. To change that: !me trace"
    ),
    "no-houses": N_("There are no houses yet. A moderator adds one with: !house add [name]"),
    "no-house": N_("There is no house “{name}”. Houses: {houses}."),
    "no-own-house": N_("You belong to no house yet. To join one: !house join [name]"),
    "house-name": N_("A house’s name has 1 to {most} characters, with a letter or a digit in it."),
    "house-exists": N_("There is a house “{name}” already."),
    "too-many-houses": N_("There are {most} houses already. To remove one: !house remove [name]"),
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
    "no-date": N_("“{text}” is no day I can read. Try: 2026-12-31, 31/12/2026 or 31 December 2026"),
    "right-title": N_(
        "Which work? For example: !rights add Germinal ; Émile Zola ; public domain ; 1902"
    ),
    "right-which": N_("On which ground: public domain, permission, author present or quotation?"),
    "right-ground": N_(
        "I cannot place “{text}”. A ground is: public domain, permission, author present or quotation."
    ),
    "right-author": N_("A quotation names its author: please add the author after the title."),
    "right-died": N_(
        "For the public domain I need the year in which the author died, such as 1902."
    ),
    "right-giver": N_("For a permission I need to know who gave it in writing."),
    "right-scope": N_("“{text}” is no scope of a permission: live or replay?"),
    "no-work": N_("“{title}” is not in the register."),
    "no-work-near": N_("“{title}” is not in the register. Near it: {near}."),
    "which-right": N_("Several rights would fit. Say which one by its number: {numbers}."),
    "which-work": N_("Several works bear this title. Add the author: {authors}."),
    "no-such-right": N_("No right called “{text}” holds any more. Those that do: !rights list"),
    "no-such-replay": N_(
        "There is no replay number “{text}” to take down. To see them: !rights replays"
    ),
    "no-link": N_("A replay needs its link: the address of its page, in full."),
    "headcount-class": N_(
        "I do not know the class “{text}”. Classes: 0-5, 6-11, 12-14, 15-17, 18-64 (adults), 65+ (seniors), unknown."
    ),
    "headcount-twice": N_("“{text}” stands there twice: which number is right?"),
    "turn-waits": N_("You are in the queue of readers already: number {place}."),
    "turn-now": N_("It is your turn already: we are listening."),
    "turn-full": N_("The queue of readers is full ({most}). Please try again a little later."),
    "turn-not-queued": N_("You are not in the queue of readers."),
    "turn-not-yours": N_("It is not your turn to read at the moment."),
    "turn-nobody": N_("Nobody is reading at the moment."),
    "turn-closed": N_("No reader is being called at the moment."),
    "which-game": N_("Which game? {games}."),
    "no-game": N_("There is no game “{name}”. Games: {games}."),
    "unknown-option": N_(
        "I do not know what “{text}” means for this game. To read more: !game list"
    ),
    "moved-on": N_("Too late for this one: the game has moved on."),
    "too-many-guesses": N_("Not so fast, please: {most} guesses in {seconds} seconds at most."),
    "no-more-hints": N_("There is no hint here."),
    "no-time-limit": N_("Nothing is running out: there is no time limit at the moment."),
    "no-seats": N_("Anybody may play in this game, without a seat: just type."),
    "seated": N_("You have a seat already."),
    "seats-taken": N_("All seats are taken, or the game has begun. You are welcome to watch."),
    "not-seated": N_("You have no seat in this game."),
    "seats-missing": N_("People are still missing: {missing}. To play: !game join"),
    "slash-only": N_("Others would read it here. Please use the slash command {usage}"),
    "discord-only": N_(
        "That is for your eyes alone, and here everybody reads: it works on Discord."
    ),
    "letter-tried": N_("{letter} was tried before."),
    "knows-the-word": N_("You know the word: let the others find it."),
    "not-your-turn": N_("It is not your turn."),
    "column-full": N_("Column {column} is full."),
    "voted-so": N_("Your vote is for column {column} already."),
    "no-word-to-find": N_(
        "I cannot take that as a word to find: up to {most} letters, two different ones at least, and nothing rude."
    ),
    "not-shown": N_("I would rather not show that; something else, please."),
    "bac-categories": N_(
        "Categories: 1 to {most}, with commas between them, of {length} characters at most each."
    ),
    "bac-letter": N_("Every answer begins with the letter {letter}."),
    "bac-long": N_("An answer has {most} characters at most."),
    "bac-too-soon": N_("The answers are not laid open yet."),
    "bac-no-answer": N_("Say the number of an answer, 1 to {most}."),
    "bac-voted": N_("That is your vote already."),
    "bingo-list": N_(
        "A list has {least} to {most} different texts of {length} characters at most, with commas between them."
    ),
    "bingo-no-card": N_("You have no card yet. To take one: !game card"),
    "bingo-won": N_("You have won already: well done!"),
    "bingo-claimed": N_("Somebody has just said bingo: please wait a few seconds."),
    "bingo-all-drawn": N_("Everything is drawn."),
    "bingo-drawn": N_("“{text}” is drawn already."),
    "bingo-not-drawn": N_("“{text}” is not drawn."),
    "bingo-which": N_("I cannot tell what “{text}” is on the list: say its number, please."),
    "exquisite-length": N_("A line has {least} words at least, and {most} characters at most."),
    "exquisite-no-line": N_("Those who have written a line may sign."),
    "exquisite-held": N_("A line waits for you first: /game approve"),
    "exquisite-which": N_("Say the number of a line, 1 to {most}."),
    "exquisite-decided": N_("That is decided for line {number} already."),
    "exquisite-nothing": N_("Nothing is written yet."),
    "usage": N_("I did not understand. Try: {usage}"),
    "server-only": N_("This works in a server’s channel, not in private."),
    "fault": N_("Something went wrong on my side. It has been noted; please try again."),
}


def refusal(error: Refusal, speech: Speech) -> str:
    """Return the sentence for a refusal."""
    code, facts = error.code, dict(error.facts)
    if code == "already-answered" and facts.get("choices"):
        given = ", ".join(LETTERS[index] for index in facts["choices"])
        code, facts = "already-answered-letter", {"letter": given}
    quoted = {
        key: speech.quote(value) if isinstance(value, str) else value
        for key, value in facts.items()
    }
    return speech.gettext(SENTENCES.get(code, SENTENCES["fault"]), **quoted)
