"""`manage.py demo`: the whole service on this machine, with made-up people, and one order delivered."""

import http.cookiejar
import io
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from orders import demo
from orders.models import Order
from portal.models import User
from portal.processes import Processes, beat_command, wait_until, web_command, worker_command

ROWS, DOUBTFUL_ROWS = 2000, 300
REGISTER = "opiskelijat.csv"


class Command(BaseCommand):
    help = "Starts everything, seeds it, delivers one order, prints addresses and sign-ins, and stays up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end after the delivery")
        parser.add_argument("--persons", type=int, default=int(os.environ.get("DEMO_PERSONS") or 100_000))
        parser.add_argument("--rows", type=int, default=ROWS)

    def handle(self, **options: Any) -> None:
        self.began = time.monotonic()
        self.folder = Path(os.environ["DEMO_FOLDER"])
        self.processes = Processes(self.folder)
        try:
            sign_ins = self.set_up(options["persons"])
            order = self.deliver_one(options["rows"])
            self.tell(order, sign_ins)
            if not options["once"]:
                self.leave_doubtful()
            while not options["once"]:
                time.sleep(1)
        except KeyboardInterrupt:
            self.stdout.write("")
        finally:
            self.processes.stop()

    def set_up(self, persons: int) -> list[demo.SignIn]:
        """Population store, database and processes; the store is built while the database is prepared."""
        self.say(f"Making a population of {persons} made-up persons …")
        population = subprocess.Popen(
            self.matching("synth", self.folder / "extract", "--persons", str(persons))
        )
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        call_command("collectstatic", verbosity=0, interactive=False)
        sign_ins = demo.seed()
        call_command("demo_cases", stdout=io.StringIO(), **demo.CASE_PEOPLE)
        address = urllib.parse.urlsplit(settings.SITE_URL).netloc
        self.processes.start("web", web_command(address))
        self.processes.start("worker", worker_command())
        self.processes.start("beat", beat_command(self.folder))
        if population.wait():
            raise SystemExit("The population could not be made.")
        self.say("Building the population store …")
        subprocess.run(
            self.matching("build", self.folder / "extract", settings.POPULATION_STORE),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return sign_ins

    def leave_doubtful(self) -> None:
        """An order of a poor register: some of its rows wait for an official to go through."""
        self.draw(DOUBTFUL_ROWS, "--seed", "2", "--without-id", "1", poor=True)
        demo.place_order(User.objects.get(email="sihteeri@kuusikko.example"), self.folder / REGISTER)

    def draw(self, rows: int, *more: str, poor: bool = False) -> int:
        """A register of some of the made-up persons; returns its rows."""
        drawn = self.folder / "drawn.csv"
        drawing = ("--extract", self.folder / "extract", "--rows", str(rows), *more)
        subprocess.run(self.matching("register", drawn, *drawing), check=True)
        return demo.write_register(drawn, self.folder / REGISTER, poor=poor)

    def deliver_one(self, rows: int) -> Order:
        """One order of a school, from its register to the delivered file."""
        register = self.folder / REGISTER
        sent = self.draw(rows)
        self.say(f"A school orders an update of {sent} students …")
        secretary = User.objects.get(email="sihteeri@kuusikko.example")
        order = demo.place_order(secretary, register)
        demo.wait_for_delivery(order)
        return order

    def tell(self, order: Order, sign_ins: list[demo.SignIn]) -> None:
        """Print the results, where the delivered file lies, and how to sign in."""
        file = self.fetch(order)
        self.say(f"Delivered {order.rows} rows in order {order.number}:")
        for code, count in sorted(order.results.items(), key=lambda item: -item[1]):
            self.stdout.write(f"    {code:<20}{count:>8}")
        self.stdout.write(f"    {'together':<20}{sum(order.results.values()):>8}")
        self.stdout.write(f"\nThe delivered file:  {file}\nThe service:         {settings.SITE_URL}\n")
        self.stdout.write(f"Sign-ins, all with the password {demo.PASSWORD}")
        for one in sign_ins:
            self.stdout.write(f"    {one.email:<32}{one.role}")
            if one.totp_secret:
                self.stdout.write(f"        authenticator secret {one.totp_secret}")
                self.stdout.write(f"        or a one-time code   {', '.join(one.recovery_codes)}")
        self.stdout.write("Ctrl-C stops everything and removes it, but for the delivered file.")

    def fetch(self, order: Order) -> Path:
        """Sign in as the school's secretary and download the delivery, as the browser would."""
        target = settings.BASE_DIR / ".demo" / f"{order.number}.csv"
        target.parent.mkdir(exist_ok=True)
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        wait_until("the web", lambda: self.answers(browser), 60)
        page = browser.open(f"{settings.SITE_URL}/accounts/login/").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {
            "login": "sihteeri@kuusikko.example",
            "password": demo.PASSWORD,
            "csrfmiddlewaretoken": token and token[1],
        }
        browser.open(f"{settings.SITE_URL}/accounts/login/", urllib.parse.urlencode(form).encode())
        with (
            browser.open(f"{settings.SITE_URL}/orders/{order.pk}/download/csv/") as response,
            target.open("wb") as out,
        ):
            shutil.copyfileobj(response, out)
        return target

    def answers(self, browser: urllib.request.OpenerDirector) -> bool:
        try:
            return browser.open(f"{settings.SITE_URL}/accounts/login/").status == 200
        except OSError:
            return False

    def matching(self, *arguments: Any) -> list[str]:
        return [sys.executable, "-m", "matching", *map(str, arguments)]

    def say(self, text: str) -> None:
        self.stdout.write(f"[{time.monotonic() - self.began:5.1f} s] {text}")
        self.stdout.flush()
