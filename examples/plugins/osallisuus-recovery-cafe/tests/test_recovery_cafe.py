"""The programme keeps every promise of a programme."""

import osallisuus as osa
from osallisuus.conformance import ProgramConformance

from osallisuus_recovery_cafe import RECOVERY_CAFE


class TestRecoveryCafe(ProgramConformance):
    def program(self):
        return RECOVERY_CAFE


def test_it_is_found_by_its_name_once_it_is_installed():
    """The whole definition, with two roles and what nobody has said."""
    program = osa.program("recovery_cafe")
    assert [role.code for role in program.roles] == ["guest", "host"]
    assert len(program.not_stated) == 2
