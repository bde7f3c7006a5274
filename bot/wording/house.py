"""What the bot says about houses."""

from collections.abc import Mapping, Sequence

from bot.storage.houses import House
from bot.wording.speech import Speech

FEW = 5
"""Members below which a house's number is not told, so that nobody can be singled out."""


def own(house: House | None, speech: Speech) -> str:
    """Tell somebody which house they belong to."""
    if house is None:
        return speech.gettext("You belong to no house.")
    return speech.gettext("Your house: {name}.", name=speech.quote(house.name))


def listed(all_: Sequence[House], sizes: Mapping[int, int], speech: Speech) -> list[str]:
    """Name every house and how many belong to it, a part each, then how to join; or how to add the first."""
    if not all_:
        return [
            speech.gettext("There are no houses yet. A moderator adds one with: !house add [name]")
        ]
    houses = [
        speech.gettext(
            "{name} ({members})",
            name=speech.quote(house.name),
            members=members(sizes[house.id], speech),
        )
        for house in all_
    ]
    return [*houses, speech.gettext("To join one: !house join [name]")]


def named(all_: Sequence[House], speech: Speech) -> list[str]:
    """Name every house, a part each, where there is no room for more."""
    return [speech.quote(house.name) for house in all_]


def members(count: int, speech: Speech) -> str:
    """Return how many belong to something that lasts; a small number is not told."""
    if count < FEW:
        return speech.gettext("fewer than {count} people", count=FEW)
    return speech.ngettext("{count} person", "{count} people", count)


def joined(house: House, speech: Speech) -> str:
    """Welcome somebody to a house."""
    return speech.gettext(
        "Welcome to the house {name}! To leave it: !house leave", name=speech.quote(house.name)
    )


def left(house: House, speech: Speech) -> str:
    """Confirm that somebody left their house."""
    return speech.gettext(
        "Done: you no longer belong to the house {name}.", name=speech.quote(house.name)
    )


def added(house: House, speech: Speech) -> str:
    """Confirm a new house."""
    return speech.gettext(
        "Done: there is a house {name}. To join it: !house join {name}",
        name=speech.quote(house.name),
    )


def renamed(house: House, speech: Speech) -> str:
    """Confirm a house's new name."""
    return speech.gettext(
        "Done: the house is now called {name}. Its members stay.", name=speech.quote(house.name)
    )


def removed(house: House, speech: Speech) -> str:
    """Confirm that a house is gone."""
    return speech.gettext(
        "Done: there is no house {name} any more. Its members belong to none.",
        name=speech.quote(house.name),
    )


def how_to(verb: str, speech: Speech) -> str:
    """Say how a verb is typed that needs a house's name."""
    match verb:
        case "add":
            return speech.gettext("!house add [name]")
        case "rename":
            return speech.gettext("!house rename [name] = [new name]")
        case "remove":
            return speech.gettext("!house remove [name]")
        case _:
            return speech.gettext("!house join [name]")
