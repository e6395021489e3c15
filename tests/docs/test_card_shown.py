"""The card that the rules for metric authors show is a whole one."""

import re
import tomllib

import osallisuus as osa
from osallisuus.conformance import MetricConformance
from osallisuus.words.card import Card, Example
from tests.cli.running import ROOT

PAGE = (ROOT / "docs" / "writing_metrics.md").read_text("utf-8")
(SHOWN,) = (tomllib.loads(one) for one in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
EXAMPLE = SHOWN.pop("example")
CASES = re.search(r'name="called_often",\n\.\.\. +cases="""(.*?)"""', PAGE, re.DOTALL)[1]
METRIC = osa.Proportion(name="called_often", cases=CASES.replace("\n... ", "\n"))


class TestShownCard(MetricConformance):
    """The metric of the page, as the page writes it, keeps every promise with that card."""

    metric = METRIC
    card = Card(**SHOWN, example=Example(**{**EXAMPLE, "figures": tuple(EXAMPLE["figures"])}))
