"""`build EXTRACT_DIR STORE`: publish an extract as a new version of the store."""

import argparse
from pathlib import Path

from matching.progress import steps
from matching.store import versions as store

NAME = "build"
HELP = "validate an extract and publish it as a new version of the store; prints the version"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("extract", metavar="EXTRACT_DIR", type=Path)
    parser.add_argument("store", metavar="STORE", type=Path)


def run(arguments: argparse.Namespace) -> int:
    limits = store.Limits(threads=arguments.threads, memory=arguments.memory)
    with steps(arguments.progress, total=5) as on_step:
        version = store.build(arguments.extract, arguments.store, limits=limits, on_step=on_step)
    print(version)
    return 0
