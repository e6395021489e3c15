"""Days and periods as people write them, and what is none."""

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.time import PartialDate


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("soon", "write a year, year-season, year-month or year-month-day"),
        ("2017-sprng", "did you mean 'spring'?"),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_write(text, remedy):
    with pytest.raises(DefinitionError, match="not a date") as caught:
        PartialDate.parse(text)
    assert caught.value.problems[0].remedy == remedy
