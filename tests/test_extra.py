"""What an extra brings is asked for only where it is needed."""

import json

import pytest

from osallisuus.errors import PluginError
from osallisuus.extra import library


def test_a_library_that_is_not_there_is_told_with_the_extra_that_brings_it():
    assert library("json", "arrow") is json
    with pytest.raises(PluginError, match="this needs the library no_such_library") as refused:
        library("no_such_library", "arrow")
    assert refused.value.problems[0].remedy == "python -m pip install 'osallisuus[arrow]'"
