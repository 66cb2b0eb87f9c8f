"""`train`: estimate a model from a register without a truth column."""

import argparse
from pathlib import Path

from matching.commands import options
from matching.commands.match import read_mapping
from matching.progress import steps
from matching.readers.base import problem
from matching.register import outputs
from matching.train import train
from matching.weighing.model import write_model

HELP = "estimate a model from a register and a store, without knowing who is who"
STEPS = 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("register", type=Path)
    parser.add_argument("store", type=Path)
    parser.add_argument("--output", type=Path, required=True, help="JSON: the model")
    parser.add_argument("--mapping", type=Path, help='JSON: {"their header": "field"}')
    parser.add_argument("--on", type=options.day, help="day that dates are judged on (today)")
    parser.add_argument("--version", help="version of the store (the newest)")
    parser.add_argument("--temp", type=Path, help="folder to spill to (a private one beside the output)")


def run(args: argparse.Namespace) -> int:
    if not args.register.is_file():
        raise problem("no_file", "there is no such register")
    outputs.refuse_overwriting([args.output], (args.register, args.store, args.mapping))
    with outputs.whole_file(args.output) as part, steps(args.progress, total=STEPS) as on_step:
        model = train(
            args.register,
            args.store,
            version=args.version,
            mapping=read_mapping(args.mapping),
            on=args.on,
            threads=args.threads,
            memory=args.memory,
            temp=args.temp or args.output.resolve().parent,
            progress=on_step,
        )
        write_model(model, part)
    return 0
