"""Compare the library with the best that others offer for the same task, by CPU time.

``python benchmarks/run.py [NAME ...]`` runs all or the named comparisons and prints a table;
``--json FILE`` writes the figures too. Nothing else is written but in a temporary folder.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import Outcome, compare

MODULES = (
    "start",
    "report",
    "page",
    "ingest",
    "workbook",
    "survival",
    "audit",
    "estimators",
    "catalogue",
    "engines",
    "moves",
    "spark",
    "eligibility",
    "schedule",
    "grouping",
    "simulate",
    "xlsx",
    "stores",
    "postgresql",
    "sinks",
)


def main() -> int:
    if sys.argv[1:2] == ["--child"]:
        _, _, module, contender, folder = sys.argv
        gc.collect()
        print(getattr(import_module(module), contender)(Path(folder)))
        return 0
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(MODULES)}")
    parser.add_argument("--rounds", type=int, help="how often each contender runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    options = parser.parse_args()
    if unknown := set(options.names) - set(MODULES):
        parser.error(f"no such comparison: {', '.join(sorted(unknown))}")
    outcomes = [outcome for name in options.names or MODULES for outcome in run(name, options)]
    if options.json:
        content = [asdict(outcome) | {"ratio": outcome.ratio} for outcome in outcomes]
        options.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return 0


def run(name: str, options: argparse.Namespace) -> list[Outcome]:
    """Run one module's comparisons and print a line for each."""
    module = import_module(name)
    comparisons = getattr(module, "COMPARISONS", None) or [module.COMPARISON]
    outcomes = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if reason := module.prepare(folder):
            print(f"{name}: left out, {reason}")
            return []
        for comparison in comparisons:
            outcome = compare(comparison, folder, options.rounds)
            verdict = "no goal"
            if comparison.goal is not None:
                met = "met" if outcome.ratio <= comparison.goal else "MISSED"
                verdict = f"goal {comparison.goal} {met}"
            print(
                f"{comparison.task}: {outcome.ours:.3f} s / {outcome.other:.3f} s ="
                f" {outcome.ratio:.2f} ({outcome.low:.2f} to {outcome.high:.2f});"
                f" {verdict}",
                flush=True,
            )
            outcomes.append(outcome)
    return outcomes


if __name__ == "__main__":
    sys.exit(main())
