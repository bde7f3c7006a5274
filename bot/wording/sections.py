"""What sections of a book are called, wherever they are named: by what they cover, and so without telling the story."""

from bot.storage.club_books import Book
from bot.storage.clubs import Club
from bot.wording.speech import Speech
from games.reading_plan import Section, Span


def covers(section: Section, speech: Speech) -> str:
    """Return the chapters and pages of a section; nothing for one that is called by its title."""
    parts: list[str] = []
    if section.chapters is not None:
        parts.append(speech.gettext("ch. {span}", span=_span(section.chapters)))
    if section.pages is not None:
        parts.append(speech.gettext("p. {span}", span=_span(section.pages)))
    return ", ".join(parts)


def label(section: Section, speech: Speech) -> str:
    """Return what a section is called for everybody: "Section 2 · ch. 6–10"."""
    name = speech.gettext("Section {number}", number=section.number)
    covered = covers(section, speech)
    return f"{name} · {covered}" if covered else name


def titled(section: Section, speech: Speech) -> str:
    """Return what a section is called with its title, for those who may see it."""
    name = label(section, speech)
    return f"{name} · {speech.quoted(section.title)}" if section.title else name


def up_to(section: Section, speech: Speech) -> str:
    """Return how far one reads with a section: "up to chapter 5"."""
    if section.last_chapter is not None:
        return speech.gettext("up to chapter {number}", number=section.last_chapter)
    if section.last_page is not None:
        return speech.gettext("up to page {number}", number=section.last_page)
    return speech.gettext("up to the end of section {number}", number=section.number)


def agenda_title(club: Club, section: Section, speech: Speech) -> str:
    """Return what a section's date is called in agendas and calendars."""
    return speech.gettext("{club}: {section}", club=club.name, section=label(section, speech))


def thread_opening(book: Book, section: Section, speech: Speech) -> str:
    """Return the first words in a section's thread."""
    return speech.gettext(
        "{title}, {section}. Here we talk about the book {up_to}, and no further. If you are not there yet, come"
        " back when you like: nothing hurries.",
        title=speech.quoted(book.title),
        section=label(section, speech),
        up_to=up_to(section, speech),
    )


def _span(span: Span) -> str:
    return str(span.first) if span.first == span.last else f"{span.first}–{span.last}"
