"""The nine files of a synthetic extract, each as one SELECT over the stages' tables.

Each is ordered by keys that no two rows share, so that the same seed gives the same bytes.
"""

from matching.synth.draws import Draws
from matching.synth.homes import household_of_unit

# A group's own languages (ISO 639-1) and citizenships (ISO 3166-1 numeric); twice is twice as common.
LANGUAGES = {
    "ru": ["ru", "ru", "ru", "uk"],
    "et": ["et"],
    "ar": ["ar", "ar", "so", "so", "fa", "ku", "tr"],
    "as": ["zh", "vi", "th", "ne", "hi", "tl"],
    "we": ["en", "en", "sq", "es", "de", "pl", "fr", "it", "ro", "hu"],
}
CITIZENSHIPS = {
    "ru": ["643", "643", "804"],
    "et": ["233"],
    "ar": ["368", "706", "760", "364", "792"],
    "as": ["156", "704", "764", "524", "356", "608"],
    "we": ["826", "840", "008", "724", "276", "616", "250", "380", "642", "348"],
}
PROHIBITIONS = {
    "direct_marketing": 0.05,
    "contact_details": 0.04,
    "customer_register": 0.01,
    "person_register": 0.025,
    "genealogy": 0.02,
}
# Files with rows for every person are written a chunk of persons at a time.
IN_CHUNK = "p BETWEEN getvariable('first') AND getvariable('last')"
PERSON_ID = "format('P{:08d}', p)"


def selects(draws: Draws, as_of: str) -> dict[str, str]:
    """The SELECT of each file by its name."""
    return {
        "municipality": _municipalities(),
        "building": _buildings(draws, as_of),
        "dwelling": _dwellings(draws),
        "real_estate": _real_estate(draws, as_of),
        "owner": _owners(draws),
        "person": _persons(draws),
        "former_hetu": _former_codes(draws, as_of),
        "former_name": _former_names(draws),
        "address": _addresses(),
    }


def _by_group(draws: Draws, name: str, options: dict[str, list[str]], own: str) -> str:
    """SQL: an option of the language group, drawn for the household so that a family agrees."""
    cases = " ".join(
        f"WHEN '{group}' THEN {draws.one_of(name, 'h', texts)}" for group, texts in options.items()
    )
    return f"CASE language {cases} ELSE {own} END"


def _surname(choice: str = "choice") -> str:
    """SQL: the surname by role and by what the couple chose; [1] is a man's form, [2] a woman's."""
    form = "[sex::INTEGER]"
    return f"""CASE
        WHEN role = 'b' THEN if({choice} = 'hers', own, family){form}
        WHEN role = 'c' AND kind = 'f' THEN
            if({choice} = 'hers' OR ({choice} = 'none' AND h % 2 = 0), own, family){form}
        WHEN role = 'a' AND {choice} = 'his' THEN family{form}
        WHEN role = 'a' AND {choice} = 'double' THEN own{form} || '-' || family{form}
        ELSE own{form} END"""


def _persons(draws: Draws) -> str:
    banned = ", ".join(
        f"if({draws.chance(name, 'p', share)}, '{name}', NULL)" for name, share in PROHIBITIONS.items()
    )
    citizenship = _by_group(draws, "citizenship", CITIZENSHIPS, "'246'")
    foreign = "language NOT IN ('fi', 'sv')"
    away = "land IS NOT NULL OR gone IS NOT NULL OR cleared"
    alone = draws.uniform("marital status", "p")
    return f"""
        SELECT {PERSON_ID} AS person_id, hetu, {_surname()} AS surname, given_names, call_name, sex,
            born AS birth_date, died AS death_date, if({away}, NULL, place.code) AS municipality,
            if({away}, NULL, greatest(born, if({draws.chance("long in place", "h", 0.4)},
                moved_on - 3000, moved_on)))
                AS municipality_since,
            {_by_group(draws, "mother tongue", LANGUAGES, "language")} AS mother_tongue,
            CASE WHEN role = 'c' THEN '1' WHEN kind = 'w' THEN if(role = 'a', '5', '2')
                WHEN married THEN '2' WHEN kind = 'c' AND h % 300 = 8 THEN '6'
                WHEN kind = 'p' THEN if({alone} < 0.4, '4', '1')
                WHEN until - born > 26000 THEN CASE WHEN {alone} < 0.5 THEN '5'
                    WHEN {alone} < 0.75 THEN '4' ELSE '1' END
                WHEN until - born > 12000 AND {alone} < 0.3 THEN '4' ELSE '1' END AS marital_status,
            CASE WHEN {foreign} AND {draws.chance("dual citizen", "p", 0.12)} THEN '246;' || {citizenship}
                WHEN {foreign} AND {draws.chance("naturalised", "h", 0.3)} THEN '246'
                ELSE {citizenship} END AS citizenships,
            coalesce(gone, absence_code) AS absence_code, protected_until,
            nullif(concat_ws(';', {banned}), '') AS prohibitions, greatest(born, moved_on) AS moved_on
        FROM person_fact JOIN family USING (h) JOIN place USING (place)
            LEFT JOIN (SELECT p, code AS hetu FROM code WHERE nth = 0) USING (p) LEFT JOIN abroad USING (land)
        WHERE {IN_CHUNK} ORDER BY p
    """


def _former_codes(draws: Draws, as_of: str) -> str:
    return f"""
        SELECT {PERSON_ID} AS person_id, code AS hetu,
            DATE '{as_of}' - nth * 1500 - {draws.integer("code ended", "p", 1400)}::INTEGER AS ended_on
        FROM code WHERE nth > 0 ORDER BY p, nth
    """


def _former_names(draws: Draws) -> str:
    """Surnames before or of a marriage (05) and earlier given names (06)."""
    form = "[sex::INTEGER]"
    return f"""
        SELECT person_id, kind, name, from_date, to_date FROM (
            SELECT p, 1 AS nth, {PERSON_ID} AS person_id, '05' AS kind,
                if(role = 'a', own, family){form} AS name,
                born AS from_date, greatest(wed_on, born + 6600) AS to_date
            FROM person_fact JOIN family USING (h)
            WHERE (role = 'a' AND choice IN ('his', 'double')) OR (role = 'b' AND choice = 'hers')
            UNION ALL
            SELECT p, 2, {PERSON_ID}, '06', {
        draws.one_of("earlier given name", "p", ["Kuisma", "Sulo", "Vieno", "Rauni"])
    },
                born, moved_on FROM person_fact JOIN family USING (h) WHERE p % 400 = 101
            UNION ALL
            SELECT p, 3, {PERSON_ID}, '05', earlier{form}, wed_on, moved_on
            FROM person_fact JOIN family USING (h)
            WHERE role = 'a' AND kind IN ('s', 'p') AND until - born > 10000
                AND {draws.chance("renamed", "p", 0.12)}
        ) ORDER BY p, nth
    """


STAIR = "CASE class WHEN '039' THEN chr(65 + (i // 12)::INTEGER) WHEN '021' THEN 'A' END"
NUMBER = "if(class IN ('021', '039'), i + 1, NULL)"


def _addresses() -> str:
    """Addresses of every member who had been born; the dead keep a former one, or for a while their last."""
    street, office = "coalesce(abroad.street || ' ' || (1 + h % 90), {})", "coalesce(town, {})"
    box = "home.kind IN ('postal', 'contact')"
    return f"""
        SELECT {PERSON_ID} AS person_id, if(cleared AND home.kind = 'permanent', 'former', home.kind) AS kind,
            {street.format(f"if({box}, 'PL', street_fi)")} AS street_fi,
            if({box}, 'PB', street_sv) AS street_sv, if({box}, 1 + h % 900, number) AS house_number,
            if({box}, NULL, {STAIR}) AS stair, if({box}, NULL, {NUMBER}) AS dwelling,
            if(class = '039' AND unit % 500 = 3 AND NOT {box}, 'b', NULL) AS letter,
            coalesce(abroad.postal_code, street.postal_code) AS postal_code,
            {office.format("post_office_fi")} AS post_office_fi, post_office_sv,
            coalesce(country, '246') AS country, if({box}, NULL, building_id) AS building_id,
            greatest(home.from_date, born) AS from_date,
            if(cleared AND home.kind = 'permanent', greatest(died, born), home.to_date) AS to_date
        FROM person_fact JOIN home USING (h)
            LEFT JOIN dwelling USING (unit) LEFT JOIN building USING (b)
            LEFT JOIN street ON street.place = building.place AND street.s = building.s
            LEFT JOIN abroad USING (land)
        WHERE {IN_CHUNK} AND (home.to_date IS NULL OR home.to_date > born)
            AND NOT (died IS NOT NULL AND home.kind NOT IN ('permanent', 'former'))
        ORDER BY p, nth
    """


def _municipalities() -> str:
    return """
        SELECT code, name_fi, name_sv, NULL AS ended_on, NULL AS successor_code FROM place
        UNION ALL SELECT code, name_fi, name_sv, ended_on, successor_code FROM old_place
        ORDER BY code
    """


def _real_estate_id(unit: str = "number") -> str:
    """SQL: municipality (3), location area (3), group (4), unit (4 digits), without hyphens."""
    return f"format('{{}}{{:03d}}{{:04d}}{{:04d}}', land_code, 1 + s % 400, 1 + s // 400, {unit})"


BUILDING_ON_STREET = "building JOIN street USING (place, s)"


def _buildings(draws: Draws, as_of: str) -> str:
    check = "substr('0123456789ABCDEFHJKLMNPRSTUVWXY', (code::BIGINT % 31)::INTEGER + 1, 1)"
    parts = ", ".join(
        f"substr(code, {start}, {length})" for start, length in ((1, 3), (4, 3), (7, 4), (11, 4))
    )
    return f"""
        SELECT building_id, concat_ws('-', {parts}, {check}, '001') AS legacy_id,
            code AS real_estate_id, municipality,
            street_fi, street_sv, number AS house_number, postal_code, post_office_fi, post_office_sv, class,
            CASE class WHEN '041' THEN '03' WHEN '511' THEN '02' ELSE '01' END AS use_status,
            DATE '{as_of}' - 200 - {draws.integer("completed", "b", 36000)}::INTEGER AS completed_on,
            greatest(units * 58, 40 + {draws.integer("building area", "b", 180)}) AS floor_area,
            100000 + place * 9700 + {draws.integer("easting", "b", 9000)} AS easting,
            6640000 + (place * 37 % 62) * 16000 + {draws.integer("northing", "b", 9000)} AS northing
        FROM (SELECT *, {_real_estate_id()} AS code FROM {BUILDING_ON_STREET})
        ORDER BY b
    """


def _dwellings(draws: Draws) -> str:
    return f"""
        SELECT building_id, {STAIR} AS stair, {NUMBER} AS number,
            if(class = '039' AND unit % 500 = 3, 'b', NULL) AS letter,
            20 + rooms * 17 + {draws.integer("dwelling area", "unit", 12)} AS floor_area, rooms,
            {draws.one_of("kitchen", "unit", ["K", "K", "KK", "KT"])} AS kitchen,
            {draws.one_of("tenure", "unit", ["1", "1", "2", "3", "4"])} AS tenure,
            if(unit % 12 = 11, '2', '1') AS use_status
        FROM (SELECT *, 1 + {draws.integer("rooms", "unit", 5)} AS rooms
            FROM dwelling JOIN building USING (b))
        ORDER BY unit
    """


def _real_estate(draws: Draws, as_of: str) -> str:
    """One unit for each building; every 211th is a merger of an earlier one (number from 5001)."""
    registered = f"DATE '{as_of}' - 200 - {draws.integer('registered', 'b', 30000)}::INTEGER"
    name = "regexp_replace(street_fi, '(tie|katu|polku|kuja|kaari|rinne|raitti|aukio)$', '') || 'la'"
    return f"""
        SELECT * EXCLUDE (b, nth) FROM (
            SELECT b, 0 AS nth, {_real_estate_id()} AS real_estate_id, {name} AS name, municipality,
                500 + {draws.integer("area", "b", 20000)} AS area, {registered} AS registered_on,
                NULL::DATE AS ended_on, NULL AS successor_id FROM {BUILDING_ON_STREET}
            UNION ALL
            SELECT b, 1, {_real_estate_id("5000 + number % 5000")}, {name}, municipality,
                400 + {draws.integer("area", "b", 9000)}, {registered} - 4000,
                    {registered}, {_real_estate_id()}
            FROM {BUILDING_ON_STREET} WHERE b % 211 = 5
        ) ORDER BY b, nth
    """


def _owners(draws: Draws) -> str:
    """Owners of land and buildings: who lives there, some family for a cottage, else a company."""
    cottage = draws.integer("owner of cottage", "b", "(SELECT count(*) FROM household)")
    return f"""
        SELECT property_id, person_id, business_id, share, from_date FROM (
            SELECT b, turn, nth, if(turn = 0, {_real_estate_id()}, building_id) AS property_id,
                if(nth < 2, {PERSON_ID}, NULL) AS person_id,
                    if(nth = 2, {business_id(draws)}, NULL) AS business_id,
                if(couple AND nth < 2, '1/2', '1/1') AS share, moved_on AS from_date
            FROM (
                SELECT *, first_person + nth AS p FROM (
                    SELECT *, first_person IS NOT NULL AS owned, unnest([0, 1, 2]) AS nth
                    FROM (
                        SELECT building.*, household.first_person, family.moved_on,
                            household.kind IN ('c', 'f') AS couple
                        FROM (SELECT *, CASE class WHEN '011' THEN {household_of_unit("first_unit")}
                                WHEN '041' THEN {cottage} END AS h FROM building) AS building
                            LEFT JOIN household USING (h) LEFT JOIN family USING (h)
                    )
                ) WHERE (nth = 0 AND owned) OR (nth = 1 AND couple) OR (nth = 2 AND NOT owned)
            ) JOIN street USING (place, s) CROSS JOIN (VALUES (0), (1)) AS turns(turn)
            WHERE nth = 2 OR p < (SELECT count(*) FROM person_fact)
        ) ORDER BY b, turn, nth
    """


def business_id(draws: Draws) -> str:
    """SQL: a valid business id (Y-tunnus), from numbers that no real company has yet.

    The number is even, so that the next one, taken where the check digit would be 10, ends in no carry.
    """
    number = f"(7000000 + 2 * {draws.integer('business', 'b', 1400000)})"
    weights = (7, 9, 10, 5, 8, 4, 2)
    total = " + ".join(f"({number} // {10 ** (6 - i)}) % 10 * {weight}" for i, weight in enumerate(weights))
    # One more in the last digit adds 2 to the sum: remainder 1 (no check digit exists) becomes 3.
    return f"""CASE ({total}) % 11 WHEN 1 THEN ({number} + 1) || '-8' WHEN 0 THEN {number} || '-0'
        ELSE {number} || '-' || (11 - ({total}) % 11) END"""
