"""What clients saw of one store, and whether one order of commits explains all of it.

A client writes down when it began and when it was answered, by the clock of the machine that only
goes forward. Afterwards the store tells in which order it has the commits. If every commit and every
reading happened at one moment between its beginning and its end, that order explains what each of
them saw; whatever it does not explain is an anomaly.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf
from pathlib import Path
from typing import Literal

Kind = Literal["add", "change", "read", "past"]


@dataclass
class Operation:
    """What one client asked, and how it ended.

    ``add`` brings something new and ``change`` puts another in the place of one thing; both have a
    *mark* of their own. ``read`` sees the marks of all that was added, and that of the last change;
    ``past`` sees them as of the commit *tx*.
    """

    kind: Kind
    begun: float
    mark: str = ""
    ended: float = inf
    """Infinite: nobody knows how it ended."""
    refused: bool = False
    tx: int = 0
    """The commit that a write was answered with, or that was asked for."""
    seen: Sequence[str] = field(default_factory=list)
    after: int = 0
    """The commit of the change that a change is to replace, and no other; 0: any."""

    @property
    def writes(self) -> bool:
        return self.kind in ("add", "change")

    @property
    def answered(self) -> bool:
        return self.ended < inf and not self.refused


def anomalies(operations: Sequence[Operation], order: Sequence[str]) -> list[str]:
    """What the order of commits, each with its mark, the first being 1, does not explain."""
    return [*_of_writes(operations, order), *_Readings(operations, order).anomalies()]


def _of_writes(operations: Sequence[Operation], order: Sequence[str]) -> Iterator[str]:
    place = {mark: number for number, mark in enumerate(order, start=1)}
    if len(place) < len(order):
        yield "doubled: one write is there twice"
    writes = {one.mark: one for one in operations if one.writes}
    for mark in place.keys() - writes.keys():
        yield f"phantom: nobody wrote {mark}"
    for mark, one in writes.items():
        if one.answered and mark not in place:
            yield f"lost: {mark}"
        elif one.answered and place[mark] != one.tx:
            yield f"misnumbered: {mark} was answered with another commit"
        elif one.refused and mark in place:
            yield f"phantom: {mark} was refused"


class _Readings:
    """The moments in the order of commits at which the operations have seen the store."""

    def __init__(self, operations: Sequence[Operation], order: Sequence[str]) -> None:
        writes = {one.mark: one for one in operations if one.writes}
        known = [writes.get(mark, Operation("add", -inf, mark)) for mark in order]
        self._operations = sorted(operations, key=lambda one: one.begun)
        self._place = {one.mark: number for number, one in enumerate(known, start=1)}
        self._added = [0, *accumulate(one.kind == "add" for one in known)]
        changes = [one.mark if one.kind == "change" else "" for one in known]
        self._changes = {mark for mark in changes if mark}
        self._changed = ["", *accumulate(changes, lambda before, now: now or before)]
        # nothing can be seen before the last of it has begun
        self._begun = [-inf, *accumulate((one.begun for one in known), max)]

    def anomalies(self) -> Iterator[str]:
        moments = {}
        for number, one in enumerate(self._operations):
            if one.answered and one.writes:
                moments[number] = self._place.get(one.mark, 0)
            elif one.answered:
                moment = self._moment_of(one)
                if isinstance(moment, str):
                    yield moment
                elif one.kind == "read":
                    moments[number] = moment
        yield from self._in_time(moments)
        yield from self._replaced()

    def _replaced(self) -> Iterator[str]:
        """Changes that have replaced another than the one that their client had seen."""
        for one in self._operations:
            if one.after and one.mark in self._place:
                before = self._changed[self._place[one.mark] - 1]
                if self._place.get(before) != one.after:
                    yield f"overwritten: {one.mark} has replaced {before}, which it had not seen"

    def _moment_of(self, one: Operation) -> int | str:
        """After how many commits the store was as it was seen, or what is wrong with it."""
        strange = [mark for mark in one.seen if mark not in self._place]
        if strange:
            return f"phantom: {strange[0]} was seen, and is not there"
        moment = max((self._place[mark] for mark in one.seen), default=0)
        if one.kind == "past":
            if moment > one.tx:
                return f"phantom: a later commit was seen as of {one.tx}"
            moment = one.tx
        changes = [mark for mark in one.seen if mark in self._changes]
        whole = len(one.seen) == len(set(one.seen)) == self._added[moment] + len(changes)
        if not whole or changes != [mark for mark in [self._changed[moment]] if mark]:
            return f"torn: what was seen was never there together, near commit {moment}"
        if self._begun[moment] > one.ended:
            return f"phantom: commit {moment} was seen before it began"
        return moment

    def _in_time(self, moments: dict[int, int]) -> Iterator[str]:
        """Whoever begins after another has ended must not see or be what was before it."""
        ended = sorted(moments, key=lambda number: self._operations[number].ended)
        written = seen = position = 0
        for number in sorted(moments):  # by their beginning
            one, moment = self._operations[number], moments[number]
            while self._operations[ended[position]].ended < one.begun:
                other = ended[position]
                if self._operations[other].writes:
                    written = max(written, moments[other])
                else:
                    seen = max(seen, moments[other])
                position += 1
            if one.writes and 0 < moment <= max(written, seen):
                yield f"disordered: {one.mark} came before what had ended when it began"
            elif not one.writes and moment < written:
                yield f"stale: commit {written} was acknowledged, {moment} was seen"
            elif not one.writes and moment < seen:
                yield f"backwards: commit {seen} had been seen, then {moment}"


def mended(file: Path) -> Path:
    """The record of a client without a last line of which a kill has left only a part."""
    if file.exists():
        written = file.read_bytes()
        os.truncate(file, written.rfind(b"\n") + 1)
    return file


def recorded(file: Path) -> list[Operation]:
    """The operations of one client, as it has written them down; the last may have no end."""
    operations: dict[int, Operation] = {}
    lines = mended(file).read_text().splitlines() if file.exists() else []
    for number, at, what, told in map(json.loads, lines):
        if what == "begun":
            # what is asked again after a kill began when it was asked first
            operations.setdefault(number, Operation(begun=at, **told))
        else:
            one = operations[number]
            one.ended, one.refused = min(at, one.ended), what == "refused"
            one.tx, one.seen = told.get("tx", one.tx), told.get("seen", [])
    return [operations[number] for number in sorted(operations)]
