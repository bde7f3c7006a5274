"""What the countdown of bingo counts to, which is no end as long as one draws."""

from bot.wording.games import ends
from bot.wording.speech import Speech
from games.bingo import Facts
from games.core import Scene


def until(scene: Scene, speech: Speech) -> str:
    """Say what comes when the time is up: the next draw, and once somebody has won, the end."""
    facts: Facts = scene.facts
    return ends(speech) if facts.winners else speech.gettext("Next draw")
