"""A town to search in: two thousand synthetic persons, and a few drawn ones among them.

In a store of the drawn ones alone every name would be common and any two persons likely the same.
"""

import csv
import json
import shutil
from pathlib import Path

from matching.store.versions import build
from tests.matching.drawn import code, table

PERSONS = f"""
    person_id | hetu                 | surname      | given_names       | call_name | sex | birth_date
    anna      | {code("120385-901")} | Kuusela      | Anna Maria        | Maria     | 2   | 1985-03-12
    matti     | {code("150670-902")} | Korhonen     | Matti Olavi       | Matti     | 1   | 1970-06-15
    namesake  | {code("150670-904")} | Korhonen     | Matti Olavi       | Matti     | 1   | 1970-06-15
    ella      | {code("040410A906")} | Hakala       | Ella Sofia        | Ella      | 2   | 2010-04-04
    elsa      | {code("040410A908")} | Hakala       | Elsa Kaarina      | Elsa      | 2   | 2010-04-04
    father    | {code("020150-910")} | Aaltola      | Kalle Johannes    | Kalle     | 1   | 1950-01-02
    son       | {code("170780-912")} | Aaltola      | Kalle Johannes    | Kalle     | 1   | 1980-07-17
    liisa     | {code("220990-914")} | Lehtovaara   | Liisa Hannele     | Liisa     | 2   | 1990-09-22
    hyphen    | {code("110777-916")} | Mäki-Petäjä  | Anna-Leena Helena | Leena     | 2   | 1977-07-11
    carl      | {code("081266-918")} | von Essenberg | Carl Gustaf      | Gustaf    | 1   | 1966-12-08
    bjorn     | {code("190359-920")} | Sjöström     | Björn Åke         | Björn     | 1   | 1959-03-19
    old       | {code("130333-922")} | Ruuskanen    | Eino Armas        | Eino      | 1   | 1933-03-13
"""
FORMER_NAMES = """
    person_id | kind | name
    liisa     | 05   | Saarikoski
    liisa     | 06   | Lissu
"""
ADDRESSES = """
    person_id | kind      | street_fi      | street_sv      | house_number | stair | dwelling | postal_code
    anna      | permanent | Esimerkkikatu  | Exempelgatan   | 5            | A     | 3        | 90100
    anna      | former    | Vanhatie       | Gamlavägen     | 7            |       |          | 40100
    matti     | permanent | Koivukuja      | Björkgränden   | 1            |       |          | 33100
    namesake  | permanent | Mäntykuja      | Tallgränden    | 2            |       |          | 65100
    ella      | permanent | Pajutie        | Videvägen      | 3            |       |          | 20100
    elsa      | permanent | Pajutie        | Videvägen      | 3            |       |          | 20100
    father    | permanent | Haapatie       | Aspvägen       | 4            |       |          | 70100
    son       | permanent | Haapatie       | Aspvägen       | 4            |       |          | 70100
    liisa     | permanent | Pihlajakatu    | Rönngatan      | 6            | B     | 12       | 00200
    hyphen    | permanent | Saarnipolku    | Askstigen      | 8            |       |          | 04400
    carl      | permanent | Lehmuskatu     | Lindgatan      | 9            | C     | 1        | 02100
    bjorn     | permanent | Tammikatu      | Ekgatan        | 10           |       |          | 22100
"""


def found_town(folder: Path, synthetic: Path) -> Path:
    """A store of the synthetic extract and the drawn persons."""
    extract = folder / "town"
    shutil.copytree(synthetic, extract)
    for name, text in (("person", PERSONS), ("former_name", FORMER_NAMES), ("address", ADDRESSES)):
        with (extract / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            columns = next(csv.reader(file))
        with (extract / f"{name}.csv").open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, columns).writerows(table(text))
    (extract / "extract.json").write_text(json.dumps({"artificial": True, "as_of": "2026-11-01"}))
    build(extract, folder / "town-store")
    return folder / "town-store"
