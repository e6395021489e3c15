"""What is weak or broken in an installation and a store, each with what would help.

Nothing of it changes anything, and nothing of it tells of a person.
"""

from osallisuus.doctor.finding import Ailment
from osallisuus.doctor.installation import examine_installation
from osallisuus.doctor.place import examine_store

__all__ = ["Ailment", "examine_installation", "examine_store"]
