"""Ten tasks of a press desk, each as a short recipe with the user's own keys."""

from search.tui.i18n import Texts


def recipes(texts: Texts) -> list[tuple[str, str]]:
    """The tasks with their recipes."""
    translate = texts.translate
    return [
        (
            translate("Follow a story"),
            texts.with_keys(
                "Require two or three of its words: +Armeil +grève. {} until the oldest come first; "
                "{} finds articles like the selected one. {} puts articles into a dossier, each with a note. "
                "{} keeps the search, and tells what is new.",
                *("sort", "similar", "dossier", "saved"),
            ),
        ),
        (
            translate("Who said it, and when"),
            texts.with_keys(
                'Put the words between quotation marks: "ligne rouge". The filters ({}) count the sources '
                "and show when. In the article, {} goes to the words.",
                *("filters", "next_match"),
            ),
        ),
        (
            translate("Compare two sources"),
            texts.with_keys(
                "Ask the words: Bataclan. {} offers pairs of their sources, and draws both over time on one "
                "axis, with a table; there {} counts per thousand articles of the archive, and {} opens "
                "a period.",
                *("compare", "relative", "search_period"),
            ),
        ),
        (
            translate("Find the first report"),
            texts.with_keys(
                "Require its words: +virus +Wuhan, then {} until the oldest come first. Without the signs "
                "one of the words is enough, and the oldest articles may be off topic. {} lists the copies "
                "of a result, each with its date.",
                *("sort", "copies"),
            ),
        ),
        (
            translate("Leave copies out"),
            texts.with_keys(
                "Copies already are one result, with their number. {} lists them under it, each with its "
                "source, and hides them again.",
                "copies",
            ),
        ),
        (
            translate("Find a vague memory"),
            texts.with_keys(
                "Write it in your own words: un train blindé traverse la frontière de nuit. {} until "
                "“meaning”: no word is required. Results that may be off topic are dimmed.",
                "mode",
            ),
        ),
        (
            translate("Be alerted"),
            texts.with_keys(
                "{} saves the search under a name. There, and in the terminal with depeche news, you see "
                "how many articles are new since your last visit.",
                "saved",
            ),
        ),
        (
            translate("Cite"),
            texts.with_keys(
                "{} copies the reference of the article, {} its text, over ssh too; {} opens its web page.",
                *("cite", "copy", "open_outside"),
            ),
        ),
        (
            translate("Export a corpus"),
            texts.with_keys(
                "{} writes the whole answer, or the results chosen with {}, into a file, as excerpts or as "
                "whole texts: CSV for a spreadsheet, Markdown for a text, JSON for a program.",
                *("export", "choose"),
            ),
        ),
        (
            translate("Count by month"),
            texts.with_keys(
                "The filters ({}) end with a histogram: the arrows walk its periods, {} goes from years to "
                "months, {} filters by a period. {} counts every month in a table; {} copies it there.",
                *("filters", "shorter_periods", "choose_period", "compare", "copy_table"),
            ),
        ),
    ]
