"""A tiny population, drawn as tables, for the tests of the portal. Every code is artificial."""

import json
from pathlib import Path

from matching.store.versions import build

BUILDING = "103456789S"
"""The one building there is."""
PERSONS = """
person_id,hetu,surname,given_names,birth_date,municipality,protected_until
p1,010594Y9032,Esimerkki,Aino Maria,1994-05-01,091,
p2,020594X903P,Malli,Väinö,1994-05-02,091,
p3,030594W903B,Suojattu,Tuuli,1994-05-03,091,2030-12-31
p4,030694W9024,Salainen,Meri,1994-06-03,091,2026-01-31
"""
ADDRESSES = """
person_id,kind,street_fi,house_number,stair,dwelling,postal_code,post_office_fi,from_date
p1,permanent,Uusikatu,7,B,12,00100,Helsinki,2025-03-01
p2,permanent,Rantatie,3,,,00200,Helsinki,2020-01-01
p3,permanent,Piilopolku,1,,,00300,Helsinki,2020-01-01
p4,permanent,Avopolku,2,,,00300,Helsinki,2020-01-01
"""
BUILDINGS = f"""
building_id,real_estate_id,municipality,street_fi,house_number,postal_code,post_office_fi,floor_area
{BUILDING},09100200050003,091,Koivutie,5,00100,Helsinki,100
"""
OWNERS = f"""
property_id,person_id
{BUILDING},p1
{BUILDING},p3
"""
MUNICIPALITIES = """
code,name_fi,name_sv
091,Helsinki,Helsingfors
"""


def write_extract(folder: Path, *, persons: str = PERSONS, as_of: str = "2026-11-01") -> Path:
    """Write the tables as an extract into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "person": persons,
        "address": ADDRESSES,
        "building": BUILDINGS,
        "owner": OWNERS,
        "municipality": MUNICIPALITIES,
    }
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(table.lstrip(), encoding="utf-8")
    (folder / "extract.json").write_text(json.dumps({"artificial": True, "as_of": as_of}))
    return folder


class OwnStore:
    """A store of one test's own, to which it publishes further versions."""

    persons = PERSONS

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = build_store(folder)

    def publish(self, *, persons: str) -> None:
        """Publish the next version, with these persons."""
        build_store(self.folder, persons=persons)


def build_store(folder: Path, **kwargs: str) -> Path:
    """Build a store of the tiny population in `folder`, or publish its next version there."""
    extract = write_extract(folder / f"extract-{len(list(folder.glob('extract-*')))}", **kwargs)
    build(extract, folder / "store")
    return folder / "store"
