"""What people type at a quiz evening, and what a kind but exact quizmaster says of it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from games.matching import Verdict


class Pair(NamedTuple):
    """One typed line, the question's answers, and the verdict expected."""

    typed: str
    accepted: tuple[str, ...]
    locale: str
    person: bool
    wrong: tuple[str, ...]
    expected: Verdict


def _asked(
    locale: str,
    *accepted: str,
    person: bool = False,
    choices: tuple[str, ...] = (),
    right: Iterable[str] = (),
    close: Iterable[str] = (),
    wrong: Iterable[str] = (),
) -> Iterator[Pair]:
    lists = {Verdict.RIGHT: right, Verdict.CLOSE: close, Verdict.WRONG: wrong}
    for verdict, lines in lists.items():
        for typed in lines:
            yield Pair(typed, accepted, locale, person, choices, verdict)


FRENCH_TITLES = (
    *_asked(
        "fr",
        "« Germinal »",
        right=(
            "germinal", "GERMINAL", "Germinal.", "germinal ???", "« Germinal »", '"germinal"', "c'est Germinal",
            "C’est germinal !!!", "je dirais germinal", "La réponse est : Germinal", "Germinal 😀", "  germinal  ",
            "**Germinal**", "||germinal||", "germnial", "Germianl", "germinale", "Gérminal", "Germinal svp",
            "GERMINAL !!!!!!",
        ),
        close=("germinalle", "jerminale"),
        wrong=(
            "pas germinal", "c'est pas germinal", "germinal ou nana", "nana ou germinal", "germinal nana", "nana",
            "germinal 2", "germe", "non", "un indice svp", "j'ai lu germinal", "sauf germinal", "germinal/nana",
            "germinal non", "Floréal", "",
        ),
    ),
    *_asked(
        "fr",
        "L’Étranger",
        right=(
            "l'étranger", "l etranger", "letranger", "L'ETRANGER", "etranger", "L`étranger", "l´étranger",
            "L’etrangé",
            "l'étrangé", "l'etranjer", "c'est l'étranger", "L'Étranger ?", "cest letranger",
        ),
        wrong=("les étrangers à la ville", "pas l'étranger", "la peste", "l'étrange cas", "l'étranger ou la peste"),
    ),
    *_asked(
        "fr",
        "Le Petit Prince",
        right=(
            "le petit prince", "petit prince", "Le ptit prince", "le petit princr", "LE PETIT PRINCE",
            "lepetitprince",
            "le peti prince", "le petit pince", "Le Petit-Prince", "la petit prince", "Le petit prince 👑🦊",
            "le prtit prince",
        ),
        close=("le piti prinse", "le ptit prinsse"),
        wrong=(
            "le prince", "prince", "le petit", "le petit nicolas", "le petit prince ou vol de nuit",
            "le grand prince",
        ),
    ),
    *_asked(
        "fr",
        "« Vingt mille lieues sous les mers »",
        right=(
            "vingt mille lieues sous les mers", "20000 lieues sous les mers", "20 000 lieues sous les mers",
            "20.000 lieues sous les mers", "20 mille lieues sous les mers", "Vingt-mille lieues sous les mers",
            "vingt milles lieues sous les mers", "20 000 lieux sous les mers", "20000 lieues sous les mers !!",
            "vingt mille lieues sous les mer", "20\u202f000 lieues sous les mers",
            "Les vingt mille lieues sous les mers", "vingtmille lieues sous les mers",
        ),
        wrong=(
            "dix mille lieues sous les mers", "2000 lieues sous les mers", "vingt lieues sous les mers",
            "200000 lieues sous les mers", "vingt mille", "20000", "lieues sous les mers",
        ),
    ),
    *_asked(
        "fr",
        "Cent ans de solitude",
        right=(
            "cent ans de solitude", "100 ans de solitude", "cents ans de solitude", "Cent ans de solitud",
            "cent ans de solitude…", "CENT ANS DE SOLITUDE", "cent an de solitude", "100 an de solitudse",
        ),
        close=("100 an de solitudsse",),
        wrong=(
            "sans ans de solitude", "mille ans de solitude", "solitude", "10 ans de solitude",
            "cent un ans de solitude",
        ),
    ),
    *_asked(
        "fr",
        "Les Mille et Une Nuits",
        right=(
            "les mille et une nuits", "mille et une nuits", "1001 nuits", "les 1001 nuits", "1 001 nuits",
            "mille & une nuits", "milles et une nuits", "mille et une nuit", "Les Mille-et-Une Nuits",
            "mille une nuits",
        ),
        wrong=("mille nuits", "1000 nuits", "mille et deux nuits", "101 nuits", "une nuit"),
    ),
    *_asked(
        "fr",
        "Quatrevingt-treize",
        right=(
            "quatre-vingt-treize", "93", "quatre vingt treize", "Quatrevingt-treize", "nonante-trois",
            "quatre-vingts-treize",
        ),
        wrong=("94", "quatre-vingt-quatorze", "treize", "quatre-vingt", "83", "1793", "quatre"),
    ),
    *_asked(
        "fr",
        "Le Rouge et le Noir",
        right=(
            "le rouge et le noir", "rouge et le noir", "le rouge & le noir", "Le rouge et le noir 🔴⚫",
            "le rouge est le noir", "le rouge et le moir", "rouge et noir", "lerouge et le noir",
        ),
        wrong=("le rouge", "le noir", "rouge", "le blanc et le noir", "le rouge ou le noir"),
        close=("rouge e noir",),
    ),
    *_asked(
        "fr",
        "Bel-Ami",
        right=("bel ami", "belami", "Bel-Ami", "BEL AMI", "bel-ami !", "bel amie", "bell ami", "Bel\u2011Ami"),
        wrong=("ami", "bel", "mon bel inconnu", "bel ami non"),
    ),
    *_asked(
        "fr",
        "L’Œuvre",
        right=("l'oeuvre", "l'œuvre", "loeuvre", "oeuvre", "L'ŒUVRE", "l'euvre"),
        wrong=("l'oeuvre au noir", "oeuf", "l’ouvre-boîte"),
    ),
    *_asked(
        "fr",
        "L’Or",
        right=("l'or", "lor", "L’OR", "or", "c'est l'or"),
        wrong=("l'ordre", "loir", "l'os", "ors", "pas l'or", "l'or ou l'argent"),
    ),
    *_asked(
        "fr",
        "La Mer",
        right=("la mer", "mer", "lamer", "LA MER 🌊"),
        wrong=("l'amer", "la mère", "la merde", "mère", "la Mecque", "le maire"),
    ),
    *_asked(
        "fr",
        "Une vie",
        right=("une vie", "vie", "Une Vie.", "la vie"),
        wrong=("6", "VI", "deux vies", "une ville", "1 vieux", "vive"),
    ),
    *_asked(
        "fr",
        "À la recherche du temps perdu",
        right=(
            "a la recherche du temps perdu", "A LA RECHERCHE DU TEMPS PERDU", "à la recherche du tps perdu",
            "a la recherche du temp perdu", "à la recheche du temps perdu", "ala recherche du temps perdu",
            "alarecherchedutempsperdu", "a la recherche du temps perdus", "À la recherche du temps perdu 📚",
        ),
        close=("a la recherch du tps perdu",),
        wrong=("la recherche", "le temps perdu", "le temps retrouvé", "temps perdu", "à la recherche du bonheur"),
    ),
)  # fmt: skip

FRENCH_PEOPLE = (
    *_asked(
        "fr",
        "Émile Zola",
        person=True,
        right=(
            "zola", "Zola", "ZOLA !!!", "emile zola", "Emil Zola", "Émile Zola", "c'est Zola", "E. Zola",
            "zola svp",
            "Zola, Émile", "emile zolla", "EmileZola", "zola ???", "je dirais Zola",
        ),
        wrong=(
            "emile", "pas zola", "zola ou hugo", "zolla", "Zoé", "zola hugo", "non, zola", "Émile Gaboriau",
            "hugo",
        ),
    ),
    *_asked(
        "fr",
        "Antoine de Saint-Exupéry",
        person=True,
        right=(
            "saint exupery", "Saint-Exupéry", "st exupery", "St-Exupéry", "exupéry", "antoine de st exupery",
            "saint exupéri", "Saint-Exupery 🦊", "de saint-exupéry", "antoine de saint exupery", "saintexupery",
        ),
        wrong=("antoine", "saint antoine", "saint", "antoine de saint", "pas saint-exupéry"),
    ),
    *_asked(
        "fr",
        "Gabriel García Márquez",
        person=True,
        right=(
            "marquez", "García Márquez", "garcia marquez", "Gabriel Garcia Marquez", "G. García Márquez",
            "marqez",
        ),
        wrong=("gabriel", "garcia", "garcía lorca", "gabriel garcia", "Gabriela Mistral"),
    ),
    *_asked(
        "fr",
        "Pierre Corneille",
        person=True,
        right=(
            "corneille", "Corneile", "P. Corneille", "pierre corneille", "CORNEILLE", "Corneille, Pierre",
            "corneil",
        ),
        wrong=(
            "Thomas Corneille", "T. Corneille", "pierre", "racine", "corneille ou racine",
            "molière et corneille",
        ),
    ),
    *_asked(
        "fr",
        "Louis XIV",
        person=True,
        right=(
            "louis xiv", "Louis 14", "louis quatorze", "LOUIS XIV", "luis xiv", "Louis-XIV", "louisxiv",
            "louis14",
        ),
        wrong=(
            "xiv", "14", "louis", "louis xv", "louis xvi", "louis 15", "louis quinze", "quatorze", "Louis XIII",
            "louis 4",
        ),
    ),
    *_asked(
        "fr",
        "François Ier",
        right=(
            "françois 1er", "francois premier", "François Ier", "francois 1", "François I", "françoi 1er",
            "Francois 1ER",
        ),
        wrong=("françois", "premier", "françois 2", "françois II", "1er", "henri 1er"),
    ),
    *_asked(
        "fr",
        "Alexandre Dumas fils",
        person=True,
        right=("dumas fils", "alexandre dumas fils", "Alexandre Dumas, fils", "A. Dumas fils"),
        wrong=("fils", "alexandre", "dumas père", "Alexandre Dumas père"),
    ),
    *_asked(
        "fr",
        "Jorge Luis Borges",
        person=True,
        right=(
            "borges", "Borgès", "jorge luis borges", "J. L. Borges", "JL Borges", "jorge borges", "Luis Borges",
            "Borjes",
        ),
        close=("jorge", "Borjees"),
        wrong=("jorge luis", "luis", "cortazar", "pas borges"),
    ),
    *_asked(
        "fr",
        "Otto Dix",
        person=True,
        right=("Dix", "otto dix", "OTTO DIX"),
        wrong=("Otto Six", "six", "Otto", "mix", "Otto Mix"),
    ),
    *_asked(
        "fr",
        "Jean de La Fontaine",
        person=True,
        right=(
            "la fontaine", "lafontaine", "fontaine", "jean de la fontaine", "Jean de Lafontaine",
            "La Fontaine !",
        ),
        wrong=("jean", "la fontaine ou ésope", "Fontenelle"),
    ),
    *_asked(
        "fr",
        "Jeanne d’Arc",
        right=("jeanne d'arc", "jeanne darc", "Jeanne D’Arc", "jeane d'arc", "JEANNE D ARC", "jeannedarc"),
        wrong=("jeanne", "arc", "l'arc", "jeanne ou marc"),
    ),
    *_asked(
        "fr",
        "Madame de Sévigné",
        person=True,
        right=(
            "sévigné", "mme de sévigné", "Madame de Sevigne", "de sévigné", "Mme de Sevigné", "sevigner",
            "madame de Sévigny",
        ),
        wrong=("madame", "mme", "Madame de Staël", "mme de la fayette"),
    ),
    *_asked(
        "fr",
        "Henri IV",
        right=("henri 4", "henri quatre", "Henry IV", "henri iv", "HENRI IV", "c’est henri iv"),
        wrong=("henri", "henri v", "henri vi", "henri 6", "iv", "henri iii", "henri 44", "henri catre"),
    ),
)  # fmt: skip

FRENCH_NUMBERS = (
    *_asked(
        "fr",
        "1789",
        right=(
            "1789", "1 789", "mille sept cent quatre-vingt-neuf", "c'est 1789", "1789 !", "1789 ?",
            "mille sept cent quatre vingt neuf", "dix-sept cent quatre-vingt-neuf", "MDCCLXXXIX", "1789 svp",
            "１７８９",
        ),
        wrong=("1788", "1798", "17890", "789", "1789 ou 1790", "17 89", "1889", "pas 1789", "1789-1790", "1 7 8 9"),
    ),
    *_asked(
        "fr",
        "Dix-sept",
        "17 syllabes",
        right=(
            "17", "dix-sept", "dix sept", "Dix-Sept", "XVII", "17 syllabes", "dix-sept syllabes",
            "dix-sept sylabes", "17 sylabe",
        ),
        wrong=("7", "16", "sept", "dix", "18", "dix-huit", "17 ou 18", "16 syllabes", "dixsepte", "10 7 syllabes"),
    ),
    *_asked(
        "fr",
        "71",
        right=("71", "soixante et onze", "soixante-et-onze", "septante et un", "septante-et-un", "soixante & onze"),
        wrong=("61", "soixante", "soixante-dix", "17", "60 11"),
    ),
    *_asked(
        "fr",
        "21",
        right=("21", "vingt et un", "vingt-et-un", "vingt et une", "XXI", "vingt-et-une"),
        wrong=("20", "vingt", "22", "12", "un", "vingt ou un", "20 et 1"),
    ),
    *_asked(
        "fr",
        "Le XVIIe siècle",
        right=(
            "17e siècle", "XVIIe siecle", "17ème siècle", "dix-septième siècle", "XVIIe siècle ?",
            "17 eme siecle", "XVIIème siècle", "le 17e siecle",
        ),
        wrong=("18e siècle", "XVIIIe siècle", "XVIe siècle", "siècle", "17", "le 7e siècle"),
    ),
    *_asked(
        "fr",
        "Le Deuxième Sexe",
        right=(
            "le deuxieme sexe", "2e sexe", "le 2ème sexe", "Le 2eme sexe", "le second sexe", "deuxième sexe",
            "le 2e sexe !",
        ),
        wrong=("le troisième sexe", "3e sexe", "le sexe", "deuxième", "2e"),
    ),
    *_asked(
        "fr",
        "80 jours",
        right=(
            "80 jours", "quatre-vingts jours", "quatre-vingt jours", "huitante jours", "80 jour",
            "octante jours", "80jours",
        ),
        wrong=("80", "81 jours", "quatre jours", "vingt jours", "4 20 jours", "8 jours", "80 ans"),
    ),
    *_asked(
        "fr",
        "1er mai 1968",
        right=("1er mai 1968", "1 mai 1968", "le premier mai 1968", "Le 1er Mai 1968", "le 1er mai 1968 !"),
        wrong=("mai 1968", "2 mai 1968", "1er mai 1969", "1er mai", "11 mai 1968", "mai 68"),
    ),
    *_asked(
        "fr",
        "Un",
        right=("un", "1", "UN !", "une", "c'est un"),
        wrong=("deux", "le", "la", "11", "I l"),
    ),
    *_asked(
        "fr",
        "Les Trois Mousquetaires",
        right=(
            "les 3 mousquetaires", "trois mousquetaires", "les trois mousquetaire", "3 mousquetaires",
            "Les III mousquetaires",
            "les 3 mousquetères", "LES TROIS MOUSQUETAIRES",
        ),
        wrong=(
            "les quatre mousquetaires", "4 mousquetaires", "mousquetaires", "les mousquetaires", "trois",
            "les trops mousquetaires",
        ),
    ),
    *_asked(
        "fr",
        "Le Neuvième Livre",
        "Quoi de neuf",
        right=("neuvième livre", "9e livre", "le 9eme livre", "quoi de neuf", "quoi de neuf ?", "9ème livre"),
        wrong=("9 livres et un chat", "le huitième livre", "neuf", "quoi d'oeuf", "quoi de veuf"),
    ),
    *_asked(
        "fr",
        "300 000",
        right=("300000", "trois cent mille", "300 mille", "trois-cent-mille", "300.000", "300 000 !"),
        wrong=("300", "3000", "trois cents", "30000", "trois mille", "3 000 000"),
    ),
)  # fmt: skip

ENGLISH = (
    *_asked(
        "en",
        "Nineteen Eighty-Four",
        right=(
            "1984", "nineteen eighty-four", "nineteen eighty four", "Nineteen Eighty-Four.", "it's 1984",
            "NINETEEN EIGHTY FOUR",
        ),
        wrong=(
            "1985", "nineteen eighty-five", "84", "nineteen", "1894", "19 84", "1948", "not 1984",
            "nineteen eigthy-four",
        ),
    ),
    *_asked(
        "en",
        "The Hobbit",
        right=(
            "hobbit", "the hobbit", "The Hobbit!!!", "it's the hobbit", "I think it's The Hobbit", "hobbitt",
            "the hobit", "thehobbit", "the hobbit please",
        ),
        wrong=(
            "not the hobbit", "the hobbit or dune", "rabbit hole", "the hob", "a hobbit house",
            "no, the hobbit", "never the hobbit",
        ),
        close=("the hobitt",),
    ),
    *_asked(
        "en",
        "Pride and Prejudice",
        right=(
            "pride and prejudice", "Pride & Prejudice", "pride&prejudice", "pride and predjudice",
            "Pride and prejudise",
            "PRIDE AND PREJUDICE", "prideandprejudice", "pride n prejudice", "“Pride and Prejudice”",
        ),
        close=("pride n predjudice",),
        wrong=("pride", "prejudice", "pride or prejudice", "sense and sensibility", "prejudice and pride"),
    ),
    *_asked(
        "en",
        "Catch-22",
        right=("catch 22", "catch22", "Catch twenty-two", "catch-22", "cach 22", "Catch Twenty Two", "Catch XXII"),
        wrong=("catch 23", "catch", "22", "catch 2", "catch twenty", "catch 20 2"),
    ),
    *_asked(
        "en",
        "Slaughterhouse-Five",
        right=(
            "slaughterhouse 5", "slaughterhouse five", "Slaughterhouse V", "slaughter house five",
            "slaugterhouse 5",
        ),
        wrong=("slaughterhouse", "slaughterhouse 4", "slaughterhouse four", "five", "slaughterhouse fire"),
    ),
    *_asked(
        "en",
        "Henry VIII",
        right=(
            "henry 8", "henry viii", "Henry the Eighth", "henry the 8th", "Henri VIII", "henry eight",
            "HENRY VIII",
        ),
        wrong=("henry", "henry vii", "henry 7", "eighth", "henry the seventh", "henry viiii"),
    ),
    *_asked(
        "en",
        "I, Claudius",
        right=("i claudius", "I, Claudius", "I, CLAUDIUS!", "claudius", "I Claudus"),
        wrong=("1", "claude", "claudius the god"),
    ),
    *_asked(
        "en",
        "Martin Luther King Jr.",
        person=True,
        right=(
            "king", "martin luther king", "Martin Luther King Jr", "luther king", "martin luther king jr.",
            "M. L. King",
        ),
        wrong=("jr", "junior", "martin", "martin luther", "luther", "not king", "kong"),
    ),
    *_asked(
        "en",
        "J. R. R. Tolkien",
        person=True,
        right=(
            "tolkien", "JRR Tolkien", "J.R.R. Tolkien", "Tolkein", "j r r tolkien", "TOLKIEN!", "jrr tolkein",
            "tolkein?",
        ),
        wrong=("jrr", "J. R. R.", "tolstoy", "c s lewis", "tolkien or lewis", "C. Tolkien"),
    ),
    *_asked(
        "en",
        "Ursula K. Le Guin",
        person=True,
        right=("le guin", "leguin", "Ursula Le Guin", "ursula k le guin", "U. K. Le Guin", "Ursula K LeGuin"),
        wrong=("ursula", "penguin books"),
    ),
    *_asked(
        "en",
        "Edgar Allan Poe",
        person=True,
        right=(
            "poe", "edgar allan poe", "Edgar Allen Poe", "edgar poe", "E. A. Poe", "allan poe",
            "Poe, Edgar Allan",
        ),
        wrong=("edgar", "pope", "po", "poet", "not poe", "edgar allan"),
    ),
    *_asked(
        "en",
        "Charlotte Brontë",
        person=True,
        right=("bronte", "charlotte bronte", "C. Brontë", "Charlotte Brontê", "brontë 🖤"),
        wrong=("emily bronte", "E. Brontë", "anne brontë", "charlotte", "charlotte or emily"),
    ),
    *_asked(
        "en",
        "One Flew Over the Cuckoo’s Nest",
        right=(
            "one flew over the cuckoos nest", "One Flew Over The Cuckoo's Nest", "1 flew over the cuckoo's nest",
            "one flew over the cuckoo nest", "one flew over the cukoos nest",
        ),
        wrong=("two flew over the cuckoo's nest", "cuckoo's nest", "one flew over"),
    ),
    *_asked(
        "en",
        "One Hundred Years of Solitude",
        right=(
            "100 years of solitude", "one hundred years of solitude", "a hundred years of solitude",
            "hundred years of solitude", "100 years of solitute",
        ),
        wrong=("1000 years of solitude", "one thousand years of solitude", "solitude", "years of solitude"),
    ),
    *_asked(
        "en",
        "A Tale of Two Cities",
        right=(
            "tale of two cities", "a tale of 2 cities", "the tale of two cities", "a tail of two cities",
            "A Tale Of Two Citys",
        ),
        wrong=("a tale of three cities", "two cities", "a tale of cities", "a tale of too cities"),
    ),
    *_asked(
        "en",
        "What I Loved",
        right=("what i loved", "What I loved!", "what I lovd"),
        wrong=("what we loved and lost", "i loved", "loved"),
    ),
    *_asked(
        "en",
        "The Third Man",
        right=("third man", "the 3rd man", "the third man", "3rd man"),
        wrong=("three men", "the second man", "the 4th man", "man", "three men in a boat"),
    ),
    *_asked(
        "en",
        "1,001",
        right=(
            "1001", "1,001", "one thousand and one", "a thousand and one", "one thousand one", "1 001",
            "thousand and one",
        ),
        wrong=("1000", "101", "1002", "one thousand", "a thousand and two", "1 1"),
    ),
    *_asked(
        "en",
        "Moby-Dick",
        "The Whale",
        right=(
            "moby dick", "Moby-Dick", "mobydick", "the whale", "MOBY DICK", "mobby dick", "moby dik", "whale",
            "the wale",
        ),
        wrong=("moby", "dick", "whales or sharks", "the shale or", "moby duck island", "jaws"),
    ),
    *_asked(
        "en",
        "May 1st",
        right=("may 1", "may 1st", "May the first", "may first", "MAY 1ST"),
        wrong=("may", "may 2nd", "may 11", "may 21st", "march 1st"),
    ),
)  # fmt: skip

WITH_CHOICES = (
    *_asked(
        "fr",
        "Verlaine",
        choices=("Verhaeren", "Verhaine"),
        right=("verlaine", "Verlayne", "VERLAINE !"),
        wrong=("Verhaeren", "verhaine", "vertaine"),
    ),
    *_asked(
        "fr",
        "Racine",
        choices=("Rapine", "Racan"),
        right=("racine", "racinne", "racines"),
        wrong=("rapine", "ravine", "racan", "rapines"),
    ),
    *_asked(
        "fr",
        "Marguerite Duras",
        choices=("Marguerite Yourcenar",),
        person=True,
        right=("duras", "marguerite duras", "Margueritte Duras", "Marguerite Durras", "M. Duras"),
        close=("durasse",),
        wrong=("marguerite", "yourcenar", "marguerite yourcenar", "duras ou yourcenar"),
    ),
    *_asked(
        "en",
        "Louis XVI",
        choices=("Louis XIV", "Louis XV"),
        right=("louis xvi", "Louis 16", "louis the sixteenth"),
        wrong=("louis xiv", "louis xv", "louis 14", "louis xvii", "louis the fourteenth"),
    ),
    *_asked(
        "en",
        "Mars",
        choices=("March", "Mare"),
        right=("mars", "MARS", "Mars 🪐"),
        wrong=("march", "mar", "marss", "mats"),
    ),
)  # fmt: skip

LIFE = (
    *_asked(
        "fr",
        "Roméo & Juliette",
        right=(
            "romeo et juliette", "Roméo et Juliette ❤️", "romeo&juliette", "romeo et juliete",
            "Roméo et Juliet",
        ),
        wrong=("roméo", "juliette", "roméo ou juliette", "romeo pas juliette", "tristan et iseut"),
    ),
    *_asked(
        "fr",
        "Astérix",
        right=("asterix", "asterixe", "ASTÉRIX 💪", "Astréix", "aste\u0301rix", "Ａｓｔérix", "As\u00adtérix"),
        wrong=("obélix", "astérix et obélix", "idéfix", "asterix gladiateur", "mdr", "aucune idée", "c'est dur"),
    ),
    *_asked(
        "fr",
        "Les Fleurs du mal",
        right=(
            "les fleurs du mal", "fleurs du mal", "Les fleurs du mal 🌸🌸", "les fleur du mal",
            "le fleur du male", "les fleurs du mâle",
            "lesfleursdumal", "« Les Fleurs du mal »...", "les-fleurs-du-mal", "les_fleurs_du_mal",
            "LES FLEURS DU MAL",
        ),
        close=("le fleur du malle",),
        wrong=(
            "les fleurs", "fleurs", "du mal", "les fleurs du bien ?", "pas les fleurs du mal",
            "les fleurs du mal ou les pleurs",
        ),
    ),
    *_asked(
        "fr",
        "On n’est pas sérieux",
        right=("on n'est pas sérieux", "on est pas sérieux", "on n'est pas serieux", "on nest pas sérieux"),
        wrong=("on n'est sérieux", "sérieux", "pas sérieux"),
    ),
    *_asked(
        "fr",
        "B 612",
        right=("b612", "B-612", "b 612", "B612 !"),
        wrong=("b 613", "612", "b", "a 612", "b 6 12"),
    ),
    *_asked(
        "fr",
        "Passage",
        right=("passage", "pasage", "le passage", "Passages"),
        wrong=("pas sage", "passager clandestin", "pas", "sage"),
    ),
)  # fmt: skip

TABLE: tuple[Pair, ...] = (
    FRENCH_TITLES + FRENCH_PEOPLE + FRENCH_NUMBERS + ENGLISH + WITH_CHOICES + LIFE
)
