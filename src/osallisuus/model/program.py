"""A programme: everything that is offered, as one frozen, versioned, hashed value.

A programme is data. It is read from TOML by :mod:`osallisuus.model.definition`, shipped with the
library or brought by a plug-in, and pinned by every enrolment that begins under it. Three answers
are kept apart in every field: ``None`` = the source does not say, ``NONE`` = it says there is
none, and a value. Nothing is filled in that the source leaves open (Q27).
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Final

from attrs import field, fields

from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.model.arrangements import (
    Body,
    Compensation,
    CostHead,
    DataPurpose,
    DecisionOwner,
    Disclosure,
    Event,
    Funder,
    OrganizingResponsibility,
    Partner,
    Pathway,
    ReportDuty,
    Retention,
    Staffing,
    StaffTraining,
)
from osallisuus.model.cadence import Length
from osallisuus.model.canonical import definition_hash
from osallisuus.model.contradictions import contradictions
from osallisuus.model.criteria import (
    Criterion,
    NonCriterion,
    TargetGroup,
    criterion_problems,
)
from osallisuus.model.evidence import (
    Baseline,
    Discrepancy,
    EvaluationPhase,
    Goal,
    Link,
    NotStated,
    Origin,
    Outcome,
    Pilot,
    PublishedFigure,
    Source,
)
from osallisuus.model.heading import Heading
from osallisuus.model.instruments import InstrumentUse
from osallisuus.model.offering import (
    Activity,
    BeforeStart,
    Boundary,
    CoDevelopment,
    Community,
    FixedTerm,
    Form,
    Interview,
    Meeting,
    Review,
    SessionPlan,
    Setting,
    Theme,
    Transition,
)
from osallisuus.model.references import reference_problems, value_at
from osallisuus.model.roles import Role
from osallisuus.model.stated import (
    Absent,
    Code,
    Listed,
    Locale,
    Span,
    Statement,
    Text,
    each,
    holds_on,
)
from osallisuus.values import frozen

__all__ = ["Program"]

_AS_THE_LIBRARY: Final = Disclosure()


@frozen(kw_only=True)
class Program:
    """A peer-support or expert-by-experience programme (``ProgrammeDefinition`` of the analysis).

    Only ``name``, ``version``, ``title`` and ``kinds`` must be given. Codes of roles, themes,
    meetings, partners, funders and instruments that are used must be declared in the programme;
    otherwise a :class:`DefinitionError` names every broken reference with its path. So it does
    where a programme goes against its own words (:mod:`osallisuus.model.contradictions`).
    """

    name: Code
    version: str
    title: Text
    kinds: tuple[Code, ...]

    # -- what it is and where it comes from
    summary: Text | None = None
    stage: Code | None = None
    source: Source | None = None
    period: Span | None = None
    scope: Code | None = None
    places: Listed[Text] = None
    tags: Listed[Code] = None
    frameworks: Listed[Code] = None
    origins: Listed[Origin] = None
    purposes: Listed[Statement] = None
    goals: Listed[Goal] = None
    change_horizon: Length | None = None
    establishment: Statement | None = None
    """Whether it is rooted in ordinary work: often an aim and not yet a fact (W28)."""
    links: Listed[Link] = None

    # -- for whom, and how people come to it
    target: TargetGroup | None = None
    channels: Listed[Statement] = None
    interview: Interview | Absent | None = None
    before_start: BeforeStart | Absent | None = None

    # -- what is done
    sessions: SessionPlan | Absent | None = None
    fixed_term: FixedTerm | Absent | None = None
    themes: Listed[Theme] = None
    themes_open: bool | None = None
    activities: Listed[Activity] = None
    contents: Listed[Statement] = None
    """Kinds of support or content that are neither themes nor activities (K9, K11)."""
    contact_modes: Listed[Code] = None
    goal_domains: Listed[Code] = None
    meetings: Listed[Meeting] = None
    forms: Listed[Form] = None
    reviews: Listed[Review] = None
    completion: Statement | Absent | None = None
    """The rule of completion. It is always a recorded human decision (Q12)."""
    transitions: Listed[Transition] = None
    settings: Listed[Setting] = None
    community: Community | Absent | None = None
    co_development: CoDevelopment | Absent | None = None

    # -- who, and on what terms
    roles: Listed[Role] = None
    role_paths: Listed[tuple[Code, ...]] = field(default=None, metadata={"refers_to": ("roles",)})
    """Ways that roles may follow one another: views to offer, never a rank (X3, Q7)."""
    rights: Listed[Statement] = None
    boundaries: Listed[Boundary] = None
    support_modes: Listed[Code] = None
    decision_owners: Listed[DecisionOwner] = None
    preconditions: Listed[Statement] = None
    staffing: Listed[Staffing] = None
    staff_trainings: Listed[StaffTraining] = None
    cost_heads: Listed[CostHead] = None
    compensation: Listed[Compensation] = None
    livelihood: Listed[Code] = None
    pathways: Listed[Pathway] = None
    partners: Listed[Partner] = None
    cooperation: Listed[Statement] = None
    responsibility: Listed[OrganizingResponsibility] = None
    bodies: Listed[Body] = None
    funders: Listed[Funder] = None
    reports: Listed[ReportDuty] = None

    # -- what is known of it
    evaluation: Listed[EvaluationPhase] = None
    baselines: Listed[Baseline] = None
    outcomes: Listed[Outcome] = None
    instruments: Listed[InstrumentUse] = None
    figures: Listed[PublishedFigure] = None
    claims: Listed[Statement] = None
    pilots: Listed[Pilot] = None
    influence: Listed[Statement] = None
    """Influence outside the service itself (W11, Y28)."""
    events: Listed[Event] = None

    # -- the care of data
    safeguards: Listed[Statement] = None
    """What the library keeps to for this programme's people, drawn from what the source says."""
    data_purposes: Listed[DataPurpose] = None
    retention: Retention | None = None
    disclosure: Disclosure = _AS_THE_LIBRARY
    discrepancies: Listed[Discrepancy] = None
    not_stated: Listed[NotStated] = None

    def __attrs_post_init__(self) -> None:
        problems = [*reference_problems(self), *self._stated_after_all(), *contradictions(self)]
        problems += self._unanswerable()
        if problems:
            raise DefinitionError(problems)

    def _stated_after_all(self) -> list[Problem]:
        """Fields that ``not_stated`` lists and that hold something nevertheless."""
        problems = []
        for place, item in enumerate(each(self.not_stated)):
            try:
                value = value_at(self, item.about)
            except AttributeError:
                value = None  # a word of the programme's own, not a field
            if value is not None:
                problems.append(
                    Problem(
                        f"{item.about!r} is listed as not stated, yet it is given",
                        f"not_stated[{place}].about",
                        "take away one of the two",
                    )
                )
        return problems

    def _unanswerable(self) -> list[Problem]:
        """Criteria on which the programme's own interview could give no answer.

        Where no interview is stated, an organisation asks in its own words.
        """
        asked = self.interview.questionnaire if isinstance(self.interview, Interview) else None
        if asked is None or self.target is None:
            return []
        return [
            Problem(problem.what, f"target.{problem.where}", problem.remedy)
            for problem in criterion_problems(self.target.criteria, asked)
        ]

    @cached_property
    def hash(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of the definition's canonical form."""
        return definition_hash(self)

    @property
    def heading(self) -> Heading:
        """What a report needs of the programme."""
        own = [(role.code, role.label) for role in each(self.roles)]
        own += [(theme.code, theme.label) for theme in each(self.themes)]
        return Heading(
            name=self.name,
            version=self.version,
            title=self.title,
            threshold=self.disclosure.threshold,
            labels={code: label for code, label in own if label is not None},
            community_first=self.disclosure.community_first is True,
        )

    def role(self, code: str) -> Role:
        """The role of that code; a :class:`DefinitionError` names the nearest if there is none."""
        known = {role.code: role for role in each(self.roles)}
        if code not in known:
            raise DefinitionError(
                "no such role", where=f"program {self.name}", remedy=did_you_mean(code, known)
            )
        return known[code]

    def criteria_on(self, day: date) -> tuple[Criterion, ...]:
        """The criteria in force on *day*, in their order."""
        criteria = self.target.criteria if self.target else ()
        return tuple(one for one in criteria if holds_on(day, one.modality, one.during))

    @property
    def non_criteria(self) -> tuple[NonCriterion, ...]:
        """What the programme expressly does not ask, to be shown in every description (U2)."""
        return self.target.non_criteria if self.target else ()

    @property
    def unstated(self) -> tuple[str, ...]:
        """Names of all fields that the source leaves open, in the order of the class."""
        return tuple(
            attribute.name for attribute in fields(Program) if getattr(self, attribute.name) is None
        )

    def label(self, locale: Locale) -> str:
        """The title in that language, or in the nearest one that there is."""
        return self.title.label(locale)
