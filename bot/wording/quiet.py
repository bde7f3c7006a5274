"""What the bot says when it may not make a chat quiet, or not give it back."""

from bot.wording.speech import N_, Speech

SENTENCES = {
    "twitch-scope": N_(
        "I cannot make this chat quieter without the permission “moderator:manage:chat_settings” for my account;"
        " everything else goes on."
    ),
    "twitch-moderator": N_(
        "I cannot make this chat quieter until somebody makes my account a moderator; everything else goes on."
    ),
    "discord-permission": N_(
        "I cannot slow this channel down without the permission “Manage Channels”; everything else goes on."
    ),
    "not-given-back": N_(
        "I may no longer change this chat’s settings, so please end slow mode or emote-only mode here by hand."
    ),
}


def missing(code: str, speech: Speech) -> str:
    """Say what is missing, and what follows from it."""
    return speech.gettext(SENTENCES[code])
