"""SQL expressions that bring values into one form for comparing. What is given out is never normalised.

Every function takes SQL expressions (column names made by this package, never a customer's text) and returns
one. DuckDB's string distances count bytes, so names are folded to ASCII first.
"""

# Letters that lose no accent by decomposition (Unicode has no such decomposition for them).
_FOLD_FROM, _FOLD_TO = "æøœđðłħıþßŋ", "aooddlhitsn"

# Parts of names that are evidence for nothing: particles, and what is written where a name is not known.
NAME_NOISE = (
    *(
        "von",
        "af",
        "de",
        "van",
        "der",
        "den",
        "la",
        "le",
        "di",
        "da",
        "du",
        "del",
        "el",
        "al",
        "bin",
        "ibn",
    ),
    *(
        "ben",
        "zu",
        "st",
        "mc",
        "nn",
        "tuntematon",
        "nimeton",
        "sukunimeton",
        "etunimeton",
        "okand",
        "unknown",
    ),
)

FINLAND = "246"  # ISO 3166-1; not written in an address line

SEXES = {
    "1": ("1", "m", "mies", "man", "male", "poika", "pojke", "boy"),
    "2": (
        "2",
        "n",
        "f",
        "k",
        "nainen",
        "kvinna",
        "female",
        "woman",
        "tytto",
        "flicka",
        "girl",
    ),
}

DATE_FORMATS = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d. %m. %Y",
    "%d/%m/%Y",
    "%d-%m-%Y",
)


def blank_to_null(text: str) -> str:
    """NULL for a text without anything but blanks."""
    return f"nullif(trim({text}), '')"


def is_blank(text: str) -> str:
    """True for a text without anything but blanks, and for none."""
    return f"coalesce(trim({text}), '') = ''"


def fold(text: str) -> str:
    """Lower-case words without accents, one space between them; hyphens and punctuation part words."""
    return folded(plain(text))


def plain(text: str) -> str:
    """Lower case without accents, however they were composed."""
    return f"strip_accents(lower({text}))"


def folded(plain: str) -> str:
    """`fold` of what is `plain` already; it looks at it several times, so a query should make that first."""
    spaced = f"replace({plain}, '-', ' ')"
    # Apostrophes join (O'Brien); everything else that is no letter or digit parts.
    joined = f"translate(translate({plain}, '{_FOLD_FROM}', '{_FOLD_TO}'), '''’´`', '')"
    parted = f"trim(regexp_replace({joined}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"
    # Most texts are words already, or words and hyphens: seeing it costs a tenth of making it so.
    spoken = f"WHEN {_are_words(plain)} THEN {plain} WHEN {_are_words(spaced)} THEN {spaced}"
    return f"CASE {spoken} ELSE {parted} END"


def _are_words(text: str) -> str:
    return f"regexp_full_match({text}, '[a-z0-9]+( [a-z0-9]+)*')"


# Signs that programs put in the place of a hyphen and of an apostrophe; all kinds of blanks.
_SIGNS_FROM, _SIGNS_TO = "‐‑‒–—−’´`", "------" + "''" * 3
_BLANKS = "[\\s\\p{Z}]+"
_PLAIN = "[!-_a-~åäöéü]+"  # a word without them: printable ASCII but the backtick, and common letters


def same_text(text: str) -> str:
    """A text for comparing values: without difference of case, blanks, composition and kinds of hyphens."""
    lower = f"lower(nfc_normalize({text}))"
    signs = f"translate({lower}, '{_SIGNS_FROM}', '{_SIGNS_TO}')"
    made = f"trim(regexp_replace({signs}, '{_BLANKS}', ' ', 'g'))"
    # Most texts are in that form but for case, which is cheaper to see than to make.
    return f"CASE WHEN regexp_full_match({lower}, '{_PLAIN}( {_PLAIN})*') THEN {lower} ELSE {made} END"


def same_street(text: str) -> str:
    """A street line for comparing: case, blanks, punctuation, leading zeros and words for a flat left out.

    What parts two numbers stays: `1 as 12` is not `11 as 2`.
    """
    words = (
        f"regexp_replace({same_text(text)}, '\\b(as|asunto|bst|bostad|lgh|apt|h|huoneisto)\\b\\.?', ' ', 'g')"
    )
    zeros = f"regexp_replace({words}, '\\b0+([0-9])', '\\1', 'g')"
    parted = f"trim(regexp_replace({zeros}, '[\\s.,:;]+', ' ', 'g'))"
    before = f"regexp_replace({parted}, ' ([^0-9])', '\\1', 'g')"
    return f"regexp_replace({before}, '([^0-9]) ', '\\1', 'g')"


# How a street line begins with a word that is none for a flat: five letters, lower case. A letter that is
# composed of two signs is none of these, nor is one of them before a sign that would change it.
_BEGUN = "([c-gi-zåäö][a-zåäö]|a[a-rt-zåäö]|b[a-np-zåäö]|h[a-tv-zåäö])[a-zåäö]{3}"


def other_street(sent: str, *known: str) -> str:
    """True where a street line begins so unlike the known ones that `same_street` can't make it one of them.

    That is dear, and this is not: no form leaves out or changes the first four letters of such words.
    """
    unlike = " AND ".join(f"lower(left({sent}, 4)) <> lower(left({text}, 4))" for text in known)
    begun = " || ".join(f"lower(left({text}, 5))" for text in (sent, *known))
    return f"({unlike} AND regexp_full_match({begun}, '({_BEGUN}){{{len(known) + 1}}}'))"


def same_given_names(text: str) -> str:
    """Given names for comparing, in their order; a hyphen counts as it is written."""
    return same_text(text)


def same_postal_code(text: str) -> str:
    """A postal code for comparing: five digits again where a spreadsheet took the leading zeros."""
    plain = f"regexp_replace(replace(upper({text}), 'FI-', ''), '{_BLANKS}', '', 'g')"
    return f"CASE WHEN regexp_full_match({plain}, '[0-9]{{1,4}}') THEN lpad({plain}, 5, '0') ELSE {plain} END"


def sex_code(text: str) -> str:
    """`1` (male) or `2` (female), NULL for anything else."""
    key = f"strip_accents(lower(trim({text})))"
    cases = " ".join(
        f"WHEN {key} IN ({', '.join(repr(word) for word in words)}) THEN '{code}'"
        for code, words in SEXES.items()
    )
    return f"CASE {cases} END"


def read_date(text: str, on: str, century: str = "NULL") -> str:
    """A date as a customer writes it → DATE, NULL where it can't be read.

    Two-digit years (231126, 23.11.26) take their century from the SQL expression `century` (`18`, `19`,
    `20`) where that is known, else the latest one that isn't after the day `on`.
    """
    text = f"trim({text})"
    formats = ", ".join(f"'{form}'" for form in DATE_FORMATS)
    return (
        f"CASE WHEN {text} IS NULL OR {text} = '' THEN NULL"
        # How most registers write it: the list of forms costs several times as much.
        f" WHEN regexp_full_match({text}, '[0-9]{{2}}[.][0-9]{{2}}[.][0-9]{{4}}')"
        f" THEN CAST(try_strptime({text}, '%d.%m.%Y') AS DATE)"
        f" WHEN regexp_full_match({text}, '[0-9]{{1,2}}[.][0-9]{{1,2}}[.][0-9]{{2}}|[0-9]{{6}}')"
        f" THEN {_short_date(text, on, century)}"
        f" WHEN regexp_full_match({text}, '[0-9]{{8}}')"
        f" THEN CAST(coalesce(try_strptime({text}, '%Y%m%d'), try_strptime({text}, '%d%m%Y')) AS DATE)"
        f" ELSE CAST(try_strptime({text}, [{formats}]) AS DATE) END"
    )


def misdated(text: str) -> str:
    """The digits DDMMYYYY of what is written as a date, whether it is one or not (45.03.1980); else NULL."""
    text = f"trim({text})"
    padded = f"regexp_replace({text}, '\\b([0-9])\\b', '0\\1', 'g')"
    digits = f"regexp_replace({padded}, '[^0-9]', '', 'g')"
    return (
        f"CASE WHEN regexp_full_match({text}, '(18|19|20)[0-9]{{2}}-?[0-9]{{2}}-?[0-9]{{2}}')"
        f" THEN substr({digits}, 7) || substr({digits}, 5, 2) || left({digits}, 4)"
        f" WHEN regexp_full_match({text}, '[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-][0-9]{{4}}|[0-9]{{8}}')"
        f" THEN {digits} END"
    )


def _short_date(text: str, on: str, century: str) -> str:
    """DDMMYY or D.M.YY → DATE."""
    digits = f"replace(regexp_replace({text}, '\\b([0-9])\\b', '0\\1', 'g'), '.', '')"

    def born_in(hundreds: str) -> str:
        parts = (f"substr({digits}, {place}, 2)" for place in (5, 3, 1))
        return f"TRY_CAST({hundreds} || {' || chr(45) || '.join(parts)} AS DATE)"

    recent = (
        f"CASE WHEN {born_in(repr('20'))} <= {on} THEN {born_in(repr('20'))} ELSE {born_in(repr('19'))} END"
    )
    return recent if century == "NULL" else f"coalesce({born_in(century)}, {recent})"


def iso(day: str) -> str:
    """DATE → text YYYY-MM-DD."""
    return f"strftime({day}, '%Y-%m-%d')"


def street_line(street: str, number: str, stair: str, dwelling: str, letter: str) -> str:
    """One line of an address: `Esimerkkikatu 1 A 2b`; without a stair letter `Esimerkkikatu 1 as 2`."""
    flat = f"nullif(concat(ltrim({dwelling}, '0'), lower({letter})), '')"
    between = f"CASE WHEN nullif({stair}, '') IS NULL AND nullif({dwelling}, '') IS NOT NULL THEN 'as' END"
    return (
        f"nullif(concat_ws(' ', nullif({street}, ''), nullif({number}, ''), nullif(upper({stair}), ''),"
        f" {between}, {flat}), '')"
    )


def address_line(street: str, postal_code: str, post_office: str, country: str) -> str:
    """A whole address on one line: `Esimerkkikatu 1, 00100 HELSINKI`, abroad with the country's code.

    NULL where all is missing. `street` is a line of `street_line`.
    """
    place = f"nullif(concat_ws(' ', nullif({postal_code}, ''), nullif({post_office}, '')), '')"
    abroad = f"CASE WHEN {country} NOT IN ('', '{FINLAND}') THEN {country} END"
    return f"nullif(concat_ws(', ', {street}, {place}, {abroad}), '')"
