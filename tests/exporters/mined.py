"""What pm4py, the program of those who mine processes, finds in our event logs.

It runs in a process of its own: it takes seconds to load, greets at length and is under a licence
(AGPL) that nothing of ours may stand on.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

__all__ = ["mined"]

_MINE = """
import json, sys, pm4py
def codes(of):
    return {str(name): int(number) for name, number in of.value_counts().items()}
def follows(log):
    return [[*pair, number] for pair, number in pm4py.discover_dfg(log)[0].items()]
xes, ocel, some = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
log = pm4py.read_xes(xes)
of_some = log[log["concept:name"].isin(some)]
objects = pm4py.read_ocel2_json(ocel)
flat = pm4py.ocel_flattening(objects, "enrollment")
told = {
    "cases": int(log["case:concept:name"].nunique()),
    "events": codes(log["concept:name"]),
    "first": str(log["time:timestamp"].min()),
    "last": str(log["time:timestamp"].max()),
    "follows": follows(of_some),
    "objects": codes(objects.objects["ocel:type"]),
    "object_events": codes(objects.events["ocel:activity"]),
    "relations": codes(objects.relations["ocel:qualifier"]),
    "object_follows": follows(flat[flat["concept:name"].isin(some)]),
}
print("\\n" + json.dumps(told))
"""


def mined(xes: Path, ocel: Path, some: list[str]) -> dict[str, Any]:
    """What there is in both logs, and which of *some* events directly follow one another."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _MINE, str(xes), str(ocel), json.dumps(some)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
