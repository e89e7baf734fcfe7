"""``depeche translate``: from arguments, a file or standard input; what is not translated is said."""

from pathlib import Path

import pytest

from .running import Depeche

PART = """\
depeche: Left out: la=fr
  grève and la=fr
            ^ the language of an article is not in the index
"""


def test_a_query_of_the_arguments_is_translated(depeche: Depeche) -> None:
    ran = depeche("translate", "--from", "factiva", "grève", "same", "docker*")
    assert (ran.code, ran.out, ran.err) == (0, '"grève" MEME_PARAGRAPHE docker*\n', "")


def test_a_part_that_is_left_out_is_said_and_makes_the_exit_code_1(depeche: Depeche) -> None:
    ran = depeche("translate", "--from", "factiva", "grève and la=fr")
    assert (ran.code, ran.out, ran.err) == (1, '"grève"\n', PART)


def test_a_guessed_service_is_said(depeche: Depeche) -> None:
    ran = depeche("translate", "grève | blocage+")
    said = "depeche: Read as a query of Europresse; --from says so where it is another's.\n"
    assert (ran.code, ran.out, ran.err) == (0, "grève OU blocage*\n", said)


def test_a_file_may_have_several_lines(depeche: Depeche, tmp_path: Path) -> None:
    file = tmp_path / "query.txt"
    file.write_text("\ufeffTEXT= (crise |\r\n krach) >1\n", encoding="utf-8")
    ran = depeche("translate", "--from", "europresse", "--file", str(file))
    assert (ran.code, ran.out) == (0, "AU_MOINS_2 (crise OU krach)\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a and (b",), "This bracket is never closed."),
        (("climate change",), "write --from europresse or --from factiva"),
        (("a", "--file", "-"), "Give either a query or --file FILE."),
    ],
)
def test_what_cannot_be_read_ends_with_2(depeche: Depeche, arguments: tuple[str, ...], message: str) -> None:
    ran = depeche("translate", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
