"""Help pages in the language of the user, and their ends: examples and exit codes."""

import inspect
from collections.abc import Iterator
from textwrap import indent

import click

from search.cli.language import translate
from search.errors import Translatable

EXIT_CODES = {
    0: "success",
    1: "nothing found",
    2: "wrong option, configuration or query",
    3: "no readable article in the files",
    4: "no index yet",
    5: "index damaged, or made by another version or model",
    6: "another build is running",
    7: "the model cannot be loaded",
    130: "interrupted",
}

_KEEP_LINES = "\b"  # click wraps each paragraph, unless this character is its first line


class LocalizedArgument(click.Argument):
    """An argument whose name in the help and in errors is in the language of the user."""

    def make_metavar(self, ctx: click.Context) -> str:
        """See ``click.Argument``."""
        return translate(super().make_metavar(ctx))


class LocalizedCommand(click.Command):
    """A command whose help is in the language of the user; it is written in English."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """See ``click.Command``; what an argument stands for is translated."""
        return [translate(piece) for piece in super().collect_usage_pieces(ctx)]

    def get_short_help_str(self, limit: int = 45) -> str:
        """See ``click.Command``."""
        return translate(super().get_short_help_str(limit))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See ``click.Command``."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text("\n\n".join(map(translate, paragraphs(self.help))))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See ``click.Command``."""
        shown = [
            (_names(parameter, names), text.replace(parameter.help or "", translate(parameter.help or "")))
            for parameter in self.get_params(ctx)
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx))
            for names, text in [record]
        ]
        with formatter.section(translate("Options")):
            formatter.write_dl(shown)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See ``click.Command``."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(translate(self.epilog or ""))


class LocalizedGroup(LocalizedCommand, click.Group):
    """The command with its subcommands."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See ``click.Group``."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


def _names(option: click.Option, names: str) -> str:
    """The names of an option, with what its value stands for translated."""
    value = option.metavar or ""
    return names.removesuffix(value) + translate(value) if value else names


def paragraphs(text: str | None) -> Iterator[str]:
    """The paragraphs of a help text, each on one line, unless its lines are kept."""
    for paragraph in inspect.cleandoc(text or "").split("\n\n"):
        yield paragraph if paragraph.startswith(_KEEP_LINES) else " ".join(paragraph.split("\n"))


def epilog(examples: str, *codes: int) -> str:
    """The end of the help of a command: its examples, one a line, and these of the exit codes."""
    return Translatable("{}\n\n{}", section("Examples", examples), exit_codes(*codes))


def exit_codes(*codes: int) -> str:
    """These exit codes with their meaning, as a section."""
    lines = [Translatable("  {:<4} {}", code, Translatable(EXIT_CODES[code])) for code in codes]
    return section("Exit codes", Translatable("\n".join("{}" for _ in lines), *lines))


def section(title: str, lines: str) -> str:
    """A section of a help page; its lines are not wrapped. Those to be translated are indented already."""
    body = lines if isinstance(lines, Translatable) else indent(lines, "  ")
    return Translatable("{}\n{}\n{}", _KEEP_LINES, Translatable(f"{title}:"), body)
