"""The text of an exquisite corpse as a file to keep."""

from bot.wording.games import TextFile
from bot.wording.quiz import Naming
from bot.wording.speech import Speech
from games.exquisite_corpse import Outcome


def text_file(outcome: Outcome, speech: Speech, naming: Naming) -> TextFile | None:
    """Return the whole text, with the names of those who signed it; None where nothing was written."""
    if not outcome.lines:
        return None
    names = speech.listed([speech.somebody(naming(player.id)) for player in outcome.signatures])
    text = "\n".join((*outcome.lines, "", names)).strip()
    caption = speech.gettext("The whole text, to keep.")
    return TextFile(speech.gettext("exquisite-corpse.txt"), f"{text}\n", caption)
