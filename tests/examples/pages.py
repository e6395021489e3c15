"""Running a page of the documentation as a reader would: its commands, and its Python."""

import doctest
import re
import shlex

from tests.cli.running import run

BLOCK = re.compile(r"^```(console|python|toml)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def run_page(text, folder):
    """Run all blocks of *text* in order; the first words of the commands that were run.

    Lines below a command are what it is shown to print: each in this order, and ``…`` stands for
    anything. Blocks of Python go on from one another.
    """
    names, commands = {}, []
    for language, block in BLOCK.findall(text):
        if language == "console":
            commands += [_call(arguments, shown, folder) for arguments, shown in _calls(block)]
        elif language == "python":
            names = _doctest(block, names)
    return commands


def are_printed(shown, printed):
    """Whether the lines are printed in this order."""
    lines = (re.escape(line.strip()).replace("…", ".*") for line in shown if line.strip() != "…")
    text = "\n".join(line.strip() for line in printed.splitlines())
    return re.search(r"^" + r"$.*^".join(lines) + r"$", text, re.DOTALL | re.MULTILINE) is not None


def _calls(block):
    calls = []
    for line in block.splitlines():
        if line.startswith("$ "):
            program, *arguments = shlex.split(line[2:])
            assert program == "osallisuus"
            calls.append((arguments, []))
        else:
            calls[-1][1].append(line)
    return calls


def _call(arguments, shown, folder):
    done = run(*arguments, cwd=folder)
    assert done.code == 0, done.err
    assert are_printed(shown, done.out), f"{shown}\n{done.out}"
    return arguments[0]


def _doctest(block, names):
    example = doctest.DocTestParser().get_doctest(block, names, "page", None, 0)
    told = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    runner.run(example, out=told.append, clear_globs=False)
    assert not runner.failures, "".join(told)
    return example.globs
