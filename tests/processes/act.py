"""What people do: `seed`, which prints sign-ins, and `place REGISTER`, which prints the order's id."""

import sys
from pathlib import Path

import django


def main(act: str, *arguments: str) -> None:
    from orders import demo
    from portal.models import User

    if act == "seed":
        for one in demo.seed():
            print(one.email, one.totp_secret)
    else:
        secretary = User.objects.get(email="sihteeri@kuusikko.example")
        print(demo.place_order(secretary, Path(arguments[0])).pk)


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
