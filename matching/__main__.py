"""`python -m matching`: the commands of docs/contract.md."""

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence

import duckdb

from matching.commands import options
from matching.errors import InputProblems

COMMANDS = (
    "synth",
    "register",
    "build",
    "apply",
    "match",
    "explain",
    "train",
    "evaluate",
    "versions",
    "prune",
)
# What is loaded leaves nothing to collect, and what a command makes has hardly any circles.
gc.set_threshold(100_000, 50, 100)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy, loaded later, would start threads of its own

MENDABLE = 2  # exit status on input that the user must mend


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m matching", description=sys.modules["matching"].__doc__)
    shared = _shared()
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    asked = (arguments if arguments is not None else sys.argv[1:])[:1]
    # The modules of the other commands are loaded only where they are to be listed.
    for name in [command for command in COMMANDS if command in asked] or COMMANDS:
        module = importlib.import_module(f"matching.commands.{name}")
        command = subparsers.add_parser(name, help=module.HELP, parents=[shared])
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    args = parser.parse_args(arguments)
    args.last = arguments is None  # this process is for the command alone
    try:
        status: int = args.run(args)
    except InputProblems as problems:
        for problem in problems.problems:
            print(problem, file=sys.stderr)
        if problems.total > len(problems.problems):
            print(f"… and {problems.total - len(problems.problems)} more", file=sys.stderr)
        return MENDABLE
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        print(f"{error.strerror or 'a file cannot be used'}{where}", file=sys.stderr)
        return MENDABLE
    except duckdb.Error as error:
        # The engine's own message can quote a cell.
        print(ENGINE_SAYS.get(type(error), f"the engine failed: {type(error).__name__}"), file=sys.stderr)
        return MENDABLE if type(error) in ENGINE_SAYS else 1
    return status


ENGINE_SAYS: dict[type[duckdb.Error], str] = {
    duckdb.OutOfMemoryException: "there is too little memory for this: see --memory",
    duckdb.IOException: "a file can't be read or written: the disk is full, or the store is damaged",
    duckdb.InvalidInputException: "a file of the store or of the extract is damaged",
}


def _shared() -> argparse.ArgumentParser:
    """What every command takes."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--threads", type=options.threads, metavar="N", help="processor cores to use (all)")
    shared.add_argument(
        "--memory",
        type=options.memory,
        metavar="SIZE",
        help="memory to use, such as 2GB (60 %% of what there is)",
    )
    shared.add_argument("--progress", action="store_true", help="show a progress bar on a terminal")
    return shared


if __name__ == "__main__":
    ended = main()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(ended)  # the system takes back what was held faster than the interpreter gives it up
