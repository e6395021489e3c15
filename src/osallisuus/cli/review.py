"""What the reviewer of a release should know before it is passed on."""

from __future__ import annotations

from osallisuus.disclosure.certificate import Certificate

__all__ = ["print_review"]

_MOST_ADVICE = 3


def print_review(certificate: Certificate) -> None:
    """A certificate as a table, and what would help; nothing was released."""
    from tabulate import tabulate

    print("*** INTERNAL: for whoever answers for the release; nothing is released ***\n")
    if not certificate.audited:
        print("too much to audit at once: nothing new would be shown; ask for less")
    rows = list(certificate.rows())
    if not rows:
        print("nothing has to be hidden")
        return
    headers = ("metric", "where", "count that stays hidden", "possible for a reader")
    print(tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True))
    print(f"\n{certificate.gaps} {'figure' if certificate.gaps == 1 else 'figures'} hidden")
    for line in (*_advice(certificate), _insiders(certificate)):
        print(line)


def _advice(certificate: Certificate) -> list[str]:
    return [
        f"show {' and '.join(_named(value) for value in one.merge)} of {stratum} as one:"
        f" {one.hidden} hidden counts instead of {one.instead_of}"
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
