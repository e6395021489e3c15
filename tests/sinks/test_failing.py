"""A full disk or a failing one is a typed error, and the copy is as before or as after."""

import errno
import os
from datetime import date
from pathlib import Path

import pytest

from osallisuus.errors import StoreError
from tests.model import made
from tests.sinks.copies import ACT, a_register, allowed, copied
from tests.stores.places import add


class Failing:
    """A function of the system that fails at its n-th call, and counts how often it is called."""

    def __init__(self, work, at, number=errno.ENOSPC):
        self.work, self.at, self.number, self.calls = work, at, number, 0

    def __call__(self, *given, **named):
        self.calls += 1
        if self.calls == self.at:
            raise OSError(self.number, os.strerror(self.number))
        return self.work(*given, **named)


@pytest.fixture
def register(kind, place):
    """One that has published and has something new, something revised and something gone."""
    register = a_register()
    add(register.store, *(made.one("people", id=f"p{number}") for number in range(4)))
    add(register.store, made.one("contacts", id="c1", person="p1"))
    register.sync(f"{kind}:{place}")
    register.before = copied(kind, place)
    add(register.store, made.one("people", id="p1", registered_on=date(2021, 1, 1)))
    register.store.void({"contacts": ["c1"]}, ACT)
    add(register.store, made.one("traits", id="t1", person="p2"))
    return register


def refusal(register, address):
    """The error with which a sync is refused, if it is."""
    try:
        register.sync(address)
    except StoreError as error:
        return error
    return None


CALLS = [("fsync", errno.EIO), ("replace", errno.ENOSPC), ("unlink", errno.EACCES)]


@pytest.mark.parametrize(("call", "number"), CALLS, ids=[name for name, _ in CALLS])
def test_whichever_call_fails_nothing_is_half(register, kind, place, monkeypatch, call, number):
    """Flushing, taking its place, clearing: each in turn, until the sync goes through."""
    owner = os if call == "fsync" else Path
    work = (lambda descriptor: None) if call == "fsync" else getattr(Path, call)
    failed, at = 0, 0
    while True:
        # every call of the first, and then ever fewer: Delta flushes hundreds of names
        at += 1 + at // 6
        failing = Failing(work, at, number)
        with monkeypatch.context() as patch:
            if call == "fsync":
                patch.setattr(owner, call, failing)
            else:
                patch.setattr(
                    owner, call, lambda *given, one=failing, **named: one(*given, **named)
                )
            problem = refusal(register, f"{kind}:{place}")
        if problem is not None:
            failed += 1
            assert problem.__context__ is None
            assert copied(kind, place) in (register.before, allowed(register.store))
            continue
        if failing.calls < at:
            break
        # it went on without what failed; the next round has something to do again
        day = date(2021, 1, 1 + at % 28)
        add(register.store, made.one("people", id="p1", registered_on=day))
        register.before = copied(kind, place)
    register.sync(f"{kind}:{place}")
    assert copied(kind, place) == allowed(register.store)
    assert failed or call == "unlink"


def test_all_is_on_the_disk_before_the_manifest_names_it(register, kind, place, monkeypatch):
    """Every file and every folder with a new name in it."""
    flushed, missing = set(), []

    def flush(descriptor):
        flushed.add(str(Path(f"/proc/self/fd/{descriptor}").readlink()))

    replace = Path.replace

    def put(path, target):
        if Path(target).name == "osallisuus.json":
            every = [one for one in place.rglob("*.*") if "osallisuus.json" not in one.name]
            new = {str(one) for one in every if one.is_file() and str(one) not in old} - {lock}
            changed = {str(Path(one).parent) for one in new}
            missing.extend(sorted((new | changed) - flushed))
            old.update(new)
        return replace(path, target)

    lock = str(place / ".lock")
    old = {str(one) for one in place.rglob("*")}
    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(Path, "replace", put)
    register.sync(f"{kind}:{place}")
    assert flushed
    assert missing == []
