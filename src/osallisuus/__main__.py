"""``python -m osallisuus`` is the command ``osallisuus``."""

import sys

from osallisuus.cli.main import main

sys.exit(main())
