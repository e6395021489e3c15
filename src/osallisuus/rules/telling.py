"""The views of roles, guidance, communities and ideas in words, for a coordinator.

Everything here is INTERNAL and says so: it is exact, it may be about one person, and nothing of it
has passed the gate. No text names a person, calls anybody by their substance use, ranks people or
tells how far somebody has come (U13). The form of an encounter is for the peer, and is not internal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from osallisuus.model.arrangements import Compensation
from osallisuus.model.program import Program
from osallisuus.model.questionnaire import Item
from osallisuus.model.roles import Role
from osallisuus.model.stated import NONE, Code, Listed, Locale, Text, each
from osallisuus.model.vocabulary import vocabulary
from osallisuus.rules.community import CommunityOnDay, Settled
from osallisuus.rules.development import IdeaOnDay
from osallisuus.rules.encounters import BANDS, EncounterForm, Needs
from osallisuus.rules.guidance import GuidanceCase, OwnGoal
from osallisuus.rules.prerequisites import Requirement
from osallisuus.rules.progression import HeldRole, Move, Path, RolesOnDay, RoleStep
from osallisuus.words import Words

__all__ = [
    "print_form",
    "tell_case",
    "tell_cases",
    "tell_community",
    "tell_ideas",
    "tell_needs",
    "tell_paths",
    "tell_roles",
    "tell_steps",
]


def tell_steps(
    program: Program, steps: Iterable[RoleStep], *, on: date, locale: Locale = "en"
) -> str:
    """Which roles are open, what each presupposes, who decides and what is paid."""
    words = Words(locale)
    return _internal(_steps(program, steps, on, words, locale), words)


def tell_paths(ways: Iterable[Path], *, locale: Locale = "en") -> str:
    """The ways of roles and the moves in them by day. Nobody stands anywhere on them."""
    words = Words(locale)
    return _internal(_ways(ways, words, locale)[1:], words)


def tell_roles(program: Program, roles: RolesOnDay, *, locale: Locale = "en") -> str:
    """All roles of one person: those of the programme, those elsewhere, and the ways it names."""
    words = Words(locale)
    lines = _steps(program, roles.steps, roles.on, words, locale)
    if roles.elsewhere:
        lines += ["", words("view.roles.title")]
        lines += [f"  {_held(one, words, locale)}" for one in roles.elsewhere]
    return _internal([*lines, *_ways(roles.paths, words, locale)], words)


def tell_cases(cases: Sequence[GuidanceCase], *, on: date, locale: Locale = "en") -> str:
    """Guidance cases with their talks; a case is named by its id, a person never."""
    words = Words(locale)
    lines = [words("view.guidance.title", day=words.locale.day(on))]
    for one in cases:
        lines += ["", *_case(one, words, locale)]
    if not cases:
        lines.append(words("view.guidance.none"))
    return _internal(lines, words)


def tell_case(one: GuidanceCase, *, on: date, locale: Locale = "en") -> str:
    """One case with its talks, and its goals in the steps on which they are rated."""
    words = Words(locale)
    lines = [words("view.guidance.title", day=words.locale.day(on)), "", *_case(one, words, locale)]
    return _internal([*lines, *(f"  {_goal(goal, words, locale)}" for goal in one.goals)], words)


def tell_community(community: CommunityOnDay, *, locale: Locale = "en") -> str:
    """One community by itself: size, ways of taking part, decisions, rules and areas."""
    words = Words(locale)
    size, day = community.size, words.locale.day(community.on)
    kept = words(f"view.community.{size.standing}", limit=size.limit)
    lines = [
        words("view.community.title", group=community.group, day=day),
        f"{words(f'view.community.{size.unit}', count=size.count)} ({kept})",
        words("view.community.representatives", count=len(community.representatives)),
        words(
            "view.community.decisions",
            count=len(community.decisions),
            open=len(community.open_decisions),
        ),
        words(f"view.community.own_way.{size.unit}"),
    ]
    for mode, count in community.modes:
        name = (
            vocabulary("membership_mode").label(mode, locale)
            if mode is not None
            else words("view.community.no_mode")
        )
        lines.append(f"  {words('view.community.mode', mode=name, count=count)}")
    lines += [_settled("rule", one, words) for one in community.rules]
    lines += [_settled("area", one, words) for one in community.areas]
    return _internal(lines, words)


def tell_ideas(ideas: Sequence[IdeaOnDay], *, on: date, locale: Locale = "en") -> str:
    """What has become of ideas, each under the circle that raised it, and who is owed an answer."""
    words = Words(locale)
    lines = [words("view.idea.title", day=words.locale.day(on))]
    for one in ideas:
        lines.append(
            words(
                f"view.idea.{'owed' if one.owed else 'line'}",
                idea=one.idea.id,
                origin=vocabulary("idea_origin").label(one.credit, locale),
                state=words(f"view.idea.state.{one.state}"),
            )
        )
    return _internal(lines if ideas else [*lines, words("view.idea.none")], words)


def tell_needs(needs: Needs, *, program: Program, locale: Locale = "en") -> str:
    """What encounters were about, for a development meeting, in the programme's own words."""
    words = Words(locale)
    own = {theme.code: theme.label for theme in each(program.themes)}
    lines = [
        words("view.needs_of_field.title", period=words.locale.period(needs.period)),
        words("view.needs_of_field.encounters", count=needs.encounters),
        *(
            words(
                "view.needs_of_field.theme",
                theme=_word(own.get(code), "theme", code, locale),
                count=count,
            )
            for code, count in needs.themes
        ),
        words("view.needs_of_field.without", count=needs.without_theme),
    ]
    return _internal(lines, words)


def print_form(form: EncounterForm, *, locale: Locale = "en") -> str:
    """The form as text to print and take along: boxes to tick, and no line to write on."""
    words = Words(locale)
    lines = [form.title.label(locale), "", words("view.form.use"), words("view.form.nobody")]
    lines += ["", f"{words('view.form.themes')}:"]
    themes = [_word(label, "theme", code, locale) for code, label in form.themes]
    lines += [_tick(theme, words) for theme in themes]
    for name, codes in form.bands:
        options = [vocabulary(BANDS[name]).label(code, locale) for code in codes]
        lines += ["", f"{words(f'view.form.{name}')}:", *(_tick(one, words) for one in options)]
    lines += _asked(form.items, words, locale)
    return "\n".join(lines)


def _internal(lines: Iterable[str], words: Words) -> str:
    return "\n".join([words("document.internal"), "", *lines])


def _steps(
    program: Program, steps: Iterable[RoleStep], on: date, words: Words, locale: Locale
) -> list[str]:
    lines = [words("view.role.title", day=words.locale.day(on))]
    for step in steps:
        state = words(f"view.state.{step.state}")
        lines += [
            "",
            words("view.role.line", role=_called(step.role, words, locale), state=state),
            f"  {words(f'view.role.{step.openness}')}",
            *(f"  - {_requirement(one, program, words, locale)}" for one in step.requirements),
            f"  {words('view.role.granted_by', who=_granted_by(step.role, words))}",
            f"  {words('view.role.pay', what=_pay(step.compensation, words))}",
        ]
    return lines


def _held(one: HeldRole, words: Words, locale: Locale) -> str:
    return words(
        "view.roles.held",
        role=vocabulary("role").label(one.span.role, locale),
        state=words(f"view.state.{one.state}"),
        day=words.locale.day(one.span.starts_on),
    )


def _ways(ways: Iterable[Path], words: Words, locale: Locale) -> list[str]:
    lines: list[str] = []
    for way in ways:
        roles = " – ".join(vocabulary("role").label(role, locale) for role in way.roles)
        lines += ["", words("view.path.title", roles=roles)]
        lines += [f"  {_move(move, words, locale)}" for move in way.moves]
        if not way.moves:
            lines.append(f"  {words('view.path.none')}")
    return lines


def _case(one: GuidanceCase, words: Words, locale: Locale) -> list[str]:
    state, end = words(f"view.state.{one.state}"), words.locale.day(one.case.planned_end_on)
    lines = [words("view.guidance.line", case=one.case.id, state=state, end=end)]
    for talk in one.talks:
        name = vocabulary("review_point").label(talk.point, locale)
        day = words.locale.day(talk.held_on) if talk.held_on else ""
        lines.append(f"  {words(f'view.guidance.{talk.standing}', talk=name, day=day)}")
    if one.followed_by is not None:
        lines.append(f"  {words('view.guidance.followed', case=one.followed_by.id)}")
    return lines


def _goal(one: OwnGoal, words: Words, locale: Locale) -> str:
    level = "not_rated" if one.level is None else f"level.{one.level}"
    domain = vocabulary("goal_domain").label(one.goal.domain, locale)
    return words("view.guidance.goal", domain=domain, level=words(f"view.guidance.{level}"))


def _called(role: Role, words: Words, locale: Locale) -> str:
    return _capitalised(_word(role.label, "role", role.code, locale))


def _word(own: Text | None, group: str, code: Code, locale: Locale) -> str:
    """The programme's own word for a code, else that of the vocabulary."""
    return own.label(locale) if own is not None else vocabulary(group).label(code, locale)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _requirement(one: Requirement, program: Program, words: Words, locale: Locale) -> str:
    code = one.prerequisite.program
    name = program.label(locale) if code == program.name else code
    what = words(f"view.needs.{one.prerequisite.kind}", program=name)
    key = "not_recorded" if one.standing == "unknown" else one.standing
    standing = words(f"view.role.{key}", evidence=one.evidence)
    return words("view.role.requirement", what=what, standing=standing)


def _granted_by(role: Role, words: Words) -> str:
    who = [words(f"view.by.{one}") for one in each(role.granted_by)]
    return ", ".join(who) or words("cell.not_stated")


def _pay(pay: Listed[Compensation], words: Words) -> str:
    if pay is NONE:
        return words("view.pay.none")
    told = [
        words(f"view.modality.{one.modality}", what=words(f"view.pay.{one.kind}"))
        for one in each(pay)
    ]
    return ", ".join(told) or words("cell.not_stated")


def _move(move: Move, words: Words, locale: Locale) -> str:
    ending = (
        vocabulary("role_ending").label(move.ending, locale)
        if move.ending is not None
        else words("cell.not_stated")
    )
    return words(
        f"view.path.{move.change}",
        day=words.locale.day(move.day),
        role=vocabulary("role").label(move.role, locale),
        ending=ending,
    )


def _settled(kind: str, one: Settled, words: Words) -> str:
    return words(
        f"view.community.{kind}",
        name=one.name.replace("_", " "),
        count=len(one.holders),
        decision=one.decision.id,
        day=words.locale.day(one.decision.decided_on),
    )


def _tick(what: str, words: Words) -> str:
    return f"  {words('view.form.tick', what=what)}"


def _asked(items: Iterable[Item], words: Words, locale: Locale) -> Iterator[str]:
    """The programme's further questions: yes or no, or a choice; groups give their title."""
    for item in items:
        yield from ("", item.text.label(locale))
        if item.type == "boolean":
            yield from (_tick(words(f"view.form.{one}"), words) for one in ("yes", "no"))
        yield from (_tick(option.label.label(locale), words) for option in item.options)
        yield from _asked(item.items, words, locale)
