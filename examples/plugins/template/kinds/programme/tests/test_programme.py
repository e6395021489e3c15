"""The programme can be read, handed on and lived."""

from osallisuus.conformance import ProgramConformance
from your_package import PROGRAMME


class TestProgramme(ProgramConformance):
    def program(self):
        return PROGRAMME
