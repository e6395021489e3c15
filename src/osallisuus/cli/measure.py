"""One metric, printed as a table or as JSON."""

from __future__ import annotations

import argparse
import sys

from osallisuus.cli.printed import print_document
from osallisuus.cli.progress import Progress
from osallisuus.cli.releases import say_what_matters
from osallisuus.cli.review import print_review
from osallisuus.cli.store import existing
from osallisuus.cli.terminal import print_json
from osallisuus.disclosure.gate import Released
from osallisuus.disclosure.profile import INTERNAL
from osallisuus.errors import DefinitionError, DisclosureError
from osallisuus.metrics.figure import Result
from osallisuus.reports.build import result_document
from osallisuus.words import Words

__all__ = ["measure"]


def measure(arguments: argparse.Namespace) -> int:
    """``measure STORE METRIC``: through the disclosure gate, or exact with ``--internal``."""
    settings = {
        "by": arguments.by,
        "periods": arguments.periods,
        "as_of": arguments.as_of,
        "program": arguments.program,
        "confidence": arguments.confidence,
        "policies": _policies(arguments.policy),
    }
    if (arguments.facts or arguments.alternatives) and not arguments.internal:
        raise DisclosureError(
            "facts and alternatives are for those who may see the facts",
            where="measure",
            remedy="add --internal, if you are one of them",
        )
    with existing(arguments.store, "measure", engine=arguments.engine) as register:
        if arguments.review:
            with Progress("reviewing"):
                certificate = register.review(arguments.metric, **settings)
            print_review(certificate)
            return 0
        if arguments.alternatives or arguments.facts:
            print(f"*** {Words(arguments.locale)('document.internal')} ***\n")
        if arguments.alternatives:
            print(register.alternatives(arguments.metric, **settings).explain(arguments.locale))
            return 0
        if arguments.facts:
            _print_facts(register.measure(arguments.metric, **settings))
            return 0
        with Progress("measuring"):
            if arguments.internal:
                exact = register.measure(arguments.metric, **settings)
                released = Released(results=(exact,), hidden=0, profile=INTERNAL)
            else:
                released = register.release(arguments.metric, **settings)
        if not arguments.internal:
            say_what_matters(released)
        synthetic = register.is_synthetic()
    (result,) = released.results
    _say_made_up(arguments, synthetic=synthetic)
    if arguments.json:
        print_json(result.to_dict())
        return 0
    if arguments.explain:
        print(result.explain(arguments.locale))
        return 0
    document = result_document(result, released, locale=arguments.locale, synthetic=synthetic)
    print_document(document)
    _say_what_helps(result, Words(arguments.locale))
    return 0


def _say_made_up(arguments: argparse.Namespace, *, synthetic: bool) -> None:
    """That the facts are made up, where no document says so."""
    if synthetic and (arguments.json or arguments.explain):
        print(Words(arguments.locale)("document.synthetic"), file=sys.stderr)


def _say_what_helps(result: Result, words: Words) -> None:
    """What to do about figures that have no value, each remedy once."""
    reasons = dict.fromkeys(figure.reason for figure in result if figure.status == "undefined")
    for reason in reasons:
        if f"remedy.{reason}" in words:
            print(words(f"remedy.{reason}"), file=sys.stderr)


def _print_facts(result: Result) -> None:
    """Per figure the cases behind it: counted in it (+), or in what it is a part of (-)."""
    for figure in result:
        print(figure)
        for case in figure.facts():
            sign = "+" if case.counted else "-"
            facts = ", ".join(f"{table} {key}" for table, key in case.facts)
            print(f"  {sign} {case.person or 'no person'}: {facts}")


def _policies(given: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if any(not name or not value for name, _, value in pairs):
        raise DefinitionError(
            "a policy is given with its value", where="--policy", remedy="as in excused=out"
        )
    return {name: value for name, _, value in pairs}
