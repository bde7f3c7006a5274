"""Every refusal as one sentence: what is wrong and what would work."""

from bot.wording.dates import month, weekday
from bot.wording.decks import entered
from bot.wording.speech import N_, Speech
from games.core import Refusal
from games.deck import Problem
from games.question import LETTERS

SENTENCES = {
    "nothing-running": N_("Nothing on right now."),
    "something-else": N_("On right now: {title}. That command has no use there."),
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
    "no-source": N_(
        "There is no source to tell: ask between a question’s answer and the next one."
    ),
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
    "deck-name": N_(
        "A deck cannot be called “{name}”: it takes letters, and no word that says how to play."
    ),
    "deck-exists": N_(
        "There is a deck “{name}” already. Give yours another name, or ask to replace it."
    ),
    "deck-not-kept": N_("The deck “{name}” was not imported here, so it stays as it is."),
    "file-missing": N_("Attach the file to your message, or use the slash command."),
    "file-too-big": N_("This file is too big: {limit} MB at most."),
    "file-unreachable": N_("I could not fetch this file. Please send it again."),
    "file-too-slow": N_(
        "Reading this file took too long, so I stopped. Nothing was taken from it."
    ),
    "question-gone": N_("This question is no longer in its deck, so nothing was remembered."),
    "remember-words-only": N_("Only answers to questions in words can be remembered."),
    "remembered-full": N_("{most} answers are remembered for this question, and no more fit."),
    "not-remembered": N_("“{answer}” is not remembered in the deck “{deck}”."),
    "bad-question": N_("This question cannot be taken: {reason}."),
    "question-there": N_("The deck “{deck}” asks this question already."),
    "proposals-own": N_(
        "{most} of your questions are waiting already, thank you! The team will look at them first."
    ),
    "proposals-full": N_(
        "Many questions are waiting already. Please propose yours again in a few days."
    ),
    "proposal-gone": N_("Proposal {number} waits no longer: somebody has seen to it."),
    "not-your-proposal": N_("Proposal {number} is not one of yours that wait."),
    "traceless-not-signed": N_(
        "You take part without trace, so I do not name you. To change that: !me trace"
    ),
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
    "traceless-no-reminder": N_(
        "You take part without trace, so I keep no reminder for you. To change that: !me trace"
    ),
    "plan-gone": N_("I no longer know which pause that was. Please plan it once more."),
    "plan-no-day": N_("All those days are public holidays. Choose another date."),
    "meeting-offer-gone": N_("I no longer know which meeting that was. Please plan it once more."),
    "meeting-open": N_("The meeting is open already."),
    "meeting-gone": N_("I no longer know that meeting. To see the next ones: !meeting"),
    "meeting-off": N_("That meeting is called off. To see the next ones: !meeting"),
    "meeting-over": N_("That meeting is over. To see the next ones: !meeting"),
    "meeting-not-open": N_("The meeting has not begun yet. Come back when it is open."),
    "no-such-meeting": N_("There is no such meeting. To see those that are planned: !meeting"),
    "no-meeting-planned": N_("No meeting is planned here yet."),
    "no-meeting-yet": N_("No meeting of this club has taken place yet."),
    "no-meeting-lately": N_("No meeting has taken place here in the last two weeks."),
    "not-answered": N_("First say whether you are coming: !meeting yes"),
    "traceless-no-answer": N_(
        "You take part without trace, so I cannot keep a seat for you. Come as you are, or type !me trace first."
    ),
    "traceless-no-opinion": N_(
        "You take part without trace, so I keep nothing that you write. To change that: !me trace"
    ),
    "opinion-unread": N_(
        "Say first how far you came with the book: !review read 4 moving, or !review not read"
    ),
    "opinions-closed": N_("That meeting was some time ago: opinions on its book are closed."),
    "favourite-length": N_("Between {least} and {most} characters, please, in your own words."),
    "favourite-signature": N_("Say how you wish to sign, in {most} characters at most."),
    "favourite-book": N_(
        "I do not know which book that is about: the club’s last meeting had none."
    ),
    "too-many-favourites": N_(
        "{most} of your favourites are waiting already. Let the library’s staff read those first."
    ),
    "no-favourite": N_("There is no favourite of that number here."),
    "no-meeting": N_("No meeting is going on here. To see when the next one is: !meeting"),
    "no-meeting-soon": N_(
        "No meeting begins within two hours. To plan one: !meeting plan today 6:30 pm"
    ),
    "no-plan": N_("No such pause is planned here. To see what is: !agenda"),
    "which-plan": N_("Several pauses are planned: {titles}. Say which one by its title."),
    "no-pause": N_("No pause ended here lately."),
    "same-name": N_("Several readers have that name: they can note it themselves with !pages 12"),
    "not-a-reader": N_("I find nobody of that name among the readers of this pause."),
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
    "turn-none": N_("Nobody reads aloud in this pause."),
    "turn-waits": N_("You are in the queue of readers already: number {place}."),
    "turn-now": N_("It is your turn already: we are listening."),
    "turn-full": N_("The queue of readers is full ({most}). Please try again a little later."),
    "turn-not-queued": N_("You are not in the queue of readers."),
    "turn-not-yours": N_("It is not your turn to read at the moment."),
    "turn-nobody": N_("Nobody is reading at the moment."),
    "turn-closed": N_("No reader is being called at the moment."),
    "no-round": N_("No round of the table is on. A host starts one with: !round start"),
    "round-waits": N_("You are at the table already: number {place} to speak."),
    "round-now": N_("You have the floor: we are listening."),
    "round-spoken": N_("You have spoken already: each of us speaks once."),
    "round-full": N_("The table is full ({most}). Please try again a little later."),
    "round-not-seated": N_("You are not at the table. To sit down: !round"),
    "round-not-yours": N_("Somebody else has the floor at the moment."),
    "round-empty": N_("Nobody is at the table yet. To sit down: !round"),
    "round-moved": N_("The round has moved on already."),
    "no-question-number": N_(
        "This club has no question “{text}”. To see those that it has: !question list"
    ),
    "no-question-now": N_("No question is on the table. To ask one: !question next"),
    "question-text": N_("A question has up to {most} characters, and some words in it."),
    "question-section": N_("A section is a number from 0 to {most}, such as: section 2"),
    "question-no-book": N_(
        "A section of which book? Name it: !question propose [question] ; section 2 ; book [title]"
    ),
    "question-known": N_("This question is there already."),
    "question-moved": N_("Somebody was quicker: this has been dealt with."),
    "question-kept": N_("This question is kept for the next meeting already."),
    "questions-own": N_(
        "{most} questions of yours are waiting to be looked at. Thank you! More of them a little later."
    ),
    "questions-full": N_("Too many questions are waiting in this club for now."),
    "questions-wait": N_(
        "The next questions are waiting. Meanwhile, one that fits every book: !question general"
    ),
    "no-minutes": N_("This club has not met yet."),
    "no-note": N_("There is no “{text}” in these minutes."),
    "minutes-text": N_("A note has up to {most} characters, and some words in it."),
    "minutes-full": N_("That is a lot already: {most} notes at most for one meeting."),
    "no-more-questions": N_(
        "Every question has been asked. To propose one: !question propose [question]"
    ),
    "no-clubs": N_(
        "There are no clubs yet. A host creates one with: !club create [name] ; [description]"
    ),
    "no-club": N_("There is no club “{name}”. Clubs: {clubs}."),
    "no-club-here": N_("No club meets here. To make one meet here too: !club attach [name]"),
    "which-club": N_("Which club? Add its name after an @: {clubs}."),
    "club-name": N_(
        "A club’s name has 1 to {most} characters, with a letter or a digit in it, and none of @ ; = #"
    ),
    "club-description": N_("A club’s description has at most {most} characters."),
    "club-exists": N_("There is a club “{name}” already."),
    "too-many-clubs": N_("There are {most} clubs already. To end one: !club end [name]"),
    "club-over": N_("This club meets no more."),
    "club-votes": N_("This club is voting. First: !club vote close"),
    "club-elsewhere": N_("This club does not meet here."),
    "club-hosts-only": N_("Only this club’s hosts can do that."),
    "club-owners-only": N_("Only this club’s host or a moderator can do that."),
    "club-standing": N_("What should they be: host, cohost or member?"),
    "already-member": N_("You belong to this club already."),
    "already-asked": N_("You have asked already; the club’s hosts are going to answer."),
    "not-member": N_("You do not belong to this club."),
    "members-only": N_("That is for members. To join: !club join {club}"),
    "answered-already": N_("They have had their answer already."),
    "nobody-called": N_("I find nobody called “{name}” among them. To see them: !club approve"),
    "which-person": N_("Several people bear that name. Say which one by number: {numbers}."),
    "book-title": N_("Which book? For example: !club propose Germinal ; Émile Zola"),
    "isbn-wrong": N_("“{text}” cannot be an ISBN: its last digit does not match the others."),
    "isbn-unknown": N_(
        "I do not know the ISBN {isbn}. Please add the title: !club propose {isbn} ; [title] ; [author]"
    ),
    "no-books": N_("There is no book to choose from. To propose one: !club propose [title]"),
    "no-book": N_("I find no book “{title}” there. To see them: !club books"),
    "which-book": N_("Several books would fit. Say which one by its number: {numbers}."),
    "no-current-book": N_("This club is not reading anything at the moment. Please name the book."),
    "already-proposed": N_("“{title}” is proposed already."),
    "already-chosen": N_("The club has chosen “{title}” already."),
    "too-many-proposals": N_("There are {most} proposals already: time for a vote."),
    "too-many-own": N_(
        "You have {most} proposals already. To take one back: !club withdraw [number]"
    ),
    "not-your-book": N_("You can take back your own proposals; a host can take back any."),
    "book-moved": N_("Somebody else has just moved “{title}”. Please look again: !club books"),
    "no-step-on": N_("This book is not chosen yet, or was put away: there is no next step."),
    "no-step-back": N_("This book is only proposed: there is no step to take back."),
    "no-vote": N_("This club has no vote open. A host opens one with: !club vote open"),
    "no-reading-plan": N_("“{title}” has no reading plan yet. A host makes one with: !plan add"),
    "plan-over": N_("The club has finished “{title}”: its reading plan stays as it is."),
    "plan-exists": N_(
        "There is a plan already. To change it: !plan edit, !plan shift; to start again: !plan clear"
    ),
    "no-section": N_("There is no section {number}: the last one is {last}."),
    "section-which": N_("Which section? For example: !plan edit 2: ch. 6-12 Tuesday"),
    "section-unread": N_(
        "I could not read a section there. For example: !plan add ch. 1-5 Tuesday ; ch. 6-10 15/12"
    ),
    "section-title": N_("A section’s title has at most {most} characters."),
    "section-backwards": N_("Section {number} does not go on from the one in front of it."),
    "section-early": N_("Section {number} would be read before the one in front of it."),
    "section-moved": N_(
        "Somebody else has just changed section {number}. Please look again: !plan"
    ),
    "section-gone": N_("This section is no longer in the plan. To see the plan: !plan"),
    "too-many-sections": N_("A plan has at most {most} sections."),
    "division-unread": N_(
        "How much at a time? For example: !plan generate 80 pages every week from Tuesday"
    ),
    "division-total": N_(
        "How many are there in all? For example: !plan generate 5 chapters of 24 every week"
    ),
    "shift-unread": N_("By how much? For example: !plan shift by a week"),
    "nothing-to-shift": N_("Nothing of this plan is still to come."),
    "reading-members-only": N_("That is for members of the club. To join: !club join {club}"),
    "no-progress": N_("I do not know where you are in this book, so there is nothing to forget."),
    "progress-unread": N_(
        "I could not read that. For example: !reached 3, !reached p. 120, !reached ch. 12, !reached 45 %,"
        " !reached 1h20 / 8h"
    ),
    "progress-beyond": N_("That is further than the end: {total}."),
    "progress-total": N_("And how long is it in all? For example: !reached 1h20 / 8h"),
    "progress-unmeasured": N_("This plan does not go by that. Please name the section: !reached 2"),
    "threads-nowhere": N_("Threads are made on Discord, in a text channel or a forum of the club."),
    "threads-forbidden": N_(
        "I may not do that in this channel yet. A moderator lets me there: see the channel, create private threads,"
        " send messages in threads."
    ),
    "vote-open": N_("A vote is open already. To close it: !club vote close"),
    "vote-undecided": N_("The last vote waits for its host: !club vote decide [number]"),
    "vote-over": N_("This vote is closed."),
    "few-proposals": N_("A vote takes two proposals at least. To propose: !club propose [title]"),
    "proposals-moved": N_("The proposals have just changed. Please try again."),
    "too-many-votes": N_("{most} votes are open already; please close one first."),
    "vote-end": N_("A vote ends between one minute and {most} days from now."),
    "vote-tie": N_("“{text}” settles no tie: oldest, pages, draw or host."),
    "vote-nothing": N_("Which books? Give their numbers, for example: !vote 1 3"),
    "no-such-option": N_("There is no number {number} in this vote: from 1 to {most}, please."),
    "vote-one": N_("One book only, please: !vote 2"),
    "vote-too-many": N_("At most {most} books, please."),
    "no-ballot": N_("You have no ballot in this vote."),
    "nothing-to-decide": N_("There is nothing to decide: no vote of this club ended level."),
    "not-level": N_("The books that are level have the numbers {numbers}: choose one of these."),
    "not-alone": N_("This game takes others. These one can practise alone: {games}."),
    "which-practice": N_("Which game would you like to practise? {games}."),
    "practice-full": N_("Many people are practising right now; please try again in a few minutes."),
    "practice-over": N_("This practice is over. To begin another: /game practice"),
    "practice-discord": N_(
        "Practice is private, and here everybody reads: it lives on Discord, with /game practice"
    ),
    "which-game": N_("Which game? {games}."),
    "no-game": N_("There is no game “{name}”. Games: {games}."),
    "unknown-option": N_(
        "I do not know what “{text}” means for this game. First its name, then its details, then how many rounds, "
        "as in: !game start hangman easy 3"
    ),
    "moved-on": N_("Too late for this one: the game has moved on."),
    "not-begun": N_("A moment, please: the game is about to begin."),
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
    "word-length": N_("The word to find has {length} letters."),
    "word-begins": N_("The word must begin with {letter}."),
    "no-word": N_("I do not know this word."),
    "word-not-shown": N_("I would rather not show this word; another one, please."),
    "tried-already": N_("This word was tried before."),
    "grid-full": N_("This grid is done. The next word comes soon."),
    "let-others-play": N_("You have just played: leave the others {seconds} seconds."),
    "already-voted": N_("Your vote for this word is noted."),
    "other-letters": N_("This word does not come out of these letters."),
    "found-already": N_("You have found one already: well done!"),
    "vowel-or-consonant": N_("Type V for a vowel, C for a consonant."),
    "enough-of-these": N_("There must be {least} letters of the other kind too."),
    "word-too-short": N_("Words of {least} letters or more count here."),
    "no-longer": N_("You already have a word of {length} letters."),
    "said-already": N_("Somebody has said that already."),
    "no-sum": N_("I cannot read that as a sum. It is written as in (25 + 3) × 4."),
    "no-nearer": N_("You already have a sum as near: {gap} off."),
    "sum-no-plate": N_(
        "{number} is not there, or not any more: each plate and each result is used once."
    ),
    "sum-not-whole": N_("{left} ÷ {right} is no whole number."),
    "sum-not-positive": N_("{left} − {right} is not above zero."),
    "sum-wrong": N_("There I find {value}, not {claimed}."),
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
    "accept-what": N_("Which answer? !quiz accept [answer]"),
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
    "no-daily": N_(
        "No question of the day is open here. A host starts one a day with: !daily start 9:00"
    ),
    "daily-closed": N_("This question is closed. To see today’s: !daily"),
    "daily-changed": N_("Your answer was changed once already, so it stands."),
    "daily-unread": N_("That cannot be an answer to today’s question. To see how: !daily"),
    "daily-asked": N_("Today’s question has been asked already. To see it: !daily"),
    "daily-not-planned": N_("No question of the day is planned here."),
    "daily-no-question": N_("This deck has no question that can be asked of a day."),
    "fault": N_("Something went wrong on my side. It has been noted; please try again."),
}


def refusal(error: Refusal, speech: Speech) -> str:
    """Return the sentence for a refusal."""
    code, facts = error.code, dict(error.facts)
    if "month" in facts:
        facts["month"] = month(facts["month"], speech)
    if "weekday" in facts:
        facts["weekday"] = weekday(facts["weekday"], speech)
    if code == "already-answered" and facts.get("choices"):
        given = ", ".join(LETTERS[index] for index in facts["choices"])
        code, facts = "already-answered-letter", {"letter": given}
    told = {key: _told(value, speech) for key, value in facts.items()}
    return speech.gettext(SENTENCES.get(code, SENTENCES["fault"]), **told)


def _told(value: object, speech: Speech) -> object:
    if isinstance(value, Problem):
        return entered(value, speech)
    return speech.quote(value) if isinstance(value, str) else value
