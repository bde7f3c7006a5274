"""`python -m bot` is `ensemble`."""

import sys

from bot.cli import main

sys.exit(main())
