"""A street line taken apart in SQL: street, house number, and what follows it.

All takes and gives SQL expressions over text that `normalise.fold` has folded: lower-case words and numbers,
one blank between them. Written with functions that Spark has too; no reference to a group in a replacement.
"""

# What ends a street's name when it is shortened (k. = katu, t. = tie, g. = gatan, v. = vägen, kj. = kuja).
# Both sides of a comparison are written out alike, so a name that ends so by nature does no harm.
ENDINGS = (("kj", "kuja"), ("k", "katu"), ("t", "tie"), ("g", "gatan"), ("v", "vagen"))

# A post-office box is no place of a building.
_BOX = "(^| )(pl|pb|p l|p b|postilokero|postbox|postlada|po box|p o box|box) ?[0-9]+( |$)"
# Words for a flat, which some write between the numbers of the house and of the flat, or onto the latter.
_FLAT = "asunto|as|bostad|bst|lgh|apt|huoneisto|rappu|trappa"
# Who a letter is kept for: to the end after an address, all of it where no number follows.
_KEPT_FOR = "( c o( .*)?|^c o( [^0-9]*)?)$"
# After `c/o` and a name the last word before the number is the street; else all before it (`1 linja`).
_STREETS = ("c o (?:[^0-9 ]+ )*([^0-9 ]+)", "((?:[0-9]+ ?)*[^0-9]*[^0-9 ])")
_STREET = f"^(?:{'|'.join(_STREETS)})"
_LONGEST = 20  # numbers of houses that one building may have
# With its letter: `5b`, but not the `a` of `5as12`.
_NUMBER = "[0-9]+(?:[a-z](?: |$))?"


def split_line(line: str) -> tuple[str, str, str]:
    """Street, house number, rest of a folded street line; each NULL where the line has none.

    `koivutie 5 7 a 12` → `koivutie`, `5`, `7 a 12`; `1 linja 4b as 2` → `1 linja`, `4b`, `2`. Boxes and who
    a letter is kept for (c/o) are left out; a line without a number is a street alone.
    """
    boxless = f"trim(regexp_replace({line}, '{_BOX}', ' ', 'g'))"
    place = f"regexp_replace({boxless}, '{_KEPT_FOR}', '')"
    name = f"regexp_extract({place}, '{_STREET}', 1) || regexp_extract({place}, '{_STREET}', 2)"
    number = f"regexp_extract({place}, '{_STREET} ?({_NUMBER})', 3)"
    after = f"regexp_extract({place}, '{_STREET} ?{_NUMBER} ?(.*)$', 3)"
    rest = f"trim(regexp_replace({after}, '\\b({_FLAT}) ?', '', 'g'))"
    return street_form(name), number_form(number), f"nullif({rest}, '')"


def street_form(street: str) -> str:
    """A folded street's name with its ending written out: `koivuk` → `koivukatu`; NULL for an empty one."""
    form = f"trim({street})"
    for short, whole in ENDINGS:
        form = f"regexp_replace({form}, '{short}$', '{whole}')"
    return f"nullif({form}, '')"


def number_form(number: str) -> str:
    """A folded house number: without leading zeros, its letter beside it, the first one of a range."""
    first = f"regexp_extract({number}, '^0*([0-9]+ ?(?:[a-z](?: |$))?)', 1)"
    return f"nullif(replace({first}, ' ', ''), '')"


def far_end(line: str) -> str:
    """The second number of a range (`5-7` → `7`) in a line that is not folded; NULL where there is none.

    What falls, or reaches farther than `_LONGEST`, is no range of houses: `12-4` is flat 4 of house 12.
    """
    form = "([0-9]{1,4}) ?[-–] ?([0-9]{1,4})( |$)"
    first, last = (f"try_cast(regexp_extract({line}, '{form}', {part}) AS INTEGER)" for part in (1, 2))
    return f"CASE WHEN {last} - {first} BETWEEN 1 AND {_LONGEST} THEN CAST({last} AS VARCHAR) END"
