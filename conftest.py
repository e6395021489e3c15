"""What holds for every test: Hypothesis is patient, and the examples in the documents are run."""

from doctest import ELLIPSIS

from hypothesis import settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

# A slow machine is no failure. The parent profile stays: with CI=true Hypothesis draws no lots.
settings.register_profile("patient", parent=settings(), deadline=None)
settings.load_profile("patient")

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=ELLIPSIS), SkipParser()],
    patterns=["README.md", "CONTRIBUTING.md", "docs/*.md"],
).pytest()
