"""What holds for every test: children start, Hypothesis is patient, examples in documents are run."""

import os
from doctest import ELLIPSIS

from hypothesis import settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

# A client of Spark Connect loads gRPC, whose handlers of a fork end every fiftieth child before it
# has begun: the next Spark of the same test process then has no Java. Read when gRPC is imported.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

# A slow machine is no failure. The parent profile stays: with CI=true Hypothesis draws no lots.
settings.register_profile("patient", parent=settings(), deadline=None)
settings.load_profile("patient")

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=ELLIPSIS), SkipParser()],
    patterns=["README.md", "CONTRIBUTING.md", "docs/*.md"],
).pytest()
