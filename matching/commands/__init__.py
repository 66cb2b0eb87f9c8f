"""The subcommands of `python -m matching`: each module has add_arguments(parser) and run(arguments)."""
