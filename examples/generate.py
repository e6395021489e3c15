"""Write the synthetic example fact folders: ``python examples/generate.py [FOLDER]``.

The same seed gives the same bytes. Published totals are met exactly; everything else is made up by
seeded chance, and every folder says so.
"""

from __future__ import annotations

import sys
from pathlib import Path

from synthetic import kokemusohjaus, verna, wertzu, yhteiskehittaminen, yhteiso

from osallisuus.ingest.folder import write_folder
from osallisuus.model.batch import Batch

SEED = 20_160_912
NOTE = (
    "SYNTHETIC EXAMPLE DATA: no real person is behind any row. Made from the published totals of "
    "the programme {program} ({totals}); everything else comes from seeded chance. "
    "observations.csv says so too, by its measure synthetic_data."
)
TOTALS = {
    "wertzu": "4 trainings, 41 took part, 28 graduated",
    "verna": "38 started, 29 completed",
}
NOTE_WITHOUT_FIGURES = (
    "SYNTHETIC EXAMPLE DATA: no real person is behind any row. Made from the description of the "
    "programme {program}, which publishes no figures: every number comes from seeded chance. "
    "observations.csv says so too, by its measure synthetic_data."
)
PROGRAMS = {
    "wertzu": wertzu.facts,
    "verna": verna.facts,
    "kokemusohjaus": kokemusohjaus.facts,
    "yhteiso": yhteiso.facts,
    "yhteiskehittaminen": yhteiskehittaminen.facts,
}


def main(folder: Path) -> None:
    """Write the folder of each programme into *folder*."""
    for program, facts in PROGRAMS.items():
        batch = Batch.of(facts(SEED))
        if batch.problems:
            raise SystemExit("\n".join(map(str, batch.problems)))
        note = NOTE_WITHOUT_FIGURES.format(program=program)
        if program in TOTALS:
            note = NOTE.format(program=program, totals=TOTALS[program])
        for file in write_folder(folder / program, batch.rows, note=note):
            file.chmod(0o644)  # facts are for their owner's eyes only; made-up ones are for all
        print(f"{folder / program}: {len(batch)} facts")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parent)
