"""The verbs of every capability, once for both platforms and in both languages, and reading them from typed text."""

from collections.abc import Mapping, Sequence
from typing import Final

from rapidfuzz.distance import OSA

from games.core import Refusal
from games.matching import fold

Verbs = Mapping[str, tuple[str, ...]]
"""From a verb's name to the words that mean it: first the English one, then the French one that Discord shows.

Words with accents also stand here without: what is typed is compared folded, and Discord's own reader does not fold.
"""

QUIZ: Verbs = {
    "start": ("start", "lancer", "lance", "go"),
    "stop": ("stop", "arrêter", "arreter", "arrête", "arrete", "fin"),
    "skip": ("skip", "passer", "passe", "next", "suivant", "suivante"),
    "undo": ("undo", "annuler"),
    "accept": ("accept", "accepter", "accepte"),
    "hint": ("hint", "indice"),
    "extend": ("extend", "prolonger", "prolonge"),
    "pause": ("pause",),
    "resume": ("resume", "reprendre", "reprise"),
    "score": ("score", "scores", "points"),
    "source": ("source", "sources"),
    "review": ("review", "revoir"),
    "decks": ("decks", "jeux", "thèmes", "themes"),
}

PAUSE: Verbs = {
    "start": ("start", "lancer", "lance", "go"),
    "skip": ("skip", "passer", "passe", "next"),
    "extend": ("extend", "prolonger", "prolonge"),
    "shorten": ("shorten", "raccourcir", "raccourcis"),
    "end": ("end", "finir", "finis", "fin"),
    "reopen": ("reopen", "rouvrir", "rouvre"),
    "amend": ("amend", "corriger", "corrige"),
    "hold": ("hold", "suspendre", "suspends"),
    "resume": ("resume", "reprendre", "reprise"),
    "stop": ("stop", "arrêter", "arreter", "arrête", "arrete"),
    "book": ("book", "livre"),
    "leave": ("leave", "quitter", "quitte"),
    "me": ("me", "moi"),
    "goal": ("goal", "objectif"),
    "total": ("total", "totaux", "ensemble"),
    "plan": ("plan", "prévoir", "prevoir", "prévois", "prevois"),
    "unplan": ("unplan", "déprogrammer", "deprogrammer"),
    "remind": ("remind", "rappel", "rappels"),
}

TURN: Verbs = {
    "done": ("done", "fini", "finie"),
    "leave": ("leave", "quitter", "quitte"),
    "next": ("next", "suivant", "suivante"),
    "absent": ("absent", "absente"),
}

ROUND: Verbs = {
    "join": ("join", "rejoindre", "rejoins"),
    "start": ("start", "lancer", "lance", "go"),
    "pass": ("pass", "passer", "passe"),
    "done": ("done", "fini", "finie"),
    "next": ("next", "suivant", "suivante"),
    "absent": ("absent", "absente"),
    "extend": ("extend", "prolonger", "prolonge"),
    "hold": ("hold", "suspendre", "suspends"),
    "resume": ("resume", "reprendre", "reprise"),
    "stop": ("stop", "arrêter", "arreter", "arrête", "arrete", "fin"),
}

LOG_WORDS = {
    "pages": "{} pages",
    "page": "page {}",
    "min": "{} min",
    "minutes": "{} min",
    "chap": "{} chap",
    "chapitres": "{} chap",
    "chapters": "{} chap",
}
"""What the number after a word of the command `log` means: "!pages 12" is "!log 12 pages"."""

AGENDA: Verbs = {
    "skip": ("skip", "sauter", "passer"),
    "move": ("move", "déplacer", "deplacer"),
    "cancel": ("cancel", "annuler"),
    "calendar": ("calendar", "calendrier", "ical", "ics"),
}

DAILY: Verbs = {
    "start": ("start", "lancer", "démarrer", "demarrer"),
    "stop": ("stop", "arrêter", "arreter"),
    "now": ("now", "maintenant"),
    "me": ("me", "moi"),
    "answer": ("answer", "répondre", "repondre", "réponse", "reponse"),
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
    "unlink": ("unlink", "délier", "delier"),
    "language": ("language", "langue"),
    "show": ("show", "voir"),
    "sync": ("sync", "synchro"),
    "delay": ("delay", "décalage", "decalage"),
}

HOUSE: Verbs = {
    "join": ("join", "rejoindre", "rejoins"),
    "leave": ("leave", "quitter", "quitte"),
    "list": ("list", "liste"),
    "add": ("add", "ajouter", "ajoute"),
    "rename": ("rename", "renommer", "renomme"),
    "remove": ("remove", "supprimer", "supprime"),
}

RIGHTS: Verbs = {
    "list": ("list", "liste"),
    "add": ("add", "ajouter", "ajoute"),
    "check": ("check", "vérifier", "verifier", "vérifie", "verifie"),
    "end": ("end", "terminer", "termine"),
    "replay": ("replay", "rediffusion"),
    "replays": ("replays", "rediffusions"),
    "removed": ("removed", "retirée", "retiree", "retiré", "retire"),
}

CLUB: Verbs = {
    "list": ("list", "liste"),
    "create": ("create", "créer", "creer", "crée", "cree"),
    "edit": ("edit", "modifier", "modifie"),
    "end": ("end", "terminer", "termine"),
    "attach": ("attach", "accueillir", "accueille"),
    "detach": ("detach", "détacher", "detacher", "détache", "detache"),
    "join": ("join", "rejoindre", "rejoins"),
    "leave": ("leave", "quitter", "quitte"),
    "approve": ("approve", "accepter", "accepte"),
    "decline": ("decline", "décliner", "decliner", "décline"),
    "appoint": ("appoint", "nommer", "nomme"),
    "propose": ("propose", "proposer"),
    "books": ("books", "livres"),
    "withdraw": ("withdraw", "retirer", "retire"),
    "choose": ("choose", "choisir", "choisis"),
    "advance": ("advance", "avancer", "avance"),
    "back": ("back", "revenir", "reviens"),
    "vote": ("vote",),
    "calendar": ("calendar", "calendrier", "ical", "ics"),
    "favourites": ("favourites", "coups", "coup"),
}

CLUB_FAVOURITES: Verbs = {
    "list": ("list", "liste"),
    "write": ("write", "écrire", "ecrire", "écris", "ecris"),
    "withdraw": ("withdraw", "retirer", "retire"),
    "review": ("review", "relire", "relis"),
    "accept": ("accept", "accepter", "accepte"),
    "decline": ("decline", "décliner", "decliner", "décline"),
    "export": ("export", "exporter", "exporte"),
}
"""What follows `club favourites`."""

CLUB_VOTE: Verbs = {
    "status": ("status", "état", "etat"),
    "open": ("open", "ouvrir", "ouvre", "start", "lancer", "lance"),
    "close": ("close", "clore", "fermer", "ferme", "stop", "arrêter", "arreter"),
    "decide": ("decide", "trancher", "tranche"),
}
"""What follows `club vote`."""

PLAN: Verbs = {
    "show": ("show", "voir"),
    "add": ("add", "ajouter", "ajoute", "section", "sections"),
    "generate": ("generate", "générer", "generer", "génère", "genere"),
    "edit": ("edit", "modifier", "modifie"),
    "remove": ("remove", "retirer", "retire"),
    "shift": ("shift", "décaler", "decaler", "décale", "decale"),
    "clear": ("clear", "effacer", "efface"),
    "sums": ("sums", "avancée", "avancee", "avancées", "avancees"),
    "threads": ("threads", "fils", "fil"),
    "nothreads": ("nothreads", "sansfils", "sansfil"),
}

QUESTION: Verbs = {
    "show": ("show", "voir"),
    "next": ("next", "suivante", "suivant"),
    "general": ("general", "générale", "generale"),
    "carry": ("carry", "reporter", "reporte", "garder", "garde"),
    "propose": ("propose", "proposer"),
    "list": ("list", "liste"),
    "review": ("review", "relire"),
    "approve": ("approve", "accepter", "accepte"),
    "edit": ("edit", "modifier", "modifie"),
    "drop": ("drop", "écarter", "ecarter", "écarte", "ecarte", "retirer", "retire"),
}

MINUTES: Verbs = {
    "show": ("show", "voir"),
    "agenda": ("agenda", "ordre"),
    "point": ("point",),
    "tick": ("tick", "cocher", "coche"),
    "decide": ("decide", "décision", "decision"),
    "add": ("add", "ajouter", "ajoute", "noter", "note"),
    "remove": ("remove", "retirer", "retire"),
    "export": ("export", "exporter", "exporte"),
}

VOTE: Verbs = {"withdraw": ("withdraw", "retirer", "retire")}

MEETING: Verbs = {
    "show": ("show", "voir", "list", "liste"),
    "yes": ("yes", "oui"),
    "maybe": ("maybe", "peut-être", "peut-etre", "peutetre"),
    "no": ("no", "non"),
    "remind": ("remind", "rappel", "rappels"),
    "plan": ("plan", "prévoir", "prevoir", "prévois", "prevois"),
    "edit": ("edit", "modifier", "modifie"),
    "move": ("move", "déplacer", "deplacer", "déplace", "deplace"),
    "cancel": ("cancel", "annuler", "annule"),
    "end": ("end", "terminer", "termine"),
    "open": ("open", "ouvrir", "ouvre"),
    "close": ("close", "clore", "fermer", "ferme"),
    "count": ("count", "compte", "compter"),
    "summary": ("summary", "bilan"),
}

PRESENCE: Verbs = {
    "show": ("show", "voir"),
    "add": ("add", "ajouter", "ajoute", "noter", "note"),
}

DECK: Verbs = {
    "list": ("list", "liste", "lister"),
    "show": ("show", "voir"),
    "import": ("import", "importer", "importe"),
    "export": ("export", "exporter", "exporte"),
    "remove": ("remove", "retirer", "retire"),
    "forget": ("forget", "oublier", "oublie"),
    "propose": ("propose", "proposer"),
    "sign": ("sign", "signer", "signe"),
    "review": ("review", "relire"),
    "accept": ("accept", "accepter", "accepte"),
    "reject": ("reject", "écarter", "ecarter", "écarte", "ecarte"),
}

GAME: Verbs = {
    "start": ("start", "lancer", "lance", "go"),
    "stop": ("stop", "arrêter", "arreter", "arrête", "arrete", "fin"),
    "skip": ("skip", "passer", "passe", "next", "suivant", "suivante"),
    "hint": ("hint", "indice"),
    "extend": ("extend", "prolonger", "prolonge"),
    "pause": ("pause",),
    "resume": ("resume", "reprendre", "reprise"),
    "join": ("join", "rejoindre", "rejoins"),
    "leave": ("leave", "quitter", "quitte"),
    "mine": ("mine", "grille", "carte", "card"),
    "approve": ("approve", "valider", "valide"),
    "remove": ("remove", "retirer", "retire"),
    "contest": ("contest", "contester", "conteste"),
    "keep": ("keep", "garder", "garde"),
    "draw": ("draw", "tirer", "tire"),
    "sign": ("sign", "signer", "signe"),
    "practice": ("practice", "entraînement", "entrainement", "practise", "entraîner", "entrainer"),
    "score": ("score", "scores", "points"),
    "rules": ("rules", "règles", "regles", "règle", "regle"),
    "list": ("list", "liste"),
}

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "quiz": (),
    "pause": (),
    "read": ("lis", "jelis"),
    "log": ("noter", "note", *LOG_WORDS),
    "breathe": ("souffle",),
    "turn": ("tour",),
    "round": ("tourdetable", "tour-de-table", "table"),
    "agenda": (),
    "daily": ("qdj",),
    "game": ("jeu",),
    "team": ("équipe", "equipe"),
    "deck": ("questions",),
    "me": ("moi",),
    "top": ("board", "tableau", "classement"),
    "forgetme": ("oubliezmoi", "oubliez-moi", "forget-me"),
    "room": ("salle",),
    "rights": ("droits",),
    "presence": ("présence",),
    "house": ("maison",),
    "club": (),
    "vote": ("voter",),
    "plan": (),
    "reached": ("lu", "jailu", "readto"),
    "meeting": ("rencontre",),
    "here": ("ici",),
    "review": ("avis",),
    "question": (),
    "recap": ("compterendu", "compte-rendu", "récap", "cr"),
    "sync": ("synchro",),
    "stop": ("arrêter", "arreter"),
    "help": ("aide",),
}
"""Every command typed after "!", with its other names; the first of them is the French one, where there is one."""

CLUB_COMMANDS: Final = frozenset(
    {"club", "vote", "plan", "reached", "meeting", "here", "review", "question", "recap", "round"}
)
"""The commands that clubs have."""

VERBS: Mapping[str, Verbs] = {
    "quiz": QUIZ,
    "pause": PAUSE,
    "turn": TURN,
    "round": ROUND,
    "me": ME,
    "forgetme": FORGET,
    "room": ROOM,
    "house": HOUSE,
    "rights": RIGHTS,
    "presence": PRESENCE,
    "club": CLUB,
    "vote": VOTE,
    "plan": PLAN,
    "meeting": MEETING,
    "question": QUESTION,
    "recap": MINUTES,
    "agenda": AGENDA,
    "daily": DAILY,
    "deck": DECK,
    "game": GAME,
}
"""The verbs of each command that has some."""


def is_of_clubs(topic: str) -> bool:
    """Whether help is asked for on clubs, or on one of their commands."""
    word = fold(topic.lstrip("!/"))
    names = (name for key in CLUB_COMMANDS for name in (key, *COMMANDS[key]))
    return word in {"clubs", *map(fold, names)}


def read(text: str, verbs: Verbs) -> tuple[str | None, str]:
    """Return the verb that `text` begins with and the rest; None when it begins with none."""
    first, *rest = text.split(None, 1) or [""]
    word = fold(first).replace(" ", "")
    for verb, words in verbs.items():
        if word in words:
            return verb, "".join(rest).strip()
    return None, text.strip()


def nearest(word: str, words: list[str]) -> str | None:
    """Return the word that a mistyped one may have meant, or None when it is not near to any.

    Strict, because other bots answer in the same chat: "!uptime" is none of ours.
    """
    typed = fold(word)
    slips = {known: OSA.distance(typed, fold(known)) for known in words}
    near = [known for known, count in slips.items() if count <= _slips_allowed(known)]
    return min(near, key=lambda known: slips[known], default=None)


def _slips_allowed(known: str) -> int:
    return 0 if len(known) <= 3 else 1 if len(known) <= 7 else 2


def called(command: str, locale: str, verb: str = "") -> str:
    """Return how a command, and a verb of it, are typed in a language."""
    names = [(command, *COMMANDS[command])]
    if verb:
        names.append(VERBS[command][verb])
    return f"!{' '.join(_in(words, locale) for words in names)}"


def _in(words: Sequence[str], locale: str) -> str:
    """Return a word in a language, of its names: the English one first, then the French one, where there is one."""
    return words[1] if locale == "fr" and len(words) > 1 else words[0]


def mistyped(command: str, text: str, locale: str, otherwise: str = "") -> Refusal:
    """Return the refusal (`usage`) of text that begins with no verb of a command.

    It names the command with the verb that may have been meant, else `otherwise`, or the command alone.
    """
    near = nearest(text.split()[0], [word for words in VERBS[command].values() for word in words])
    alone = called(command, locale)
    return Refusal("usage", usage=f"{alone} {near}" if near else otherwise or alone)


def nearest_command(word: str) -> str | None:
    """Return the command that a mistyped one may have meant."""
    known = [*COMMANDS, *(name for names in COMMANDS.values() for name in names)]
    return nearest(word, known)


def others(verbs: Verbs, verb: str) -> list[str]:
    """Return the other words for a verb, as aliases of a text command."""
    return [word for word in verbs[verb] if word != verb]


def logged(word: str, text: str) -> str:
    """Return what was meant by a word of the command `log` and the text after it: "!pages 12" is "!log 12 pages".

    Text that says its own unit stands as it is.
    """
    number, form = text.strip(), LOG_WORDS.get(fold(word))
    if form is None or not number or any(char.isalpha() or char in "%:/" for char in number):
        return text
    return form.format(number) if number.isdecimal() else f"{word} {number}"


def check_turn(text: str) -> None:
    """Raise `Refusal` (`usage`) for "!tour de table", which is a command of its own, in one word."""
    if fold(text).split()[:2] == ["de", "table"]:
        raise Refusal("usage", usage="!tourdetable")
