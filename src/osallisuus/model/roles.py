"""Roles that people may hold in a programme, and what taking one up presupposes.

Roles have no order: any number may be held at once, and stepping back is a normal end (Q4, Q7).
What a role presupposes is data, because sources differ: one programme's peers start before they
finish a training (V10), another's experts have completed treatment (X6).
"""

from __future__ import annotations

from typing import Literal, TypeAlias, cast, get_args

from attrs import field

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.model.stated import NONE, Code, Listed, Modality, Text, is_code
from osallisuus.values import frozen

__all__ = ["GrantedBy", "Prerequisite", "PrerequisiteKind", "Role"]

PrerequisiteKind: TypeAlias = Literal[
    "started",
    "completed",
    "lived_experience_attested",
    "coping_experience_attested",
    "agreed_by_forum",
    "treatment_completed",
    "being_client",
    "invited",
]
"""What can be presupposed. That nothing is, is ``NONE``; that nothing is said, ``None``."""

GrantedBy: TypeAlias = Literal["person", "joint", "forum", "organizer", "invitation"]
"""Who decides that somebody takes up the role. The person always has to want it."""


@frozen
class Prerequisite:
    """One thing that a role presupposes: ``completed`` and ``started`` name their programme.

    Only that it is satisfied is ever recorded, with no details (K2).
    """

    kind: PrerequisiteKind
    program: Code | None = None

    def __attrs_post_init__(self) -> None:
        known = get_args(PrerequisiteKind)
        if self.kind not in known:
            raise DefinitionError("no such prerequisite", remedy=did_you_mean(self.kind, known))
        if (self.program is not None) != (self.kind in ("started", "completed")):
            raise DefinitionError(
                "started and completed name a programme, the others do not",
                remedy="write completed:PROGRAMME, or leave the name out",
            )
        if self.program is not None and not is_code(self.program):
            raise DefinitionError("not the name of a programme", remedy="use small letters")

    def __str__(self) -> str:
        return self.kind if self.program is None else f"{self.kind}:{self.program}"

    @classmethod
    def parse(cls, text: str) -> Prerequisite:
        """Read ``kind`` or ``kind:programme``, the form in TOML; else a :class:`DefinitionError`."""
        kind, _, program = text.partition(":")
        return cls(cast("PrerequisiteKind", kind), program or None)


@frozen(kw_only=True)
class Role:
    """A role of a programme, by the code of the role vocabulary or the programme's own.

    ``label`` is the programme's own word for it, such as "Verna"; label and role are not the same
    (K10). ``modality`` tells a role that exists from one that is a wish.
    """

    code: Code = field(metadata={"declares": "roles"})
    label: Text | None = None
    also_called: Listed[Text] = None
    prerequisites: Listed[Prerequisite] = None
    granted_by: Listed[GrantedBy] = None
    label_self_chosen: bool | None = None
    may_pause: bool | None = None
    """Whether pausing is the person's stated right (K25); a pause never needs a reason."""
    concurrent_with: Listed[Code] = field(default=None, metadata={"refers_to": ("roles",)})
    """Roles that the source names as held at the same time (X9). Others may be, too."""
    optional_background: Listed[Code] = None
    """Schooling or work that is common but not asked (K3)."""
    tasks: Listed[Text] = None
    modality: Modality = "is"

    @property
    def open_to_all(self) -> bool:
        """Whether the source states that nothing is presupposed; silence is not openness."""
        return self.prerequisites is NONE
