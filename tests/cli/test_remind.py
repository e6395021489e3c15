"""``osallisuus remind``: whom to call and encourage, for those who may see the facts."""

import pytest


def test_it_lists_who_waits_by_id_and_says_that_it_is_internal(call, stores):
    """Four days before the start two women of the example have not been called for nine days."""
    done = call(
        "remind", stores["verna"], "--program", "verna", "--on", "2012-08-30", "--days", "9"
    )

    assert done.code == 0
    assert done.out.splitlines() == [
        "INTERNAL – not for publication",
        (
            "verna, 30 August 2012: who waits with a place and has not been called in the last 9 days"
            " before the start"
        ),
        "p-190580: the group g-0b565a starts on 3 September 2012; last contact on 24 August 2012",
        "p-20f652: the group g-0b565a starts on 3 September 2012; last contact on 19 August 2012",
        "To call and to encourage. The order is that of the ids and says nothing about anybody.",
    ]


@pytest.mark.parametrize(
    ("locale", "nobody"),
    [
        ("en", "Nobody is left to call."),
        ("fi", "Soitettavia ei ole."),
        ("sv", "Ingen är kvar att ringa."),
    ],
)
def test_where_everybody_was_called_it_says_so(call, stores, locale, nobody):
    """By default the last seven days before the start count."""
    done = call(
        *("remind", stores["verna"], "--program", "verna"),
        *("--on", "2011-01-01", "--locale", locale),
    )

    assert done.out.splitlines()[-1] == nobody


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--program", "verna", "--on", "2012-08-30", "--days", "0"], "days is not a whole number"),
        (["--program", "vernaa", "--on", "2012-08-30"], "did you mean 'verna'?"),
    ],
)
def test_what_cannot_be_asked_is_refused(call, stores, arguments, what):
    done = call("remind", stores["verna"], *arguments)

    assert done.code == 1
    assert what in done.err
    assert done.out == ""


def test_the_day_has_to_be_said(call, stores):
    """The library asks no clock, so that the same question has the same answer."""
    done = call("remind", stores["verna"], "--program", "verna")

    assert done.code == 2
    assert "--on" in done.err
