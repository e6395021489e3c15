"""Small fact folders to spoil, and the register that they are read into."""

from __future__ import annotations

import traceback
from contextlib import contextmanager

import pytest

import osallisuus as osa
from osallisuus.errors import OsallisuusError
from osallisuus.ingest.folder import read_folder

GOOD = {
    "people.csv": "id,registered_on\np1,2020-01-01\np2,2020-01-02\np3,2020-01-03\n",
    "groups.csv": (
        "id,program,program_version,kind,place,starts_on\ng1,wertzu,1,weekly,Turku,2020-01-01\n"
    ),
    "enrollments.csv": (
        "id,person,program,program_version,group,started_on,ended_on,ending\n"
        "e1,p1,wertzu,1,g1,2020-02-01,,\ne2,p2,wertzu,1,g1,2020-02-01,2020-05-01,completed\n"
        "e3,p3,wertzu,1,g1,2020-02-01,,\n"
    ),
    "sessions.csv": (
        "id,group,kind,starts_at,minutes,status\n"
        "s1,g1,group_meeting,2020-02-08T10:00[Europe/Helsinki],120,held\n"
    ),
    "attendance.csv": "id,session,person,status\na1,s1,p1,present\na2,s1,p2,absent\n",
}
CANARY = "Kanaria Lintunen"


def fill(folder, **files):
    """A good folder, with some of its files replaced by other text or bytes, or left out."""
    folder.mkdir(exist_ok=True)
    for name, content in (GOOD | {f"{name}.csv": text for name, text in files.items()}).items():
        if content is not None:
            data = content if isinstance(content, bytes) else content.encode()
            (folder / name).write_bytes(data)
    return folder


@contextmanager
def register(folder):
    with osa.open(str(folder / "store.db"), actor="tester", purpose="test") as opened:
        yield opened


def problems(folder, **options):
    """What importing *folder* into a new store says; nothing is stored and no canary sings."""
    home = folder.parent
    with register(home) as opened:
        before = (home / "store.db").read_bytes(), (home / "store.db-wal").read_bytes()
        with pytest.raises(OsallisuusError) as caught:
            opened.add(read_folder(folder, **options), reason="import")
        after = (home / "store.db").read_bytes(), (home / "store.db-wal").read_bytes()
        assert before == after
        assert list(opened.facts(osa.Person)) == []
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.args)
    assert "anaria" not in told
    return {problem.where.rpartition("/")[2]: problem for problem in caught.value.problems}
