"""Damages bytes as disks, transfers, editors and attackers do."""

from collections.abc import Callable
from random import Random

TOKENS = [
    *(bytes([byte]) for byte in b"\0\x01\x1b\x7f\xff\xfe\xc3\xed\"'\\,;\t\n\r<>&{}[]:#-*?~^()"),
    *(b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"),
    *(
        b"\\ud800",
        b"\\udfff",
        b"\\u0000",
        b"\\\\",
        b"1e999",
        b"-0",
        b"9" * 40,
        b"null",
        b"true",
        b"{}",
        b"[[]]",
    ),
    *(b"---\n", b"\n---\n", b"&a [*a]", b"!!python/object:os.system", b"<<: *a", b"? ", b"- ", b"%TAG ! !\n"),
    *(
        b"<!--",
        b"-->",
        b"<script>",
        b"</p>",
        b"<![CDATA[",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
        b"&#0;",
        b"&#x110000;",
    ),
    *("\u202e".encode(), "\u0301".encode() * 40, "\u2028".encode(), "\u0085".encode(), "😀".encode()),
    *(b'"date": "0000-13-99"', b"date 2023-99 Paris -", b"../../etc/passwd", b"=1+1", b"\x1b]0;a\x07"),
]
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp1252", "mac_roman", "cp437")


def mutated(data: bytes, random: Random) -> bytes:
    """The bytes after one to six changes."""
    for _ in range(random.randint(1, 6)):
        data = random.choice(_CHANGES)(data, random)
    return data[:_LONGEST]


def _span(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.choice((1, 2, 8, 64, 4096)))


def _flip(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + bytes(byte ^ 1 << random.randrange(8) for byte in data[start:end]) + data[end:]


def _drop(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + data[end:]


def _repeat(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + data[start:end] * random.choice((2, 3, 50, 1000)) + data[end:]


def _insert(data: bytes, random: Random) -> bytes:
    offset = random.randint(0, len(data))
    return data[:offset] + random.choice(TOKENS) * random.choice((1, 1, 1, 2, 30)) + data[offset:]


def _replace(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + random.randbytes(random.randint(0, end - start + 1)) + data[end:]


def _move(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    offset = random.randint(0, len(data))
    return data[:offset] + data[start:end] + data[offset:]


def _truncate(data: bytes, random: Random) -> bytes:
    return data[: random.randint(0, len(data))]


def _reencode(data: bytes, random: Random) -> bytes:
    return data.decode(errors="ignore").encode(random.choice(ENCODINGS), errors="replace")


_LONGEST = 1 << 20
_CHANGES: list[Callable[[bytes, Random], bytes]] = [
    *(_flip, _drop, _repeat, _insert, _insert, _insert, _replace, _move, _truncate, _reencode),
]
