"""The examples of the documents: fenced blocks, what they print, and the folder that they run in.

What a block is:

- ``console``: a line that begins with ``$`` is a command, what follows is what it prints;
- ``python``: runs, the blocks of one document one after the other; what it prints stands after ``# →``;
- ``toml``: a configuration file; ``json``: an answer of ``depeche find``;
- ``text``: nothing that runs. Where it holds a command, ``<!-- not run: why -->`` stands before it.

In what is printed ``…`` stands for anything on one line, and a line that is only ``…`` for any lines.
"""

import contextlib
import io
import json
import re
import shlex
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
_FENCE = re.compile(r"^ *```(?P<language>\w*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_NOT_RUN = re.compile(r"<!-- not run: (?P<reason>[^>]+) -->\s*\Z")
_COMMAND = re.compile(r"^(?:\$ |(?:depeche|pip|git|source|python|dask|ln|psql>) |scripts/)", re.MULTILINE)
_FENCED = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_ARROW = "# → "
_JQ = ["|", "jq"]


@dataclass(frozen=True)
class Block:
    """A fenced block; ``reason`` says why it is not run, ``""`` where nothing is said."""

    path: Path
    line: int
    language: str
    text: str
    reason: str

    @property
    def place(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"

    @property
    def holds_command(self) -> bool:
        return _COMMAND.search(self.text) is not None


@dataclass(frozen=True)
class Command:
    """A command of a console block, and what it prints."""

    line: str
    printed: str


DOCS = ROOT / "docs"
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted(DOCS.glob("*.md")),
    *(ROOT / folder / "README.md" for folder in ("tests", "index")),
]


def name(path: Path) -> str:
    """The name of a document, relative to the checkout."""
    return str(path.relative_to(ROOT))


def prose(document: str) -> str:
    """A document without its blocks."""
    return _FENCED.sub("", (ROOT / document).read_text(encoding="utf-8"))


def rows(text: str) -> list[list[str]]:
    """The cells of each row of the tables, without their headers."""
    lines = re.sub(r"^\|.*\n(?=\|[-|]+\|$)", "", text, flags=re.MULTILINE).split("\n")
    cells = (line.replace(r"\|", "¦").split("|")[1:-1] for line in lines if line.startswith("| "))
    return [[cell.strip() for cell in row] for row in cells]


def codes(text: str) -> list[str]:
    """What is written as code in a text."""
    return _CODE.findall(text)


def blocks(path: Path) -> list[Block]:
    text = path.read_text(encoding="utf-8")
    return [_block(path, text, fence) for fence in _FENCE.finditer(text)]


def _block(path: Path, text: str, fence: re.Match[str]) -> Block:
    before = text[: fence.start()]
    reason = _NOT_RUN.search(before)
    return Block(
        path,
        before.count("\n") + 1,
        fence["language"],
        textwrap.dedent(fence["text"]),
        reason["reason"] if reason else "",
    )


def commands(text: str) -> list[Command]:
    """The commands of a console block in their order; raises ValueError for a text that no command prints."""
    before, *parts = re.split(r"^\$ ", text.replace("\\\n", ""), flags=re.MULTILINE)
    if before:
        raise ValueError(f"no command prints {before!r}")
    return [Command(line, printed) for line, _, printed in (part.partition("\n") for part in parts)]


def matches(expected: str, printed: str) -> bool:
    """Whether what was printed is what is expected, where ``…`` stands for anything."""
    lines = (_line(line.rstrip()) for line in expected.rstrip().split("\n"))
    shown = "\n".join(line.rstrip() for line in printed.rstrip().split("\n"))
    return re.fullmatch("".join(lines), f"{shown}\n") is not None


def _line(expected: str) -> str:
    if expected.strip() == "…":
        return r"(?:[^\n]*\n)*?"
    return r"[^\n]*".join(map(re.escape, expected.split("…"))) + r"\n"


def expected_output(code: str) -> str:
    """What a Python block says that it prints."""
    found = (line.partition(_ARROW) for line in code.split("\n"))
    return "".join(f"{printed}\n" for _, arrow, printed in found if arrow)


@dataclass(frozen=True)
class Output:
    """What a run of the program gave: the exit code, standard output, and all that a terminal shows."""

    code: int
    out: str
    shown: str


@dataclass
class Workspace:
    """Where the examples of one document run; ``run`` runs the program with arguments and variables.

    ``code`` is the exit code of the last command, ``names`` are the variables of the Python blocks.
    """

    folder: Path
    run: Callable[[Sequence[str], Mapping[str, str]], Output]
    code: int = 0
    names: dict[str, object] = field(default_factory=dict)

    def execute(self, command: Command) -> str:
        """Run a command of a console block; gives what it prints.

        ``cat`` of a file that is not there makes the file, with what the document shows of it.
        """
        words = shlex.split(command.line)
        if words[0] == "cat":
            return self._cat(self.folder / words[1], command.printed)
        if words == ["echo", "$?"]:
            return f"{self.code}\n"
        path = words[-1] if words[-3:-1] == _JQ else ""
        words, target = _redirected(words[:-3] if path else words)
        variables = dict(word.split("=", 1) for word in _assignments(words))
        program, *arguments = words[len(variables) :]
        if program not in ("depeche", "scripts/start"):
            raise ValueError(f"{program} is not run here; use a text block, and say why")
        if program == "scripts/start":
            variables["DEPECHE_INDEX"] = str(self.folder / "index")
        output = self.run(arguments, variables)
        self.code = output.code
        if target:
            (self.folder / target).write_text(output.out, encoding="utf-8")
            return output.shown.replace(output.out, "")
        return _json_part(output.out, path) if path else output.shown

    def execute_python(self, block: Block) -> str:
        """Run a Python block; gives what it prints."""
        printed = io.StringIO()
        code = compile("\n" * block.line + block.text, str(block.path), "exec", dont_inherit=True)
        with contextlib.redirect_stdout(printed):
            exec(code, self.names)  # noqa: S102 - our own documents
        return printed.getvalue()

    def _cat(self, file: Path, shown: str) -> str:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(shown, encoding="utf-8")
        return file.read_text(encoding="utf-8")


def _redirected(words: Sequence[str]) -> tuple[list[str], str]:
    if len(words) > 2 and words[-2] == ">":
        return list(words[:-2]), words[-1]
    return list(words), ""


def _assignments(words: Sequence[str]) -> Iterator[str]:
    """The variables that are set before a command."""
    for word in words:
        if not re.match("[A-Z_]+=", word):
            return
        yield word


def _json_part(printed: str, path: str) -> str:
    """A part of JSON, such as ``.results[0].title``, as ``jq`` prints it."""
    value = json.loads(printed)
    for key, place in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        value = value[key or int(place)]
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def shape(value: object) -> object:
    """The keys of JSON, and the kind of each value; of a list, that of its first item."""
    match value:
        case dict():
            return {key: shape(item) for key, item in value.items()}
        case list():
            return [shape(item) for item in value[:1]]
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case _:
            return "text"
