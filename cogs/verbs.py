"""The verbs of every capability, once for both platforms and in both languages, and reading them from typed text."""

from collections.abc import Mapping

from rapidfuzz import process

from games.matching import fold

Verbs = Mapping[str, tuple[str, ...]]
"""From a verb's name to the words that mean it, the first of them English."""

QUIZ: Verbs = {
    "start": ("start", "lancer", "lance", "go"),
    "stop": ("stop", "arreter", "arrete", "fin"),
    "skip": ("skip", "passer", "passe", "next", "suivant", "suivante"),
    "pause": ("pause",),
    "resume": ("resume", "reprendre", "reprise"),
    "score": ("score", "scores", "points"),
    "decks": ("decks", "jeux", "themes"),
}

ME: Verbs = {
    "show": ("show", "montrer", "afficher"),
    "hide": ("hide", "cacher", "masquer"),
    "notrace": ("notrace", "sanstrace"),
    "trace": ("trace", "avectrace"),
    "export": ("export", "exporter"),
}

FORGET: Verbs = {"yes": ("yes", "oui")}

ROOM: Verbs = {
    "link": ("link", "lier"),
    "unlink": ("unlink", "delier"),
    "language": ("language", "langue"),
    "show": ("show", "voir"),
}

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "quiz": (),
    "me": ("moi",),
    "top": ("board", "tableau", "classement"),
    "forgetme": ("oubliezmoi", "oubliez-moi", "forget-me"),
    "room": ("salle",),
    "stop": ("arreter", "arrêter"),
    "help": ("aide",),
}
"""Every command typed after "!", with its other names."""


def read(text: str, verbs: Verbs) -> tuple[str | None, str]:
    """Return the verb that `text` begins with and the rest; None when it begins with none."""
    first, _, rest = text.strip().partition(" ")
    word = fold(first).replace(" ", "")
    for verb, words in verbs.items():
        if word in words:
            return verb, rest.strip()
    return None, text.strip()


def nearest(word: str, words: list[str]) -> str | None:
    """Return the word that a mistyped one may have meant, or None when it is not near to any."""
    found = process.extractOne(fold(word), words, score_cutoff=70)
    return found[0] if found else None


def nearest_command(word: str) -> str | None:
    """Return the command that a mistyped one may have meant."""
    known = [*COMMANDS, *(name for names in COMMANDS.values() for name in names)]
    return nearest(word, known)


def others(verbs: Verbs, verb: str) -> list[str]:
    """Return the other words for a verb, as aliases of a text command."""
    return [word for word in verbs[verb] if word != verb]
