"""The views of ``show`` as plain data for JSON: codes, days and ids of facts, and no free text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

from osallisuus.model.criteria import questions_of
from osallisuus.model.stated import NONE, each
from osallisuus.rules.community import CommunityOnDay, Settled
from osallisuus.rules.development import IdeaOnDay
from osallisuus.rules.eligibility import Assessed, Eligibility
from osallisuus.rules.encounters import Needs
from osallisuus.rules.guidance import GuidanceCase
from osallisuus.rules.interviewed import EligibilityOnDay
from osallisuus.rules.progression import HeldRole, Path, RolesOnDay, RoleStep

__all__ = ["of_case", "of_community", "of_eligibility", "of_ideas", "of_needs", "of_roles"]

_Data: TypeAlias = Mapping[str, Any]


def of_eligibility(found: EligibilityOnDay) -> _Data:
    """Criteria with their evidence, and the decisions. What was answered is not in it."""
    eligibility = found.eligibility
    return {
        "program": found.program,
        "on": _day(found.on),
        "criteria": None
        if eligibility is None
        else [_criterion(eligibility, one) for one in eligibility],
        "to_ask": [] if eligibility is None else list(eligibility.missing),
        "decisions": [
            {
                "interview": one.id,
                "happened_on": _day(one.happened_on),
                "outcome": one.outcome,
                "decided_by": one.decided_by,
            }
            for one in found.interviews
        ],
    }


def _criterion(eligibility: Eligibility, one: Assessed) -> _Data:
    met_from, met_until = eligibility.met_days(one.code)
    leaves = () if one.evidence is None else tuple(one.evidence.leaves())
    return {
        "code": one.code,
        "standing": one.standing,
        "judged_by_human": one.judged_by_human,
        "evidence": [
            {"question": questions_of(leaf.condition)[0], "state": leaf.state} for leaf in leaves
        ],
        "missing": list(one.missing),
        "met_from": _day(met_from),
        "met_until": _day(met_until),
        "asked_until": _day(one.asked_until),
        "nearest": [
            {
                change.question: [[wish.operator, wish.answer] for wish in change.comparisons]
                for change in way
            }
            for way in eligibility.nearest(one.code)
        ],
    }


def of_roles(found: RolesOnDay) -> _Data:
    """Roles in the programme's order, which is no rank; what is held elsewhere; the ways."""
    return {
        "on": _day(found.on),
        "roles": [_step(one) for one in found.steps],
        "elsewhere": [_held(one) for one in found.elsewhere],
        "paths": [_path(one) for one in found.paths],
    }


def _step(step: RoleStep) -> _Data:
    pay = step.compensation
    return {
        "role": step.role.code,
        "openness": step.openness,
        "state": step.state,
        "requirements": [
            {
                "kind": one.prerequisite.kind,
                "program": one.prerequisite.program,
                "standing": one.standing,
                "evidence": one.evidence,
            }
            for one in step.requirements
        ],
        "granted_by": list(each(step.role.granted_by)),
        "pay": "none"
        if pay is NONE
        else [{"kind": one.kind, "modality": one.modality} for one in each(pay)] or None,
        "held": [_held(one) for one in step.held],
    }


def _held(one: HeldRole) -> _Data:
    return {
        "span": one.span.id,
        "role": one.span.role,
        "program": one.span.program,
        "state": one.state,
        "starts_on": _day(one.span.starts_on),
    }


def _path(path: Path) -> _Data:
    return {
        "roles": list(path.roles),
        "moves": [
            {"day": _day(one.day), "role": one.role, "change": one.change, "ending": one.ending}
            for one in path.moves
        ],
    }


def of_case(one: GuidanceCase) -> _Data:
    """A case with its talks and goals."""
    return {
        "case": one.case.id,
        "state": one.state,
        "planned_end_on": _day(one.case.planned_end_on),
        "days_left": one.days_left,
        "talks": [
            {"point": talk.point, "standing": talk.standing, "held_on": _day(talk.held_on)}
            for talk in one.talks
        ],
        "goals": [{"domain": goal.goal.domain, "level": goal.level} for goal in one.goals],
        "followed_by": one.followed_by.id if one.followed_by else None,
    }


def of_community(found: CommunityOnDay) -> _Data:
    """A community in counts, and what it has settled. No person stands in it."""
    return {
        "group": found.group,
        "on": _day(found.on),
        "size": {
            "count": found.size.count,
            "unit": found.size.unit,
            "limit": found.size.limit,
            "standing": found.size.standing,
        },
        "representatives": len(found.representatives),
        "decisions": len(found.decisions),
        "open_decisions": len(found.open_decisions),
        "modes": [{"mode": mode, "count": count} for mode, count in found.modes],
        "rules": [_settled(one) for one in found.rules],
        "areas": [_settled(one) for one in found.areas],
    }


def _settled(one: Settled) -> _Data:
    return {
        "name": one.name,
        "decision": one.decision.id,
        "decided_on": _day(one.decision.decided_on),
        "earlier": [earlier.id for earlier in one.earlier],
        "holders": len(one.holders),
    }


def of_ideas(found: Iterable[IdeaOnDay]) -> _Data:
    """Ideas by the circle that raised them, oldest first."""
    return {
        "ideas": [
            {
                "idea": one.idea.id,
                "origin": one.credit,
                "raised_on": _day(one.idea.raised_on),
                "state": one.state,
                "owed": one.owed,
            }
            for one in found
        ]
    }


def of_needs(found: Needs) -> _Data:
    """Encounters by theme."""
    return {
        "period": str(found.period),
        "encounters": found.encounters,
        "themes": dict(found.themes),
        "without_theme": found.without_theme,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
