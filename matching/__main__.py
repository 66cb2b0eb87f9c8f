"""`python -m matching`: the commands of docs/contract.md."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from matching.errors import InputProblems

COMMANDS = ("synth", "register", "build", "match", "evaluate", "versions")
MENDABLE = 2  # exit status on input that the user must mend


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m matching", description=sys.modules["matching"].__doc__)
    shared = _shared()
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = importlib.import_module(f"matching.commands.{name}")
        command = subparsers.add_parser(name, help=module.HELP, parents=[shared])
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    args = parser.parse_args(arguments)
    try:
        status: int = args.run(args)
    except InputProblems as problems:
        for problem in problems.problems:
            print(problem, file=sys.stderr)
        if problems.total > len(problems.problems):
            print(f"… and {problems.total - len(problems.problems)} more", file=sys.stderr)
        return MENDABLE
    return status


def _shared() -> argparse.ArgumentParser:
    """What every command takes."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--threads", type=int, metavar="N", help="processor cores to use (all)")
    shared.add_argument(
        "--memory", metavar="SIZE", help="memory to use, such as 2GB (60 %% of what there is)"
    )
    shared.add_argument("--progress", action="store_true", help="show a progress bar on a terminal")
    return shared


if __name__ == "__main__":
    sys.exit(main())
