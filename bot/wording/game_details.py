"""What a host may add to a game's name when starting it: choices between commas, groups of them between dots."""

from bot.wording.speech import N_, Speech

DETAILS = {
    "hangman": N_("together, each · easy, medium, hard · words=otter"),
    "connect_four": N_("chat, duel"),
    "motus": N_("together, vote, each · easy, medium, hard · letters=6"),
    "wordle": N_("together, vote, each · easy, medium, hard"),
    "anagrams": N_("easy, medium, hard · letters=8"),
    "longest": N_("asked · letters=9"),
    "countdown": N_("easy, medium, hard"),
    "chain": N_("race, turns · letter, syllable · easy, medium, hard"),
    "petit_bac": N_("reading · letter=P"),
    "bingo": N_("reading, stream, numbers · line, two lines, full card · auto, host"),
    "exquisite_corpse": N_("moderated · lines=12"),
}
"""By game; each is understood as it stands."""


def told(key: str, speech: Speech) -> str:
    """Tell a host what may be chosen for a game, besides what all games take."""
    return speech.gettext(
        "When you start it, as you like: {details}", details=speech.gettext(DETAILS[key])
    )
