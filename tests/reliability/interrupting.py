"""Ctrl-C at a chosen place: wherever Python would act on it, and nowhere else.

Python looks whether a signal has come when a function begins, when a loop turns back, and when a
call has returned. A trace of every bytecode knows these places, and raises ``KeyboardInterrupt`` at
one of them, the n-th time it comes there.
"""

from __future__ import annotations

import dis
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from types import CodeType, FrameType
from typing import Any

from osallisuus.errors import OsallisuusError

Place = tuple[str, str, int]
"""A file, a function and the bytecode in it; -1 is its beginning."""
_BEGIN = -1


def _looks(code: CodeType) -> frozenset[int]:
    """The bytecodes before which Python has looked for signals, but for the beginning.

    It looks within a call, so what handles the call handles the interrupt as well. Where the bytecode
    after a call is handled by another, as at ``with lock: return call()``, nothing is tried: there
    the trace would be inside no block, and a signal never is.
    """
    handlers = dis.Bytecode(code).exception_entries

    def handler(offset: int) -> int | None:
        return next((one.target for one in handlers if one.start <= offset < one.end), None)

    found = set()
    called: int | None = None
    for one in dis.get_instructions(code):
        after_call = called is not None and handler(called) == handler(one.offset)
        turns = "JUMP_BACKWARD" in one.opname and "NO_INTERRUPT" not in one.opname
        if after_call or turns:
            found.add(one.offset)
        called = one.offset if one.opname in ("CALL", "CALL_KW", "CALL_FUNCTION_EX") else None
    return frozenset(found)


class _Trace:
    """Counts the places where Python looks for signals, and interrupts at one if it is told to."""

    def __init__(self, place: Place | None = None, time: int = 1) -> None:
        self.seen: Counter[Place] = Counter()
        self._place, self._time = place, time
        self._known: dict[int, tuple[CodeType, frozenset[int]]] = {}

    def called(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any]:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        self._look(frame.f_code, _BEGIN)
        return self.stepped

    def stepped(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any]:
        if event == "opcode":
            code = frame.f_code
            if id(code) not in self._known:
                self._known[id(code)] = code, _looks(code)
            if frame.f_lasti in self._known[id(code)][1]:
                self._look(code, frame.f_lasti)
        return self.stepped

    def _look(self, code: CodeType, offset: int) -> None:
        place = code.co_filename, code.co_qualname, offset
        self.seen[place] += 1
        if place == self._place and self.seen[place] == self._time:
            raise KeyboardInterrupt


@contextmanager
def _traced(trace: _Trace) -> Iterator[None]:
    before = sys.gettrace()
    sys.settrace(trace.called)
    try:
        yield
    finally:
        sys.settrace(before)


def places_of(work: Callable[[], object]) -> dict[Place, int]:
    """The places at which Ctrl-C could stop *work*, and how often it comes there."""
    trace = _Trace()
    with _traced(trace):
        work()
    # what ends the trace is none of the work
    return {place: times for place, times in trace.seen.items() if place[0] != __file__}


def interrupted_at(place: Place, time: int, work: Callable[[], object]) -> BaseException | None:
    """What has stopped *work* that was interrupted there; ``None`` if it never came there.

    Now and then that is one of our errors: a library in between has put its own in the place of
    Ctrl-C.
    """
    try:
        with _traced(_Trace(place, time)):
            work()
    except (KeyboardInterrupt, OsallisuusError) as error:
        return error
    return None


def interrupted_after(seconds: float, work: Callable[[], object]) -> BaseException | None:
    """What has stopped *work* to which a real signal came so much later, if it took so long."""
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            work()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except (KeyboardInterrupt, OsallisuusError) as error:
        return error
    finally:
        signal.signal(signal.SIGALRM, before)
    return None


def chosen(places: dict[Place, int], random: Random) -> tuple[Place, int]:
    """One of the places, each as likely, and which time that it is reached."""
    place = random.choice(sorted(places))
    return place, random.randint(1, places[place])
