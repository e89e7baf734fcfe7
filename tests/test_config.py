from dataclasses import replace
from pathlib import Path

import platformdirs
import pytest

from search.config import Settings, config_path, load
from search.errors import ConfigError
from search.retrieval.rescoring import Rescoring
from search.types import Fusion, FusionMethod, Mode


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
    ("text", "message"),
    [
        ("indx = 'a'", r"unknown field `indx`.*The settings are: index, database, workers, model, mode, "),
        ("limit = 'ten'", r"Expected `int`, got `str` - at `\$\.limit`"),
        ("limit = 0", r"Expected `int` >= 1 - at `\$\.limit`"),
        ("limit = [1]", r"Expected `int`, got `array`"),
        ("index = ''", r"Expected `str` of length >= 1 - at `\$\.index`"),
        ("index = 3", r"Expected `str`, got `int` - at `\$\.index`"),
        ("mode = 'magic'", r"Invalid enum value 'magic' - at `\$\.mode`"),
        ("columns = 'text'", r"Expected `object`, got `str` - at `\$\.columns`"),
        ("[columns]\ntext = 1", r"Expected `str`, got `int` - at `\$\.columns"),
        ("fusion = 'rrf'", r"Expected `object`, got `str` - at `\$\.fusion`"),
        ("[fusion]\nmethod = 'magic'", r"Invalid enum value 'magic' - at `\$\.fusion\.method`"),
        (
            "[fusion]\nsemantik = 1",
            "fusion has no setting semantik; it has: keyword, method, passage_share, rrf_k, semantic",
        ),
        ("[fusion]\nsemantic = -0.1", "the semantic weight is -0.1; it must be 0 or more"),
        ("[fusion]\nkeyword = nan", "the keyword weight is nan"),
        ("[fusion]\nkeyword = inf", "the keyword weight is inf"),
        ("[fusion]\npassage_share = 1.5", "passage_share is 1.5; it must be from 0 to 1"),
        ("[fusion]\nrrf_k = 0", "rrf_k is 0; it must be 1 or more"),
        ("limit = ", "is not TOML: Invalid value"),
        ("limit = 1\nlimit = 2", "is not TOML: Cannot overwrite a value"),
        ("source = 'caf\xe9'", r"is not UTF-8 \(at line 1\)"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(file: Path, text: str, message: str) -> None:
    file.write_text(text, encoding="latin-1")

    with pytest.raises(ConfigError, match=message) as caught:
        load({}, environment(file))
    assert str(file) in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_variable_that_cannot_be_used_is_named(file: Path) -> None:
    file.touch()

    with pytest.raises(ConfigError, match=r"^DEPECHE_LIMIT: Expected `int`, got `str`"):
        load({}, environment(file, DEPECHE_LIMIT="ten"))
    with pytest.raises(ConfigError, match=r"^DEPECHE_MODE: Invalid enum value 'magic'"):
        load({}, environment(file, DEPECHE_MODE="magic"))
    with pytest.raises(ConfigError, match=r"^DEPECHE_LANGUAGE: Invalid enum value 'de'"):
        load({}, environment(file, DEPECHE_LANGUAGE="de"))
    with pytest.raises(ConfigError, match=r"^the command line: the semantic weight is -1\.0"):
        load({"fusion": {"semantic": -1.0}}, environment(file))


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
        f"{file}: recency must be a half-life: 'hier' is not a span; "
        "write 7j (days), 2s (weeks), 3m (months), 1a (years)."
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
