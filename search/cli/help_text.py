"""The end of each help page: examples and exit codes."""

from textwrap import indent

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


def epilog(examples: str, *codes: int) -> str:
    """The end of the help of a command: its examples, one a line, and these of the exit codes."""
    return f"{section('Examples', examples)}\n\n{exit_codes(*codes)}"


def exit_codes(*codes: int) -> str:
    """These exit codes with their meaning, as a section."""
    return section("Exit codes", "\n".join(f"{code:<4} {EXIT_CODES[code]}" for code in codes))


def section(title: str, lines: str) -> str:
    """A section of a help page; its lines are not wrapped."""
    return f"{_KEEP_LINES}\n{title}:\n{indent(lines, '  ')}"
