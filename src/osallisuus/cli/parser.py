"""How a command line is read, and what is said to somebody who is new to it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final, NoReturn

__all__ = ["EXAMPLES", "Parser"]

EXAMPLES: Final[Mapping[str, Sequence[str]]] = {
    "demo": ["demo --out pages --locale fi"],
    "import": [
        "import examples/wertzu --into facts.db",
        "import list.xlsx --out mapping.toml",
        "import list.xlsx --mapping mapping.toml --key key.txt --into facts.db",
    ],
    "check": ["check facts.db", "check facts.db --on 2018-06-01 --json"],
    "measure": [
        "measure facts.db completion --locale fi",
        "measure facts.db attendance --by group.place --periods yearly",
        "measure facts.db completion --internal --json",
    ],
    "report": [
        "report facts.db --program wertzu --out report.html --locale fi",
        "report facts.db --program wertzu --report board --internal",
        "report facts.db --program wertzu --review",
    ],
    "site": ["site facts.db --program wertzu --program verna --out pages --locale fi"],
    "reissue": ["reissue report.frozen --out again.html"],
    "releases": ["releases facts.db", "releases facts.db --json"],
    "remind": ["remind facts.db --program wertzu --on 2018-01-10"],
    "show": [
        "show eligibility facts.db PERSON --program wertzu --on 2018-01-10",
        "show guidance facts.db --program kokemusohjaus --on 2018-01-10 --locale fi",
    ],
    "upgrade": ["upgrade facts.db --dry-run", "upgrade facts.db"],
    "migrate-program": [
        "migrate-program facts.db --from wertzu@1 --to new.toml --dry-run",
    ],
    "fund": ["fund facts.db --program wertzu --period 2018-01-01..2019-01-01"],
    "copy": ["copy facts.db PERSON --out copy.md --locale fi"],
    "erase": ["erase facts.db PERSON --dry-run", "erase facts.db PERSON --yes --json"],
    "vault": [
        "vault make names.vault --key master.key --linking key.txt",
        "vault put names.vault PERSON --key master.key",
        "vault find names.vault --key master.key",
    ],
    "verify": ["verify facts.db"],
    "snapshot": ["snapshot facts.db backup.db"],
    "restore": [
        "restore backup.db facts.db",
        "restore facts.db postgresql://me@db.example.org/register",
    ],
    "doctor": ["doctor", "doctor facts.db --json"],
    "innokyla": ["innokyla wertzu --locale fi"],
    "compose": ["compose facts.db --program wertzu --rules groups.toml --on 2018-01-10"],
    "export": ["export facts.db --out facts", "export facts.db --as xes --out facts.xes"],
    "sync": ["sync facts.db parquet:/data/copy", "sync facts.db delta:/data/lake --compact"],
    "plan": [
        "plan wertzu --start 2026-09-01 --weekday tue --at 12:00",
        "plan wertzu --start 2026-09-01 --holidays skip --as ics --out plan.ics",
    ],
    "template": ["template wertzu --out list.xlsx --locale fi"],
    "simulate": ["simulate wertzu --people 100 --seed 1 --out made_up"],
    "programs": ["programs", "programs wertzu", "programs verna --toml > mine.toml"],
    "metrics": ["metrics", "metrics completion --locale fi"],
    "plugins": ["plugins", "plugins html", "plugins --json"],
    "completion": [
        "completion bash > ~/.local/share/bash-completion/completions/osallisuus",
        'completion zsh > "${fpath[1]}/_osallisuus"',
    ],
}
"""Command -> examples as they are typed after ``osallisuus``."""


class Parser(argparse.ArgumentParser):
    """Reads one command; a misspelt word is answered with the nearest one that is known."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            formatter_class=argparse.RawDescriptionHelpFormatter,
            # half an option would change its meaning when a longer one comes
            allow_abbrev=False,
            **settings,
        )

    def give_examples(self, command: str) -> None:
        """Set the examples of *command* below its help."""
        lines = [f"  osallisuus {example}" for example in EXAMPLES.get(command, ())]
        if lines:
            head = "example:" if len(lines) == 1 else "examples:"
            self.epilog = "\n".join([head, *lines])

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As in argparse, but a word too many is told by the command that it was given to."""
        found, others = super().parse_known_args(args, namespace)
        if others:
            self.error(f"unrecognized arguments: {' '.join(others)}")
        return found, others

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and what was probably meant, with exit code 2."""
        super().error(message + self._meant(message))

    def _meant(self, message: str) -> str:
        if choice := re.search(r"invalid choice: '([^']*)' \(choose from (.*)\)", message):
            word, known = choice[1], re.findall(r"[^\s',]+", choice[2])
        elif options := re.match(r"unrecognized arguments: .*?(--[^\s=]+)", message):
            word = options[1]
            known = [name for name in self._option_string_actions if name.startswith("--")]
        else:
            return ""
        nearest = get_close_matches(word, known, n=1)
        return f"; did you mean {nearest[0]!r}?" if nearest else ""
