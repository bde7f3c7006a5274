"""Catalogues: what the bot says, in French and in English."""
