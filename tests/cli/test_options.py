import pytest

from search.cli.options import chosen_settings

MESSAGE = "depeche: --engine is now called --database; a later version will remove the old name\n"


@pytest.mark.parametrize(
    ("options", "database", "err"),
    [
        ({"engine": "postgresql://old/archive"}, "postgresql://old/archive", MESSAGE),
        ({"engine": "old", "database": "postgresql://new/archive"}, "postgresql://new/archive", MESSAGE),
        ({"engine": None, "database": "postgresql://new/archive"}, "postgresql://new/archive", ""),
        ({"engine": None, "database": None}, "", ""),
    ],
)
def test_the_old_name_of_database_works_and_the_new_one_is_reported(
    capsys: pytest.CaptureFixture[str], options: dict[str, object], database: str, err: str
) -> None:
    assert chosen_settings(options).database == database
    assert capsys.readouterr().err == err
