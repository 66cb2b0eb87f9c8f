"""`explain`: why a row got its result, as data and as a picture."""

import argparse
import json
from pathlib import Path

from matching.commands import options
from matching.commands.match import read_mapping
from matching.doubts.explain import Step, explain_row
from matching.doubts.waterfall import waterfall
from matching.readers.base import problem
from matching.register import outputs
from matching.run import Resources

HELP = "tell why a row got its result: every candidate, comparison by comparison (for officials alone)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("register", type=Path)
    parser.add_argument("store", type=Path)
    parser.add_argument("--row", type=options.whole(), required=True, metavar="N", help="data row, from 1")
    parser.add_argument("--picture", type=Path, metavar="OUT.svg", help="the nearest candidate's waterfall")
    parser.add_argument("--mapping", type=Path, help='JSON: {"their header": "field"}')
    parser.add_argument("--on", type=options.day, help="day that validity is judged on (today)")
    parser.add_argument("--version", help="version of the store (the newest)")
    parser.add_argument("--model", type=Path, help="JSON: the model of the comparisons (the shipped one)")
    parser.add_argument("--temp", type=Path, help="folder to spill to (a private one beside the register)")


def run(args: argparse.Namespace) -> int:
    if not args.register.is_file():
        raise problem("no_file", "there is no such register")
    outputs.refuse_overwriting([args.picture], (args.register, args.store, args.mapping, args.model))
    found = explain_row(
        args.register,
        args.store,
        args.row,
        version=args.version,
        mapping=read_mapping(args.mapping),
        on=args.on,
        model=args.model,
        resources=Resources(args.threads, args.memory, args.temp),
    )
    print(json.dumps(found, indent=2))
    if args.picture:
        if not found["candidates"]:
            raise problem("no_candidate", "the row has no candidate to draw")
        steps = [Step(**step) for step in found["candidates"][0]["steps"]]
        picture = waterfall(steps, f"Row {args.row}: {found['result']}", found["thresholds"]["upper"])
        with outputs.whole_file(args.picture) as part:
            part.write_text(picture, encoding="utf-8")
    return 0
