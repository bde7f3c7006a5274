"""Days in words."""

from datetime import date

from babel.dates import format_date

from bot.wording.speech import Speech


def in_words(day: date, speech: Speech) -> str:
    """Return "10 mars 2026", "1er janvier 2027", "10 March 2026"."""
    text = format_date(day, "d MMMM y", locale=speech.locale)
    return text.replace("1 ", "1er ", 1) if speech.locale == "fr" and day.day == 1 else text
