"""`apply CHANGES_DIR STORE`: publish the newest version with a batch of changes as a new one."""

import argparse
from pathlib import Path

from matching.progress import steps
from matching.store import versions as store
from matching.store.apply import apply

NAME = "apply"
HELP = "publish the newest version with a batch of changes as a new version; prints the version"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("changes", metavar="CHANGES_DIR", type=Path)
    parser.add_argument("store", metavar="STORE", type=Path)


def run(arguments: argparse.Namespace) -> int:
    limits = store.Limits(threads=arguments.threads, memory=arguments.memory)
    with steps(arguments.progress, total=5) as on_step:
        version = apply(arguments.changes, arguments.store, limits=limits, on_step=on_step)
    print(version)
    return 0
