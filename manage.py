#!/usr/bin/env python
"""Django's command line. `demo` brings its own servers and secrets where the environment names none."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if sys.argv[1:2] == ["demo"]:
        from portal.embedded import start_for_demo

        start_for_demo()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
