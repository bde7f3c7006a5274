"""What the bot serves over HTTP, on loopback alone."""
