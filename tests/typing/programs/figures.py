"""Somebody measures, reads figures and releases a report."""

from datetime import date
from pathlib import Path
from typing import reveal_type

import osallisuus as osa


def measured() -> None:
    with osa.open("memory:", actor="analyst", purpose="evaluation") as register:
        reveal_type(register)  # revealed: Register
        result = register.measure("completion", by="group.place", as_of=date(2018, 7, 1))
        reveal_type(result)  # revealed: Result
        figure = result.figure("completed", place="Tampere")
        reveal_type(figure)  # revealed: Figure
        reveal_type(figure.value)  # revealed: float | int | None
        reveal_type(figure.explain("fi"))  # revealed: str
        reveal_type(figure.facts())  # revealed: tuple[Traced, ...]
        reveal_type([one.name for one in result])  # revealed: list[str]
        figure.value = 1.0  # expect: error
        figure.median  # expect: error
        result["completed"]  # expect: error


def measured_wrongly(register: osa.Register) -> None:
    register.measure()  # expect: error
    register.measure("completion", "group.place")  # expect: error
    register.measure("completion", as_of="2018-07-01")  # expect: error
    register.measure("completion", places=["Tampere"])  # expect: error
    osa.open(Path("facts.db"))  # expect: error


def reported(register: osa.Register) -> bytes:
    report = register.report("evaluation", program="wertzu", locale="fi")
    reveal_type(report)  # revealed: Report
    register.report("evaluation")  # expect: error
    register.report("evaluation", program="wertzu", locale="de")  # expect: error
    report.render("html")  # expect: error
    release = report.release(profile="public")
    reveal_type(release)  # revealed: Release
    reveal_type(release.save("report.html", overwrite=True))  # revealed: Path
    reveal_type(release.hidden)  # revealed: int
    return release.render("markdown")


def compared(one: osa.Figure, other: osa.Figure) -> None:
    reveal_type(one.why_changed(other))  # revealed: Change
    reveal_type(one.to_dict())  # revealed: dict[str, Any]
    one.why_changed(None)  # expect: error
