"""Fixtures that every test module may ask for by name."""

from tests.stage_fixtures import evening, registered, stopped_evening

__all__ = ["evening", "registered", "stopped_evening"]
