"""A Discord and a Twitch on loopback to which the unmodified client libraries connect, and the page to play on."""
