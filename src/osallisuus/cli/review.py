"""What the reviewer of a release should know before it is passed on."""

from __future__ import annotations

from collections.abc import Iterator

from osallisuus.disclosure.certificate import Certificate
from osallisuus.metrics.written import stratum_name
from osallisuus.words import Words

__all__ = ["print_review"]

_MOST_ADVICE = 3


def print_review(certificate: Certificate) -> None:
    """A certificate as a table, and what would help; nothing was released."""
    from tabulate import tabulate

    print("*** INTERNAL: for whoever answers for the release; nothing is released ***\n")
    if not certificate.audited:
        print("too much to audit at once: nothing new would be shown; ask for less")
    rows = list(certificate.rows())
    if rows:
        headers = ("metric", "where", "count that stays hidden", "possible for a reader")
        print(tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True), end="\n\n")
    for line in _gaps(certificate):
        print(line)
    if rows:
        for line in (*_advice(certificate), _insiders(certificate)):
            print(line)


def _gaps(certificate: Certificate) -> Iterator[str]:
    """How many figures are hidden, and why those are that have no small count."""
    if not certificate.gaps:
        yield "nothing has to be hidden"
        return
    yield f"{certificate.gaps} {'figure' if certificate.gaps == 1 else 'figures'} hidden"
    if certificate.besides:
        yield (
            f"{certificate.besides} of them without a small count: there is no value, or none that"
            " the public form gives, such as a median on a day that the curve leaves out;"
            " nobody and a few must look alike"
        )


def _advice(certificate: Certificate) -> list[str]:
    return [
        f"if {' and '.join(_named(value) for value in one.merge)} were one"
        f" {stratum_name(stratum, Words('en'))}, {one.hidden} counts would be hidden"
        f" instead of {one.instead_of}"
        for stratum in certificate.strata
        for one in certificate.advice(stratum)[:_MOST_ADVICE]
    ]


def _named(value: object) -> str:
    return "(not stated)" if value is None else str(value)


def _insiders(certificate: Certificate) -> str:
    """One reader per hidden count that somebody is in."""
    found = certificate.insiders()
    closer = sum(bool(audit.unsafe) for audit in found.values())
    who = f"{closer} of {len(found)}" if closer else "nobody"
    threshold = certificate.profile.threshold if certificate.profile else 0
    return (
        "of those who know that they are in one of these counts,"
        f" {who} can place a hidden count more closely than {threshold} numbers"
    )
