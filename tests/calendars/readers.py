"""Four independent readers of iCalendar.

Each gives ``(uid, begin, end)`` for every event, sorted; a moment is in UTC, a whole day a date.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events
import vobject

from tests.rules.schedule.series import day

ICAL_JS = Path(__file__).parents[2] / ".build/node/node_modules/ical.js/dist/ical.js"
"""Where .ci/run puts it."""

_KHAL = """
[calendars]
[[plan]]
path = {folder}/events
[sqlite]
path = {folder}/events.db
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M
longdatetimeformat = %Y-%m-%dT%H:%M
"""


def by_recurring_ical_events(content):
    """As the library recurring-ical-events understands it, on icalendar's parser."""
    calendar = icalendar.Calendar.from_ical(content)
    found = recurring_ical_events.of(calendar).between(date(2010, 1, 1), date(2050, 1, 1))
    return sorted((str(one["uid"]), _in_utc(one.start), _in_utc(one.end)) for one in found)


def by_vobject(content):
    """As vobject understands it, by the zone that stands in the file."""
    return sorted(
        (one.uid.value, _in_utc(one.dtstart.value), _in_utc(one.dtend.value))
        for one in vobject.readOne(content.decode()).vevent_list
    )


def by_khal(content):
    """As khal lists it after an import, a calendar program that keeps moments in a database."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "events").mkdir()
        (folder / "config").write_text(_KHAL.format(folder=folder), "utf-8")
        (folder / "plan.ics").write_bytes(content)
        _khal(folder, "import", "--batch", "--include-calendar", "plan", "plan.ics")
        line = "|{uid}|{all-day}|{start-long-full}|{end-long-full}"
        listed = _khal(folder, "list", "--once", "--format", line, "2024-01-01", "2029-01-01")
    lines = [one.split("|") for one in listed.splitlines() if one.startswith("|")]
    return sorted(
        # of whole days it shows the last, not the one after
        (uid, _minute(begin).date(), _minute(end).date() + timedelta(1))
        if whole == "True"
        else (uid, _minute(begin), _minute(end))
        for _, uid, whole, begin, end in lines
    )


def by_ical_js(content):
    """As ical.js understands it, on which Thunderbird and Nextcloud stand."""
    node = shutil.which("node")
    if node is None or not ICAL_JS.exists():
        reason = "no node, or no ical.js in .build/node (.ci/run installs both): not read by it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    script = Path(__file__).with_name("read_ical.mjs")
    done = subprocess.run(
        [node, script, ICAL_JS], input=content, capture_output=True, check=True, timeout=60
    )
    return sorted(
        (uid, _since_1970(begin), _since_1970(end)) for uid, begin, end in json.loads(done.stdout)
    )


READERS = (by_recurring_ical_events, by_vobject, by_khal, by_ical_js)


def _khal(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "khal", "--config", "config", *arguments],
        cwd=folder, env=os.environ | {"HOME": str(folder)}, text=True,
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return done.stdout


def _minute(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _since_1970(value):
    return day(value) if isinstance(value, str) else datetime.fromtimestamp(value, UTC)


def _in_utc(value):
    return value.astimezone(UTC) if isinstance(value, datetime) else value
