"""Says at the end of a run how many steps the walks through the stores took."""

from collections import Counter


def pytest_terminal_summary(terminalreporter):
    """The steps of each machine, as its test has recorded them."""
    steps = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                steps.update(
                    {name: of for name, of in report.user_properties if name.startswith("steps ")}
                )
    if steps:
        terminalreporter.section("steps compared with the model of a store")
        for name, of in sorted(steps.items()):
            terminalreporter.write_line(f"{name.removeprefix('steps ')}: {of}")
