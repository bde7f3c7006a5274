"""What a French-speaking chat looks like: lines of varied length, none of them an answer to a question asked here."""

import random

from games.question import Question
from games.quiz import QuizOptions

SHORT = (
    "mdr", "ok", "ah oui", "😂", "gg", "salut !", "bonsoir à tous", "je sèche…", "aucune idée", "c’est dur", "Zola ?",
    "Le Rouge et le Noir", "Germinal", "Balzac !!", "pas mal", "hein ?", "bien joué Inès", "l’Odyssée ?", "Candide",
    "👏👏👏", "trop facile", "un indice svp", "Les Fleurs du mal", "Bel-Ami", "merci", "j’hésite", "Salammbo",
)  # fmt: skip
LONG = (
    "je crois qu’on l’avait lu en troisième avec madame Laborde, mais alors le titre…",
    "Bonsoir tout le monde, désolée pour le retard, le petit ne voulait pas dormir !",
    "c’est celui où il y a la scène du bal, non ? ou alors je confonds avec la princesse de Clèves",
    "on l’a en poche à la médiathèque d’Este, rayon littérature, je l’ai rendu la semaine dernière",
    "Ça me dit quelque chose, mais je n’arrive pas à remettre la main dessus 🤔",
    "je dirais Les Misérables mais sans aucune conviction",
    "est-ce que le film compte ? parce que j’ai surtout vu le film, à vrai dire…",
    "quelqu’un a noté la référence du livre de tout à l’heure ? celui sur les Pyrénées",
    "La réponse est L’Éducation sentimentale !",
    "bravo à l’équipe pour l’organisation, ça fait du bien de se retrouver même à distance",
    "Personnellement j’avais adoré la première partie, la deuxième beaucoup moins ; vous l’avez tous fini ?",
    (
        "Alors moi il m’a fallu trois étés et deux prolongations de prêt pour en venir à bout, et la bibliothécaire a "
        "fini par me l’offrir quand ils ont désherbé les rayons : il est resté sur ma table de nuit jusqu’à Noël !"
    ),
)  # fmt: skip

QUESTION = Question(
    prompt="Quel roman de Flaubert a pour sous-titre « Mœurs de province » ?",
    answer="Madame Bovary",
    accept=("Mme Bovary", "Emma Bovary", "Bovary"),
)
CHOICES = Question(
    prompt="Dans quel roman de Zola descend-on à la mine ?",
    answer="« Germinal »",
    wrong=("« Nana »", "« La Terre »", "« L’Œuvre »"),
)
AUTHORS = 240


def lines(count: int, seed: int = 64) -> list[str]:
    """Return `count` lines, two short ones to a long one, some of them with a number so that they differ."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        text = chance.choice(SHORT if chance.random() < 0.66 else LONG)
        found.append(f"{text} {chance.randrange(100)}" if chance.random() < 0.2 else text)
    return found


def names(count: int, seed: int = 64) -> list[str]:
    """Return `count` logins that differ, as people choose them."""
    chance = random.Random(seed)
    first = (
        "ines",
        "leo",
        "camille",
        "noe",
        "marie",
        "jb",
        "lectrice",
        "biblio",
        "pau",
        "bearn",
        "xx_ossau",
        "gave",
    )
    return [f"{chance.choice(first)}_{chance.randrange(10, 100)}_{n}" for n in range(count)]


def options(question: Question, *, copies: int = 1, seconds: float, lobby: float) -> QuizOptions:
    """Return a round of one question, asked `copies` times."""
    return QuizOptions("Banc d’essai", "fr", (question,) * copies, seconds, lobby, 0.5)
