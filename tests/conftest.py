"""Fixtures that every test module may ask for by name, and how properties look for examples."""

import os

from hypothesis import settings

from tests.hall_stage import closed_files, house
from tests.stage_fixtures import evening, registered, stopped_evening

# Continuous integration asks the same examples each time; at a desk each run looks for new ones.
settings.register_profile("repeatable", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("repeatable")

__all__ = ["closed_files", "evening", "house", "registered", "stopped_evening"]
