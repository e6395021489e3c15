"""Publishing: a release is audited with all earlier ones, and remembered in the store's ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager

from attrs import evolve

from osallisuus.disclosure.certificate import Certificate
from osallisuus.disclosure.earlier import Earlier
from osallisuus.disclosure.gate import Released, release, result_of
from osallisuus.disclosure.ledger import Line, Question, entries_of
from osallisuus.disclosure.profile import Profile
from osallisuus.errors import StoreError
from osallisuus.metrics.engine import Engine, Query
from osallisuus.metrics.measure import Measurement, measure
from osallisuus.model.store import Store
from osallisuus.values import frozen

__all__ = ["Press"]

_TRIES = 5
"""How often a release is made anew since others came in between."""


@frozen(eq=False)
class _Proof:
    """A release before it is made."""

    lines: Sequence[Line]
    """What was released before."""
    line: Line
    """What will be remembered of it, but for the answers."""
    measurements: Sequence[Measurement]


@frozen(kw_only=True, eq=False)
class Press:
    """Makes releases of the facts in one store, as known at the commit *tx* or as of now."""

    store: Store
    engine_at: Callable[[int | None], AbstractContextManager[Engine]]
    """An engine over the facts as known at a commit; ``None``: as of now."""
    actor: str
    purpose: str
    tx: int | None = None

    def release(
        self,
        ask: Callable[[Engine], Sequence[Measurement]],
        profile: Profile,
    ) -> Released:
        """What may leave of the measurements that *ask* makes, and of nothing else.

        An internal view, and a release of a store without a ledger, are not remembered; neither is
        one without a figure, of which nothing could be worked out.
        """
        if profile.internal or not {"ledger", "history"} <= self.store.capabilities:
            with self.engine_at(self.tx) as engine:
                return release(ask(engine), profile)
        for _ in range(_TRIES):
            released = self._remembered(ask, profile)
            if released is not None:
                return released
        raise StoreError(
            "other releases of this store came in between again and again",
            where="ledger",
            remedy="try again when they have ended",
        )

    def review(
        self, ask: Callable[[Engine], Sequence[Measurement]], profile: Profile
    ) -> Certificate:
        """What the audit of the release finds, for those who answer for it; nothing is released.

        Of a release that was made before it is what was found then.
        """
        with self._engines() as engine_at:
            proof = self._proof(ask, profile, engine_at)
            known = _repeated(proof.lines, proof.line, proof.measurements)
            before = proof.lines if known is None else proof.lines[: proof.lines.index(known)]
            return self._judged(evolve(proof, lines=before), profile, engine_at).certificate

    def _remembered(
        self,
        ask: Callable[[Engine], Sequence[Measurement]],
        profile: Profile,
    ) -> Released | None:
        """One release; ``None`` when another one was remembered meanwhile."""
        with self._engines() as engine_at:
            proof = self._proof(ask, profile, engine_at)
            if not proof.measurements:
                return release((), profile)
            same = _repeated(proof.lines, proof.line, proof.measurements)
            if same is not None:
                return _again(same, profile)
            released = self._judged(proof, profile, engine_at)
        if self.tx is None and self.store.head() != proof.line.tx:
            # somebody wrote meanwhile, and some figures may be of that: now as known before it
            return Press._remembered(evolve(self, tx=proof.line.tx), ask, profile)
        lines, line = proof.lines, proof.line
        for known in lines:
            if _form(known) == _form(line) and _said(known.asked) == _said(released.asked):
                return evolve(released, number=known.number)  # it says what is out already
        line = evolve(line, asked=released.asked)
        made = self.store.publish(
            line.content(),
            tx=line.tx,
            actor=self.actor,
            purpose=self.purpose,
            after=lines[-1].number if lines else 0,
        )
        return None if made is None else evolve(released, number=made.number)

    def _proof(
        self,
        ask: Callable[[Engine], Sequence[Measurement]],
        profile: Profile,
        engine_at: Callable[[int | None], Engine],
    ) -> _Proof:
        """What is asked, and what was released before."""
        keeps = {"ledger", "history"} <= self.store.capabilities
        lines = list(entries_of(self.store)) if keeps and not profile.internal else []
        tx = self.store.head() if self.tx is None and keeps else self.tx
        engine = engine_at(tx)
        line = Line(
            tx=tx or 0,
            actor=self.actor,
            purpose=self.purpose,
            profile=profile.name,
            threshold=profile.threshold,
            base=profile.base,
            people=_people(engine),
        )
        return _Proof(lines, line, ask(engine))

    def _judged(
        self, proof: _Proof, profile: Profile, engine_at: Callable[[int | None], Engine]
    ) -> Released:
        earlier = [
            one for line in proof.lines for one in _asked_again(line, proof.measurements, engine_at)
        ]
        return release(proof.measurements, profile, earlier)

    @contextmanager
    def _engines(self) -> Iterator[Callable[[int | None], Engine]]:
        """Engines by commit, each opened once and closed at the end."""
        opened: dict[int | None, Engine] = {}
        with ExitStack() as stack:

            def engine_at(tx: int | None) -> Engine:
                if tx not in opened:
                    opened[tx] = stack.enter_context(self.engine_at(tx))
                return opened[tx]

            yield engine_at


def _asked_again(
    line: Line, measurements: Sequence[Measurement], engine_at: Callable[[int | None], Engine]
) -> Iterator[Earlier]:
    """The questions of a release that published something new of the same programme."""
    programs = {one.settings.program for one in measurements}
    for asked in line.asked:
        related = None in programs or asked.settings.program in (None, *programs)
        if related and asked.is_new:
            engine = engine_at(line.tx)
            yield Earlier(
                line=line,
                asked=asked,
                measurement=measure(asked.metric, asked.settings, engine),
                erased=_people(engine) < line.people,
            )


def _people(engine: Engine) -> int:
    ((count,),) = engine.rows(Query(f"SELECT COUNT(*) FROM {engine.table('people')}"))
    return int(count)


def _said(asked: Sequence[Question]) -> list[object]:
    return [(one.metric, one.settings, one.figures) for one in asked]


def _form(line: Line) -> tuple[str, int, int | None]:
    return line.profile, line.threshold, line.base


def _repeated(
    lines: Sequence[Line], line: Line, measurements: Sequence[Measurement]
) -> Line | None:
    """The release that was the same question about the same facts."""
    asked = [(one.provenance.definition, one.settings) for one in measurements]
    for known in lines:
        same_facts = known.tx == line.tx and known.people == line.people
        said = [(one.provenance.definition, one.settings) for one in known.asked]
        if same_facts and _form(known) == _form(line) and said == asked:
            return known
    return None


def _again(line: Line, profile: Profile) -> Released:
    """A release once more, as it was published."""
    return Released(
        results=tuple(result_of(one, profile) for one in line.asked),
        hidden=sum(one.hidden for one in line.asked),
        profile=profile,
        number=line.number,
        asked=line.asked,
    )
