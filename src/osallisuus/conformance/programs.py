"""The promises of a programme that a plug-in brings, one test each."""

from __future__ import annotations

import pickle
import re
from random import Random
from typing import Final

from osallisuus.conformance.said import Promises
from osallisuus.model.batch import Batch
from osallisuus.model.definition import read_program
from osallisuus.model.facts import TABLES
from osallisuus.model.heading import ProgramFile
from osallisuus.model.program import Program
from osallisuus.model.stated import Text, each
from osallisuus.rules.findings import check
from osallisuus.rules.keeping import check_program
from osallisuus.simulate.world import simulate

__all__ = ["ProgramConformance"]

_CONTACT: Final = re.compile(r"\S@\S|\+\d{3}|\b0\d{1,2}[ -]\d{3}")
"""An address of electronic mail, or what looks like a telephone number."""


class ProgramConformance(Promises):
    """Every promise of a programme. Say in ``program`` which is yours::

    class TestMyProgramme(ProgramConformance):
        def program(self):
            return MY_PROGRAMME
    """

    to_say = "program", "def program(self): return MY_PROGRAMME"

    def program(self) -> Program | ProgramFile:
        """What your entry point names: a programme, or the file that defines it."""
        raise NotImplementedError("say in your subclass which programme is yours")

    def whole(self) -> Program:
        """The whole definition."""
        program = self.program()
        if isinstance(program, ProgramFile):
            return read_program(program.path.read_bytes(), program.path.name)
        return program

    def test_it_can_be_read(self) -> None:
        """There is no problem in it, and it says which version of what it is."""
        program = self.whole()
        assert isinstance(program, Program)
        assert program.name
        assert program.version

    def test_its_heading_is_that_of_its_definition(self) -> None:
        """What a list of programmes shows is what the definition says."""
        shown, program = self.program(), self.whole()
        assert (shown.name, shown.version, shown.title) == (
            program.name,
            program.version,
            program.title,
        )

    def test_it_goes_there_and_comes_back_the_same(self) -> None:
        """Handed to another process it is the same programme, in every field."""
        program = self.whole()
        assert pickle.loads(pickle.dumps(program)) == program  # noqa: S301 - made right here

    def test_no_contact_details_are_in_it(self) -> None:
        """Neither an address nor a number: definitions are public, and people move on."""
        texts = [self.whole().title, self.whole().summary]
        texts += [item.text for item in each(self.whole().not_stated)]
        said = [text for one in texts if isinstance(one, Text) for text in (one.fi, one.sv, one.en)]
        assert not [text for text in said if text and _CONTACT.search(text)]

    def test_it_can_be_lived(self) -> None:
        """People who go through it as it says break none of its own rules."""
        program = self.whole()
        chance = Random(1)  # noqa: S311 - no secret is drawn
        facts = Batch.of(simulate(program, people=12, random=chance))
        rows = {name: list(facts.rows.get(name, ())) for name in TABLES}
        found = [*check(rows), *check_program(program, rows)]
        assert [one.code for one in found] == []
