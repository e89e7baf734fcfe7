from dataclasses import replace
from pathlib import Path

import platformdirs
import pytest

from search.config import Settings, config_path, language_setting, load
from search.errors import ConfigError
from search.language import FRENCH
from search.types import Fusion, FusionMethod, Mode, Rescoring


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The configuration file that ``environment`` names."""
    return tmp_path / "config.toml"


def environment(file: Path, **more: str) -> dict[str, str]:
    return {"DEPECHE_CONFIG": str(file), **more}


def test_without_any_setting_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    assert load({}, {}) == load({"limit": None}, {"DEPECHE_CONFIG": "", "DEPECHE_MODE": ""}) == Settings()
    assert Settings().index == str(platformdirs.user_data_path("depeche") / "index")
    assert (Settings().model, Settings().mode, Settings().limit) == ("", Mode.HYBRID, 10)
    assert Settings().fusion == Fusion(FusionMethod.STANDARDISED, 0.7, 0.3, 0.25, 60)


def test_a_flag_counts_before_the_environment_before_the_file(file: Path) -> None:
    file.write_text('index = "f"\nmodel = "f"\nmode = "keyword"\nlimit = 3\nsource = "f"', encoding="utf-8")
    variables = {"DEPECHE_INDEX": "e", "DEPECHE_MODEL": "e", "DEPECHE_MODE": "semantic"}
    settings = load({"index": "flag", "source": None}, environment(file, **variables))

    assert settings == Settings(index="flag", model="e", mode=Mode.SEMANTIC, limit=3, source="f")


def test_every_variable_is_read(file: Path) -> None:
    file.touch()
    names = {"INDEX": "i", "MODEL": "m", "MODE": "keyword", "LIMIT": "7", "LANGUAGE": "en"}
    settings = load({}, environment(file, **{f"DEPECHE_{name}": value for name, value in names.items()}))

    assert settings == Settings(index="i", model="m", mode=Mode.KEYWORD, limit=7, language="en")


def test_the_file_is_in_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "depeche"
    folder.mkdir()
    (folder / "config.toml").write_text("limit = 4", encoding="utf-8")

    assert config_path({}) == folder / "config.toml"
    assert load({}, {}).limit == 4


def test_tables_of_the_file_are_merged_with_flags_by_entry(file: Path) -> None:
    file.write_text(
        '[fusion]\nmethod = "rrf"\nrrf_k = 9\n[columns]\ntext = "corps"\nid = "n"', encoding="utf-8"
    )
    settings = load({"fusion": {"rrf_k": 5}, "columns": {"id": "cle"}}, environment(file))

    assert settings.fusion == replace(Fusion(), method=FusionMethod.RRF, rrf_k=5)
    assert settings.columns == {"text": "corps", "id": "cle"}


def test_a_path_may_begin_at_home(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    file.write_text('index = "~/index"\nmodel = "~/model"\nsource = "~/x"', encoding="utf-8")
    settings = load({}, environment(file))

    assert (settings.index, settings.model, settings.source) == ("/home/ada/index", "/home/ada/model", "~/x")


@pytest.mark.parametrize(
    "case",
    [
        ("indx = 'a'", ": there is no setting indx; did you mean index?"),
        ("[x]\na = 1", ": there is no setting x; the settings are: index, database, workers, model, mode, "),
        ("limit = 'ten'", ': limit = "ten"', "a whole number, 1 or more", "limit = 20"),
        ("limit = 0", ": limit = 0", "a whole number, 1 or more", "limit = 20"),
        ("limit = [1]", ": limit = [1]", "a whole number, 1 or more", "limit = 20"),
        ("index = ''", ': index = ""', "a path or a name, in quotes", 'index = "/srv/depeche"'),
        ("model = 3", ": model = 3", "a path or a name, in quotes", 'model = "3"'),
        ("source = true", ": source = true", "text in quotes", 'source = "True"'),
        ("history = 'no'", ': history = "no"', "true or false, without quotes", "history = false"),
        ("mode = 'keywords'", ': mode = "keywords"', "one of hybrid, keyword, semantic", 'mode = "keyword"'),
        ("theme = 'ligth'", ': theme = "ligth"', "one of contrast, dark, light", 'theme = "light"'),
        ("language = 'de'", ': language = "de"', "one of en, fr", 'language = "en"'),
        (
            "columns = 'text'",
            ': columns = "text"',
            "a table, with [columns] above it",
            '[columns] text = "contenu"',
        ),
        ("[columns]\ntext = 1", ": [columns] text = 1", "text in quotes", '[columns] text = "1"'),
        ("[keys]\nwhy = 6", ": [keys] why = 6", "text in quotes", '[keys] why = "6"'),
        ("fusion = 'rrf'", ': fusion = "rrf"', "a table, with [fusion] above it", '[fusion] method = "rrf"'),
        (
            "[fusion]\nmethod = 'rff'",
            ': [fusion] method = "rff"',
            "one of standardised, rrf, convex",
            '[fusion] method = "rrf"',
        ),
        ("[fusion]\nsemantik = 1", ": there is no setting semantik in [fusion]; did you mean semantic?"),
        ("[fusion]\nsemantic = -0.1", ": [fusion] semantic = -0.1", "a number, 0 or more", "semantic = 0.7"),
        ("[fusion]\nkeyword = nan", ": [fusion] keyword = NaN", "a number, 0 or more"),
        ("[fusion]\nkeyword = inf", ": [fusion] keyword = Infinity", "a number, 0 or more"),
        ("[fusion]\npassage_share = 1.5", ": [fusion] passage_share = 1.5", "a number from 0 to 1"),
        ("[fusion]\nrrf_k = 0", ": [fusion] rrf_k = 0", "a whole number, 1 or more", "rrf_k = 60"),
        (f"source = {['long'] * 30}", '"long", "lo…', "text in quotes"),
        ("limit = ", "is not TOML: Invalid value"),
        ("limit = 1\nlimit = 2", "is not TOML: Cannot overwrite a value"),
        ("source = 'caf\xe9'", "is not UTF-8 (at line 1)"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_to_type(file: Path, case: tuple[str, ...]) -> None:
    text, given, *allowed = case
    file.write_text(text, encoding="latin-1")

    with pytest.raises(ConfigError) as caught:
        load({}, environment(file))
    said = str(caught.value)
    assert str(file) in said
    assert [part for part in (given, *allowed) if part not in said] == [], said
    assert caught.value.exit_code == 2


def test_a_variable_that_cannot_be_used_is_named(file: Path) -> None:
    file.touch()

    def refusal(options: dict[str, object], **variables: str) -> str:
        with pytest.raises(ConfigError) as caught:
            load(options, environment(file, **variables))
        return str(caught.value)

    assert refusal({}, DEPECHE_LIMIT="ten") == (
        "the environment: DEPECHE_LIMIT=ten cannot be used; it must be a whole number, 1 or more. "
        "Write, for example: DEPECHE_LIMIT=20"
    )
    assert "DEPECHE_MODE=magic cannot be used; it must be one of hybrid, " in refusal(
        {}, DEPECHE_MODE="magic"
    )
    assert "DEPECHE_LANGUAGE=de cannot be used; it must be one of en, fr" in refusal(
        {}, DEPECHE_LANGUAGE="de"
    )
    assert refusal({"fusion": {"semantic": -1.0}}) == (
        "the command line: --semantic-weight -1.0 cannot be used; it must be a number, 0 or more. "
        "Write, for example: --semantic-weight 0.7"
    )


def test_refusals_are_told_in_french_too(file: Path) -> None:
    file.write_text("limit = 'dix'", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load({}, environment(file))
    assert FRENCH.translate(caught.value.message).replace("\xa0", " ") == (
        f'{file} : limit = "dix" ne convient pas ; valeur attendue : un nombre entier, au moins 1. '
        "Écrivez par exemple : limit = 20"
    )


@pytest.mark.parametrize(
    ("text", "variables", "language"),
    [
        ("", {}, ""),
        ("language = 'en'", {}, "en"),
        ("language = 'en'", {"DEPECHE_LANGUAGE": "fr"}, "fr"),
        ("language = 'en'\nlimit = 'ten'", {}, "en"),
        ("language = 'de'", {}, ""),
        ("language = ['en']", {}, ""),
        ("language = ", {}, ""),
    ],
)
def test_the_language_is_known_though_other_settings_cannot_be_used(
    file: Path, text: str, variables: dict[str, str], language: str
) -> None:
    file.write_text(text, encoding="utf-8")
    assert language_setting(environment(file, **variables)) == language


def test_a_file_that_is_named_must_be_there(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"^DEPECHE_CONFIG names {file}, but there is no such file"):
        load({}, environment(file))
    with pytest.raises(
        ConfigError, match=f"^The configuration file {tmp_path} cannot be read: Is a directory"
    ):
        load({}, environment(tmp_path))


def test_the_interface_has_settings_of_its_own(file: Path) -> None:
    assert (Settings().history, Settings().theme, Settings().keys) == (True, "", {})

    file.write_text('history = false\ntheme = "light"\n[keys]\nwhy = "f6"', encoding="utf-8")
    settings = load({}, environment(file))
    assert (settings.history, settings.theme, settings.keys) == (False, "light", {"why": "f6"})


def test_what_is_done_to_the_merged_order(file: Path) -> None:
    file.write_text('rerank = "~/model"\nrecency = "2s"', encoding="utf-8")
    settings = load({}, environment(file))

    assert settings.rescoring == Rescoring(half_life=14, depth=30)
    assert settings.rerank == str(Path.home() / "model")
    assert load({"rerank": "", "recency": ""}, environment(file)).rescoring == Rescoring()
    assert load({"recency": ""}, environment(file)).rescoring == Rescoring(depth=30)


def test_a_half_life_must_be_a_span(file: Path) -> None:
    file.write_text('recency = "hier"', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load({}, environment(file))
    assert str(caught.value) == (
        f'{file}: recency = "hier" cannot be used; it must be a half-life: 7j (days), 2s (weeks), '
        '3m (months) or 1a (years). Write, for example: recency = "6m"'
    )


def test_old_names_work_and_the_new_ones_are_reported(file: Path) -> None:
    reports: list[str] = []
    file.write_text('engine = "postgresql://file/archive"', encoding="utf-8")
    of_file = load({}, environment(file), reports.append)
    of_variable = load({}, environment(file, DEPECHE_ENGINE="postgresql://variable/archive"), reports.append)
    of_new_variable = load(
        {}, environment(file, DEPECHE_ENGINE="x", DEPECHE_DATABASE="postgresql://new/archive"), reports.append
    )

    assert of_file.database == "postgresql://file/archive"
    assert of_variable.database == "postgresql://variable/archive"
    assert of_new_variable.database == "postgresql://new/archive"
    later = "a later version will remove the old name"
    of_the_file = f"in {file}, engine is now called database; {later}"
    assert reports == [
        of_the_file,
        of_the_file,
        f"the variable DEPECHE_ENGINE is now called DEPECHE_DATABASE; {later}",
        of_the_file,
    ]
