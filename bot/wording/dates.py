"""Dates and times in words: "mardi 10 mars à 18 h 30", "Tuesday 10 March, 6:30 pm"."""

from datetime import date, datetime

from babel.dates import format_date, get_day_names, get_month_names

from bot.wording.speech import Speech

NO_BREAK = "\u00a0"


def weekday(number: int, speech: Speech) -> str:
    """Return a day of the week by its number, Monday's being 0."""
    return str(get_day_names(locale=speech.locale)[number])


def month(number: int, speech: Speech) -> str:
    """Return a month by its number, January's being 1."""
    return str(get_month_names(locale=speech.locale)[number])


def day(local: datetime, speech: Speech, now: datetime) -> str:
    """Return a day, with its year when that is not the present one; both times are local there."""
    number = "1er" if speech.locale == "fr" and local.day == 1 else str(local.day)
    year = "" if local.year == now.year else f" {local.year}"
    return (
        f"{weekday(local.weekday(), speech)} {number}{NO_BREAK}{month(local.month, speech)}{year}"
    )


def clock(local: datetime, speech: Speech) -> str:
    """Return a time of day."""
    if speech.locale == "fr":
        minutes = f"{NO_BREAK}{local.minute:02d}" if local.minute else ""
        return f"{local.hour}{NO_BREAK}h{minutes}"
    minutes = f":{local.minute:02d}" if local.minute else ""
    half = "am" if local.hour < 12 else "pm"
    return f"{(local.hour - 1) % 12 + 1}{minutes}{NO_BREAK}{half}"


def moment(local: datetime, speech: Speech, now: datetime) -> str:
    """Return a day and a time."""
    return speech.gettext("{day}, {time}", day=day(local, speech, now), time=clock(local, speech))


def in_words(day: date, speech: Speech) -> str:
    """Return "10 mars 2026", "1er janvier 2027", "10 March 2026"."""
    text = format_date(day, "d MMMM y", locale=speech.locale)
    return text.replace("1 ", "1er ", 1) if speech.locale == "fr" and day.day == 1 else text
