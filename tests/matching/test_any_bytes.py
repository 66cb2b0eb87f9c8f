"""Whatever is sent, the answer is a report or problems told to the customer, never another error."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from matching.errors import InputProblems
from matching.register.loading import check

cells = st.text(st.sampled_from('abÄé"\n\r;,\t| 1=\0'), max_size=6)
texts = st.lists(cells, max_size=12).map(";".join)
encoded = st.builds(
    lambda text, encoding: ("hetu;sukunimi\n" + text).encode(encoding, "ignore"),
    texts,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
)
magic = st.sampled_from(
    [b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=;"]
)
prefixed = st.builds(lambda start, rest: start + rest, magic, st.binary(max_size=200))


@settings(max_examples=150, deadline=None)
@given(st.one_of(encoded, prefixed, st.binary(max_size=200)))
@example(b"a" * 500_000 + b"\nb\n")
@example(b'hetu\n"' + b"a" * 500_000 + b'"\n')
@example(b'"hetu\nb\n')
@example(b"hetu\r\n\r\n\r\nx")
@example("hetu;x\n1;2\n".encode("utf-16")[:-1])
def test_any_bytes_give_a_report_or_problems(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "register"
        path.write_bytes(content)
        with suppress(InputProblems):
            assert check(path, threads=1).rows > 0
