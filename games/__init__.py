"""The rules of every activity, also of those nobody would call a game.

No SDK, no asyncio, no database, no clock, no words.
"""
