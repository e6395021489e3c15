"""Begin a package with passing tests: FOLDER/NAME, which must not be there yet."""

import argparse
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
KINDS = {
    # what is begun: the group of its entry point, and what that names
    "exporter": ("exporters", "Exporter"),
    "metric": ("metrics", "METRIC"),
    "store": ("stores", "Store"),
    "programme": ("programs", "PROGRAMME"),
}


def new(name: str, folder: Path, kind: str = "exporter", part: str | None = None) -> Path:
    """Copy the files of the template for that *kind*, with your names where theirs stand.

    *name* is that of the package, *part* what users write for what it adds.
    """
    part = name.removeprefix("osallisuus-") if part is None else part
    for given in (name, part):
        if not re.fullmatch(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", given):
            sys.exit(
                f"{given!r} is no name: take small letters and digits, with single - or _ between"
            )
    group, value = KINDS[kind]
    words = {
        "your-distribution": name,
        "your_package": name.replace("-", "_"),
        # metrics and programmes stand in facts and queries, where names have no hyphens
        "your-plugin": part.replace("-", "_") if kind in ("metric", "programme") else part,
        "your-group": group,
        "YourPart": value,
    }
    made = folder / name
    made.mkdir(parents=True)  # a folder that is there is somebody's work: it is left alone
    for files in (HERE / "package", HERE / "kinds" / kind):
        for source in sorted(files.rglob("*.*")):
            if source.suffix in (".md", ".py", ".toml", ".typed"):  # and nothing that a tool left
                target, text = str(source.relative_to(files)), source.read_text("utf-8")
                for word, given in words.items():
                    target, text = target.replace(word, given), text.replace(word, given)
                (made / target).parent.mkdir(parents=True, exist_ok=True)
                (made / target).write_text(text, "utf-8")
    return made


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("name", help="the name of the package, such as my-plugin")
    asked.add_argument("folder", type=Path, help="where its folder is made")
    asked.add_argument("--kind", choices=KINDS, default="exporter", help="what the package adds")
    asked.add_argument("--part", help="what users call it; default: as the package")
    print(new(**vars(asked.parse_args())))
