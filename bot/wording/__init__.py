"""Every sentence the bot says, written once and plain, one module per activity; catalogues are in `bot/locales`."""
