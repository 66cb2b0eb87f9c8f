"""What of a person is compared and searched by: prepared at build, in the same forms as a register's rows.

trait.parquet      one row a person: names folded, birth date, homes as numbers, the present one as text too
key.parquet        search keys, one column a kind; further rows for another surname, call name or area
sound.parquet      word, sound: how each name sounds (`sound`)
frequency.parquet  kind (surname, given), word, share of the persons who have it
crowded.parquet    kind, key: keys of more persons than a search takes in (`CROWD`)

A number stands for a text (`number_of`). Two texts may share one: a search may then find one person too many,
whom the comparison of names and dates rules out.
"""

from matching import normalise

CROWD = 400
CROWD_OF_WIDE = 15  # of a key that says less: in a small store it finds more, in a large one hardly anybody

# How different spellings of one sound are written alike, in this order; doubled letters count once.
_ALIKE = (
    *(("sch", "s"), ("ck", "k"), ("ch", "k"), ("ph", "f"), ("th", "t"), ("dt", "t"), ("x", "ks")),
    *(("hj", "j"), ("gj", "j"), ("ts", "s")),
    *((letter * 2, letter) for letter in "aeiouyklmnprstdfgb"),
)
_PARTICLES = "von|af|de|van|der|den|la|le|di|da|du|del|el|al|bin|ibn|zu"
_UNKNOWN = "tuntematon|nimeton|sukunimeton|etunimeton|okand|unknown|n n|nn|x+"
# Words for a flat, which some write between the numbers of the house and of the flat.
_FLAT = "as|asunto|bst|bostad|lgh|apt|huoneisto|rappu|trappa"

WIDE = ("birth", "names", "surname_area", "given_area", "home", "door")
KINDS = (
    *("exact", "born_surname", "born_given", "name_year", "name_area", "home_given", "home_given_sv"),
    "born_area",
    *WIDE,
)

# Columns of `trait` that tell of homes: of the present one as numbers and as texts, of former ones.
HOME = ("unit_fi", "unit_sv", "house_fi", "house_sv", "door", "area")
HOME_TEXTS = ("street", "post_office")
FORMER_HOMES = ("old_house_fi", "old_house_sv", "old_area", "other_houses", "other_areas")
# Table → its columns that tell of homes.
TELL_OF_HOMES = {
    "trait": (*HOME, *HOME_TEXTS, *FORMER_HOMES),
    "key": (
        *("name_area", "home_given", "home_given_sv", "born_area"),
        *("surname_area", "given_area", "home", "door"),
    ),
}

KEPT = ("trait", "key", "sound", "frequency", "crowded")

INDEX = "index-{}.arrow"  # of a table, see matching.store.index
SPAN = 64  # sorted keys of the index that lie together; a power of two


def crowd_of(kind: str) -> int:
    """More persons than these are too many to search by a key of the kind."""
    return CROWD_OF_WIDE if kind in WIDE else CROWD


def number_of(*texts: str) -> str:
    """SQL: a number from 0 to 2^31 - 1 for these values together, NULL where one of them is NULL."""
    known = " AND ".join(f"{text} IS NOT NULL" for text in texts)
    return f"CASE WHEN {known} THEN CAST(hash({', '.join(texts)}) >> 33 AS INTEGER) END"


def sound(folded: str) -> str:
    """SQL: how a folded name sounds, roughly: for searching, never for comparing."""
    heard = f"translate(replace({folded}, ' ', ''), 'wcqz', 'vkks')"
    for written, spoken in _ALIKE:
        heard = f"replace({heard}, '{written}', '{spoken}')"
    return f"nullif({heard}, '')"


def name_form(text: str) -> str:
    """SQL: a name folded, without particles and without words for "unknown"; NULL where nothing is left."""
    return without_noise(normalise.fold(text))


def without_noise(folded: str) -> str:
    """SQL: `name_form` of a name that is folded already."""
    noise = f"^({_UNKNOWN})$|\\b({_PARTICLES}) "
    cleaned = f"nullif(trim(regexp_replace({folded}, '{noise}', '', 'g')), '')"
    # To see it costs half of taking it out, and few names have any.
    return f"CASE WHEN regexp_matches({folded}, '{noise}') THEN {cleaned} ELSE nullif({folded}, '') END"


def unit_form(folded: str) -> str:
    """SQL: a folded street line without words for a flat."""
    flat = f"\\b({_FLAT}) "
    left = f"trim(regexp_replace({folded}, '{flat}', '', 'g'))"
    return f"CASE WHEN regexp_matches({folded}, '{flat}') THEN {left} ELSE {folded} END"


def house_of(unit: str) -> str:
    """SQL: street and house number of a street line's `unit_form`, NULL where it has no number."""
    # All that is matched and a blank less: taking a part out of it costs three times as much.
    return f"nullif(rtrim(regexp_extract({unit}, '^.*?[^0-9 ] [0-9]+[a-z]?( |$)', 0)), '')"


def street_of(unit: str) -> str:
    """SQL: the street of a street line's `unit_form` without blanks, NULL where there is none."""
    # What is matched may end in a digit, which is no part of the street; see `house_of`.
    begun = f"regexp_extract({unit}, '^.*?[^0-9 ](?: [0-9]|$)', 0)"
    return f"nullif(rtrim(replace({begun}, ' ', ''), '0123456789'), '')"


def bilingual(finnish: str, swedish: str) -> str:
    """SQL: folded names in both languages as one text `fi|sv`, without blanks; one where they are equal."""
    return (
        f"replace({finnish} || CASE WHEN {swedish} <> {finnish} THEN '|' || {swedish} ELSE '' END, ' ', '')"
    )


def door_of(house_number: str, area: str) -> str:
    """SQL: the number of a house number in a postal area, whatever its street: streets are often misspelt."""
    return number_of(f"nullif(rtrim(regexp_extract({house_number}, '[0-9]+[a-z]?(?: |$)', 0)), '')", area)


def area_of(postal_code: str) -> str:
    """SQL: the number of a postal code, NULL for what is no Finnish one."""
    return f"CASE WHEN regexp_full_match({postal_code}, '[0-9]{{5}}') THEN CAST({postal_code} AS INTEGER) END"


def stages() -> dict[str, str]:
    """Every stage by the name of its table, in order; `trait` and `key` are what a match reads.

    Tables in: person, former_name, address of the extract, and `numbered` (pid, person_id).
    """
    return {
        "name_forms": name_forms(),
        "former_forms": former_forms(),
        "street_forms": street_forms(),
        "home_lines": home_lines(),
        "homes": homes(),
        "trait": traits(),
        "sound": sounds(),
        "key": keys(),
        "frequency": frequency(),
        "crowded": crowded(),
    }


def name_forms() -> str:
    """Stage: each different name in one form."""
    return f"""
        SELECT name, {name_form("name")} AS form FROM (
            SELECT surname AS name FROM person UNION SELECT call_name FROM person
            UNION SELECT given_names FROM person
            UNION SELECT name FROM former_name) WHERE name IS NOT NULL"""


def former_forms() -> str:
    """Stage: for each person former `surnames`, a text `|a|b|`, and all former `given` names."""
    return """
        SELECT n.pid, '|' || string_agg(f.form, '|' ORDER BY f.form)
                   FILTER (h.kind IN ('05', '07', '10', '14')) || '|' AS surnames,
               string_agg(f.form, ' ' ORDER BY f.form)
                   FILTER (h.kind NOT IN ('05', '07', '10', '14')) AS given
        FROM former_name h JOIN name_forms f ON f.name = h.name JOIN numbered n ON n.person_id = h.person_id
        WHERE f.form IS NOT NULL GROUP BY n.pid"""


def street_forms() -> str:
    """Stage: each different street, house number and post office folded."""
    return f"""
        SELECT text, {normalise.fold("text")} AS form FROM (
            SELECT street_fi AS text FROM address UNION SELECT street_sv FROM address
            UNION SELECT house_number FROM address UNION SELECT post_office_fi FROM address
            UNION SELECT post_office_sv FROM address) WHERE text IS NOT NULL"""


FORMER = 2  # rank of a former address


def home_lines() -> str:
    """Stage: every address of each person: flat, house and postal area as numbers, street and post office as
    text, in both languages.

    `nth` counts a person's addresses: first the present home, then the others, the newest first. Those of
    persons who are or were under a turvakielto are left out: a row that were found by one of them, or more
    surely, would tell that they live there. So are those of persons of whom former ones alone are known: else
    rows that get no address would be found by a former home, or not, as the person is protected or not.
    """
    flat = "concat_ws(' ', lower(a.stair), concat(ltrim(a.dwelling, '0'), lower(a.letter)))"

    def numbered(language: str) -> str:
        house = f"{language}.form || ' ' || h.form"
        unit = f"{house} || CASE WHEN {flat} = '' THEN '' ELSE ' ' || {flat} END"
        return f"{number_of(unit)} AS unit_{language}, {number_of(house)} AS house_{language}"

    return f"""
        SELECT *, row_number() OVER (PARTITION BY pid ORDER BY rank, from_date DESC, unit_fi, unit_sv,
                                     house_fi, house_sv, area) AS nth
        FROM (
            SELECT n.pid, CASE a.kind WHEN 'permanent' THEN 0 WHEN 'former' THEN {FORMER} ELSE 1 END AS rank,
                   a.from_date, {area_of("a.postal_code")} AS area, {numbered("fi")}, {numbered("sv")},
                   {door_of("h.form", area_of("a.postal_code"))} AS door,
                   {bilingual("fi.form", "sv.form")} AS street,
                   {bilingual("pfi.form", "psv.form")} AS post_office
            FROM address a JOIN numbered n ON n.person_id = a.person_id
            ANTI JOIN (SELECT person_id FROM person WHERE protected_until IS NOT NULL) kept
                ON kept.person_id = a.person_id
            LEFT JOIN street_forms fi ON fi.text = coalesce(a.street_fi, a.street_sv)
            LEFT JOIN street_forms sv ON sv.text = coalesce(a.street_sv, a.street_fi)
            LEFT JOIN street_forms h ON h.text = a.house_number
            LEFT JOIN street_forms pfi ON pfi.text = coalesce(a.post_office_fi, a.post_office_sv)
            LEFT JOIN street_forms psv ON psv.text = coalesce(a.post_office_sv, a.post_office_fi))
        QUALIFY min(rank) OVER (PARTITION BY pid) < {FORMER}"""


def homes() -> str:
    """Stage: each person's addresses side by side: the first, the second, and lists of further ones."""

    def of(column: str, nth: int) -> str:
        return f"max({column}) FILTER (nth = {nth})"

    def further(*columns: str) -> str:
        return f"flatten(list([{', '.join(columns)}] ORDER BY nth) FILTER (nth > 2))"

    first = ", ".join(f"{of(column, 1)} AS {column}" for column in (*HOME, *HOME_TEXTS))
    second = ", ".join(f"{of(column, 2)} AS old_{column}" for column in ("house_fi", "house_sv", "area"))
    return f"""
        SELECT pid, {first}, {second}, {further("house_fi", "house_sv")} AS other_houses,
               {further("area")} AS other_areas
        FROM home_lines GROUP BY pid"""


def traits() -> str:
    """Stage: the row of each person that a register's rows are compared with."""
    return """
        SELECT n.pid, p.birth_date AS born, p.sex, s.form AS surname, f.surnames AS formers,
               ' ' || g.form || ' ' AS given, c.form AS called, f.given AS former_given, p.hetu,
               h.* EXCLUDE (pid)
        FROM person p JOIN numbered n ON n.person_id = p.person_id
        LEFT JOIN name_forms s ON s.name = p.surname LEFT JOIN name_forms c ON c.name = p.call_name
        LEFT JOIN name_forms g ON g.name = p.given_names
        LEFT JOIN former_forms f ON f.pid = n.pid
        LEFT JOIN homes h ON h.pid = n.pid
        ORDER BY n.pid"""


def sounds() -> str:
    """Stage: how each different name sounds."""
    # Not `word <> ''`: DuckDB 2.0.0 fails to compare a part of a column that is NULL throughout.
    return f"""
        SELECT word, {sound("word")} AS sound FROM (
            SELECT surname AS word FROM trait
            UNION SELECT unnest(string_split(trim(formers, '|'), '|')) FROM trait
            UNION SELECT split_part(trim(given), ' ', 1) FROM trait
            UNION SELECT called FROM trait) WHERE length(word) > 0"""


def keys() -> str:
    """Stage: the search keys: a row for each person, and one for each further surname, call name and home."""
    first_given = "split_part(trim(given), ' ', 1)"
    return f"""
        WITH named AS (
            SELECT t.pid, born, surname, {first_given} AS given, house_fi, house_sv, door, area FROM trait t
            UNION ALL
            SELECT t.pid, NULL, surname, {first_given}, h.house_fi, h.house_sv, h.door, h.area
            FROM trait t JOIN home_lines h ON h.pid = t.pid AND h.nth > 1
            UNION ALL
            SELECT pid, born, unnest(string_split(trim(formers, '|'), '|')), {first_given},
                   NULL, NULL, NULL, area
            FROM trait WHERE formers IS NOT NULL
            UNION ALL
            SELECT pid, born, surname, called, NULL, NULL, NULL, area
            FROM trait WHERE called <> '' AND called <> {first_given})
        SELECT n.pid, {key_columns("n.surname", "s.sound", "n.given", "g.sound", "house_fi", "house_sv")}
        FROM named n LEFT JOIN sound s ON s.word = n.surname LEFT JOIN sound g ON g.word = n.given"""


def key_columns(surname: str, surname_sound: str, given: str, given_sound: str, *houses: str) -> str:
    """SQL: a column for each of `KINDS`; the table also has born (DATE), area and door (numbers)."""
    parts = {
        "exact": ("born", surname, given),
        "born_surname": ("born", surname_sound),
        "born_given": ("born", given_sound),
        "name_year": (surname_sound, given_sound, "year(born)"),
        "name_area": (surname_sound, given_sound, "area"),
        "home_given": (houses[0], given_sound),
        "home_given_sv": (houses[1], given_sound),
        "born_area": ("born", "area"),
        "birth": ("born",),
        "names": (surname_sound, given_sound),
        "surname_area": (surname_sound, "area"),
        "given_area": (given_sound, "area"),
        "home": (houses[0],),
        "door": ("door",),
    }
    return ", ".join(f"{number_of(*parts[kind])} AS {kind}" for kind in KINDS)


def frequency() -> str:
    """Stage: how common each present surname and each given name is among the persons."""
    persons = "SELECT count(*)::DOUBLE AS persons FROM trait"
    return f"""
        SELECT 'surname' AS kind, surname AS word, count(*) / any_value(persons) AS share
        FROM trait, ({persons}) WHERE surname IS NOT NULL GROUP BY surname
        UNION ALL
        SELECT 'given', word, count(*) / any_value(persons)
        FROM (SELECT unnest(string_split(trim(given), ' ')) AS word FROM trait), ({persons})
        WHERE word <> '' GROUP BY word
        ORDER BY kind, word"""


_BUCKETS = 1 << 18  # few of which hold more persons than a crowd, so that few keys need to be counted


def crowded() -> str:
    """Stage: keys that too many persons share to search by them."""
    return " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, {kind} AS key FROM key WHERE {kind} % {_BUCKETS} IN ("
        f"SELECT {kind} % {_BUCKETS} FROM key WHERE {kind} IS NOT NULL"
        f" GROUP BY {kind} % {_BUCKETS} HAVING count(*) > {crowd_of(kind)})"
        f" GROUP BY {kind} HAVING count(*) > {crowd_of(kind)}"
        for kind in KINDS
    )
