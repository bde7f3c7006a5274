"""A calendar as Twitch gives it: its address, where everybody who reads the chat may know it."""

from bot.feeds import Address
from bot.wording import feed as words
from bot.wording.speech import Speech


def given(address: Address, speech: Speech, *, public: bool) -> str:
    """Return the line that says where a calendar is read, or how to come by it."""
    if public and address.https:
        return words.briefly(address.https, speech)
    return words.elsewhere(speech)
