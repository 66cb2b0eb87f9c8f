"""A street line taken apart in SQL: street, house number, and what follows it.

All takes and gives SQL expressions over text that `normalise.fold` has folded: lower-case words and numbers,
one blank between them. Written with functions that Spark has too; no reference to a group in a replacement.
"""

# What ends a street's name when it is shortened (k. = katu, t. = tie, g. = gatan, v. = vägen, kj. = kuja).
# Both sides of a comparison are written out alike, so a name that ends so by nature does no harm.
ENDINGS = (("kj", "kuja"), ("k", "katu"), ("t", "tie"), ("g", "gatan"), ("v", "vagen"))

# A post-office box is no place of a building.
_BOX = "(^| )(pl|pb|p l|p b|postilokero|postbox|postlada|po box|p o box|box) ?[0-9]+( |$)"
# Words for a flat, which some write between the numbers of the house and of the flat.
_FLAT = "asunto|as|bostad|bst|lgh|apt|huoneisto|rappu|trappa"
# Street, house number with its letter (`5b`, but not the `a` of `5as12`), and the rest.
_LINE = "^(.*?[^0-9 ]) ?([0-9]+(?:[a-z](?: |$))?) ?(.*)$"
# After `c/o` and a name: the last word before the first number begins the street.
_KEPT_FOR = "^(?:.*? )??([^0-9 ]+ ?[0-9].*)$"


def split_line(line: str) -> tuple[str, str, str]:
    """Street, house number, rest of a folded street line; each NULL where the line has none.

    `koivutie 5 7 a 12` → `koivutie`, `5`, `7 a 12`; `1 linja 4b as 2` → `1 linja`, `4b`, `2`. Boxes and who
    a letter is kept for (c/o) are left out; a line without a number is a street alone.
    """
    place = _place(line)
    numbered = f"regexp_extract({place}, '{_LINE}', 2)"
    street = f"CASE WHEN {numbered} = '' THEN {place} ELSE regexp_extract({place}, '{_LINE}', 1) END"
    flat = f"regexp_replace(regexp_extract({place}, '{_LINE}', 3), '\\b({_FLAT})(\\b ?)', '', 'g')"
    # `as12` has no word boundary in it.
    glued = f"regexp_extract({flat}, '^(?:{_FLAT})([0-9].*)$', 1)"
    rest = f"CASE WHEN {glued} = '' THEN {flat} ELSE {glued} END"
    return street_form(street), number_form(numbered), f"nullif(trim({rest}), '')"


def street_form(street: str) -> str:
    """A folded street's name with its ending written out: `koivuk` → `koivukatu`; NULL for an empty one."""
    cases = " ".join(
        f"WHEN regexp_matches({street}, '([^ ]{{3}}| ){short}$')"
        f" THEN substr({street}, 1, length({street}) - {len(short)}) || '{whole}'"
        for short, whole in ENDINGS
    )
    return f"nullif(CASE {cases} ELSE {street} END, '')"


def number_form(number: str) -> str:
    """A folded house number: without leading zeros, its letter beside it, the first one of a range."""
    first = f"regexp_extract({number}, '^0*([0-9]+ ?(?:[a-z](?: |$))?)', 1)"
    return f"nullif(replace({first}, ' ', ''), '')"


def _place(line: str) -> str:
    """The line without boxes and without `c/o` and the name after it."""
    plain = f"trim(regexp_replace({line}, '{_BOX}', ' ', 'g'))"
    before = f"trim(split_part(' ' || {plain} || ' ', ' c o ', 1))"
    after = f"regexp_extract(split_part(' ' || {plain} || ' ', ' c o ', 2), '{_KEPT_FOR}', 1)"
    return f"CASE WHEN {before} = '' THEN trim({after}) ELSE {before} END"
