"""Programmes that break one promise each, and keep all others: each as its author would join."""

from pathlib import Path

from attrs import evolve, fields

from osallisuus import plugins
from osallisuus.conformance import ProgramConformance
from osallisuus.model.heading import ProgramFile
from osallisuus.model.program import Program
from osallisuus.model.stated import Text
from osallisuus.programs import VERNA, WERTZU

FILE = plugins.load("programs", "verna")


class LooksLikeOne:
    """Everything of a programme but that it is one."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(VERNA, name)

    def __eq__(self, other):
        return type(other) is LooksLikeOne

    __hash__ = None


class Unread(ProgramConformance):
    breaks = "test_it_can_be_read"

    def program(self):
        return LooksLikeOne()


class _OldFile(ProgramFile):
    version = "0"


class TellsAnOldVersion(ProgramConformance):
    breaks = "test_its_heading_is_that_of_its_definition"

    def program(self):
        return _OldFile(Path(FILE.path))


class _Forgetful(Program):
    def __reduce__(self):
        return _wertzu, ()


def _wertzu():
    return WERTZU


class ComesBackAsAnother(ProgramConformance):
    breaks = "test_it_goes_there_and_comes_back_the_same"

    def program(self):
        return _Forgetful(**{one.name: getattr(VERNA, one.name) for one in fields(Program)})


class NamesANumber(ProgramConformance):
    breaks = "test_no_contact_details_are_in_it"

    def program(self):
        return evolve(VERNA, summary=Text(en="Call 040 123 4567 in the evening."))


class _Unfinished(Program):
    """Can be read and handed on; what somebody needs who lives by it is not there."""

    done = False

    def __getattribute__(self, name):
        if name == "channels" and _Unfinished.done:
            raise NotImplementedError
        return super().__getattribute__(name)

    def __eq__(self, other):
        return type(other) is _Unfinished

    __hash__ = None

    def __reduce__(self):
        return _unfinished, ()


def _unfinished():
    return UNFINISHED


UNFINISHED = _Unfinished(**{one.name: getattr(VERNA, one.name) for one in fields(Program)})
_Unfinished.done = True


class CannotBeLived(ProgramConformance):
    breaks = "test_it_can_be_lived"

    def program(self):
        return UNFINISHED


PROGRAMS = tuple(
    kind for kind in dict(globals()).values() if isinstance(kind, type) and hasattr(kind, "breaks")
)
