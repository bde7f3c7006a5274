"""OpenQuizzDB (French, CC BY-SA): one JSON file a theme, by language, then by level."""

from collections.abc import Iterator
from typing import Any

from bot.formats import json_text
from bot.formats.json_text import Object
from bot.formats.reading import Reading, Row, multiple_choice

LICENCE = "CC BY-SA"
PROVIDER = "OpenQuizzDB"
LEVELS = {"debutant": 1, "confirme": 2, "expert": 3}


def read(data: bytes, reading: Reading) -> list[Row]:
    """Return the questions in the language asked for; the file's author, licence and theme are kept."""
    loaded = json_text.load(data, reading)
    languages = loaded.get("quizz") if isinstance(loaded, Object) else None
    if not isinstance(languages, Object):
        raise reading.refusal(1, "not-this-format", format="openquizzdb")
    if not isinstance(languages.get(reading.asked), Object):
        known = ", ".join(sorted(languages))[:100]
        raise reading.refusal(languages.line, "no-locale", locale=reading.asked, known=known)
    _describe(loaded, reading)
    levels = languages[reading.asked]
    objects = [
        (item, LEVELS[level])
        for level, questions in levels.items()
        if level in LEVELS and isinstance(questions, list)
        for item in questions
    ]
    for level in levels:
        if level not in LEVELS:
            reading.flag(levels.line, "unknown-field", field=level[:60])
    return reading.take(_rows(objects, reading))


def _describe(loaded: Object, reading: Reading) -> None:
    author = loaded.text("redacteur")
    provider = loaded.text("fournisseur") or PROVIDER
    reading.state("author", f"{author}, {provider}" if author else provider, loaded.line)
    reading.state("licence", loaded.text("licence"), loaded.line)
    reading.assumed["licence"] = LICENCE
    themes = loaded.get("categorie nom slogan")
    theme = themes.get(reading.asked) if isinstance(themes, Object) else None
    if isinstance(theme, Object):
        reading.assumed["title"] = reading.html(theme.text("nom"), theme.line)
        reading.state("description", reading.html(theme.text("slogan"), theme.line), theme.line)


def _rows(objects: list[tuple[Any, int]], reading: Reading) -> Iterator[Row]:
    levels = {id(item): level for item, level in objects}
    for line, item in json_text.numbered(item for item, _ in objects):
        prompt = reading.html(item.text("question"), line)
        choices = [reading.html(text, line) for text in item.texts("propositions")]
        right = reading.html(item.text("reponse"), line)
        if choices:
            fields = multiple_choice(prompt, choices, right, line, reading)
        else:
            fields = {"prompt": prompt, "answer": right}
        if fields is None:
            continue
        if anecdote := reading.html(item.text("anecdote"), line):
            fields["explanation"] = anecdote
        yield Row(line, fields | {"difficulty": levels[id(item)]})
