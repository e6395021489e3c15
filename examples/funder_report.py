"""From a folder of facts to a page for a funder: ``python examples/funder_report.py``."""

from pathlib import Path

import osallisuus as osa
from osallisuus.ingest.folder import read_folder

facts = read_folder(Path(__file__).with_name("wertzu"))
with osa.open("memory:", actor="coordinator", purpose="funder_reporting") as register:
    receipt = register.add(facts)
    print(f"{receipt.added} facts, {len(receipt.findings)} findings")
    for figure in register.measure("completion", by=["group.place"]):
        place, share = figure.strata["group.place"], f"{figure.low:.0%} to {figure.high:.0%}"
        print(f"{place}: {figure.k} of {figure.n} completed, which fits {share}")
    report = register.report("evaluation", program="wertzu", by=["group.place"])
    print(report.release(profile="public").save("wertzu.html", overwrite=True))
