"""The date and hour of an article, as databases, feeds, agencies and tables write them."""

import re
import unicodedata
from datetime import UTC, date, datetime, time
from functools import lru_cache

from search.errors import Translatable

_FRENCH = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
_ENGLISH = "january february march april may june july august september october november december".split()
_GERMAN = "januar februar marz april mai juni juli august september oktober november dezember".split()
_SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_ITALIAN = (
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split()
)
_MONTHS = tuple(zip(_FRENCH, _ENGLISH, _GERMAN, _SPANISH, _ITALIAN, strict=True))
_WEEKDAYS = frozenset(
    "lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim monday tuesday "
    "wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag "
    "lunes martes miercoles jueves viernes sabado domingo "
    "lunedi martedi mercoledi giovedi venerdi sabato domenica".split()
)
_FILLERS = frozenset(
    "le la du de the of on a at publie paru poste cree mis jour en ligne date den am um uhr el del "
    "printemps ete automne hiver spring summer autumn fall winter".split()  # of a season, the year is kept
)
_SHORTEST_MONTH = 3
_IRREGULAR_MONTHS = {"mrz": "marz"}  # German abbreviations that are not the beginning of a month
_PIVOT = 69  # a year of two digits from here on is of the last century, as in POSIX

_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?(?:\.\d+)?")
_MILLISECONDS = 10**11
_COMPACT = re.compile(
    r"(\d{4})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?:[T ]?(\d{2}):?(\d{2})(?::?\d{2})?(?:\.\d+)?)?"
    r"(?:Z|[+-]\d{2}:?\d{2})?"
)
# "(CET)", "(heure de Paris)", "[Europe/Paris]": what only explains the time zone.
_CONTINENT = "(?:africa|america|antarctica|asia|atlantic|australia|etc|europe|indian|pacific)"
_REMARK = re.compile(rf"\([^()]*\)|\[?\b{_CONTINENT}/[a-z_/]+\b\]?")  # europe/paris is a zone
_CHANGED_LATER = re.compile(
    r"(?<=[\dhz])[\s,;|·–-]+(?:mise? a jour|modifiee?|actualisee?|updated|modified)\b.*"
)
_ZONE = r"(?:\s*(?:(?:z|utc?|gmt|cest|cet|edt|est)\b|[+-]\d{1,2}(?::?\d{2})?(?![\w/.]))){0,3}"
_DAY_ZONE = re.compile(r"(?<=\d)\s?(?:z|utc|gmt|[+-]\d{2}:\d{2})$")
_CLOCK = re.compile(
    r"(?:(?<=^)|(?<=[t\s,(]))(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::\d{2}(?:[.,]\d+)?)?"
    r"|\s?h(?:eures?)?(?:\s?(?P<after_h>\d{2})(?:\s?min)?\b)?)"
    rf"\s*(?P<half>[ap]\.?m\b\.?)?{_ZONE}(?![\w:])"
)
_ISO = re.compile(r"(\d{4})(?:[-/. ](\d{1,2})(?:[-/. ](\d{1,2}))?)?[-/.]*$")
_DAY_FIRST = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})$")
_MONTH_FIRST = re.compile(r"(\d{1,2})[/.-](\d{4})$")
_SHORT_YEAR = re.compile(r"(\d{1,2}[ -]+[a-z]{3,10}\.?[ -]+)(\d{2})(?!\S)")
_SECOND_DAY = re.compile(  # "samedi 2 et dimanche 3": the paper of two days
    rf"(?<=\d)\s?(?:et|au|[/–-])\s?(?:(?:{'|'.join(_WEEKDAYS)})\.?\s)?\d{{1,2}}(?=\s[a-z])"
)
_ORDINAL = re.compile(r"(?<=\d)(?:er|st|nd|rd|th)\b")
_WORD = re.compile(r"[a-z']+|\d+")


def parse_published(text: str) -> str:
    """Read a date, with its hour if it has one, into the form of ``Article.published``.

    It is ISO (``2024-03-01T18:05:00+01:00``, ``20240301T170500Z``), words (``1er mars 2024
    à 18h05``, ``Fri, 01 Mar 2024 18:05:00 +0100``, ``March 9, 2024 Saturday``), figures with the day first
    (``01/03/24``), or seconds since 1970, which are given in UTC. Removes a time zone: readers know the local
    time. Raises ValueError, with the reason, for anything else and for a date that does not exist.
    """
    text = text.strip()
    if _EPOCH.fullmatch(text):
        return _of_epoch(float(text))
    if match := _COMPACT.fullmatch(text):
        year, month, day, hour, minute = match.groups()
        return _joined(date(int(year), int(month), int(day)).isoformat(), hour, minute)
    plain = _REMARK.sub(" ", _CHANGED_LATER.sub("", _plain(text)))
    clock = _CLOCK.search(plain := _DAY_ZONE.sub("", plain))
    day = _day(plain[: clock.start()] + " " + plain[clock.end() :] if clock else plain, text)
    return _joined(day, *_hour_and_minute(clock)) if clock else day


def _of_epoch(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds / 1000 if seconds >= _MILLISECONDS else seconds, UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")


def month_number(name: str) -> int | None:
    """The number of a month in five languages, abbreviated or not; None for no month and for several."""
    return _month(_plain(name).strip("."))


def _joined(day: str, hour: str | int | None, minute: str | int | None) -> str:
    """A day with its hour; a month or a year has none."""
    if hour is None:
        return day
    clock = time(int(hour), int(minute or 0))
    return f"{day}T{clock:%H:%M}" if len(day) == len("YYYY-MM-DD") else day


def _hour_and_minute(clock: re.Match[str]) -> tuple[int, int]:
    hour, minute = int(clock["hour"]), int(clock["minute"] or clock["after_h"] or 0)
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].startswith("p") else 0)
    return hour, minute


def _day(written: str, text: str) -> str:
    """A day, month or year in ISO form, from text without its hour; ``text`` is the whole for messages."""
    words = (word for word in written.split() if word not in _FILLERS and word.strip(".,") not in _WEEKDAYS)
    figures = " ".join(words).strip(" ,;()[]-–—t")
    if match := _ISO.match(figures):
        year, month, day = match.groups()
        return _iso(int(year), int(month or 0) or None, int(day or 0) or None)  # "1914-08-00" has no day
    if match := _DAY_FIRST.match(figures):
        first, second, year = int(match[1]), int(match[2]), _full_year(match[3])
        in_english_order = second > len(_MONTHS) >= first
        return _iso(year, first, second) if in_english_order else _iso(year, second, first)
    if match := _MONTH_FIRST.match(figures):
        return _iso(int(match[2]), int(match[1]), None)
    written = _SHORT_YEAR.sub(lambda match: f"{match[1]}{_full_year(match[2])}", written)
    return _day_in_words(written, text)


def _day_in_words(written: str, text: str) -> str:
    """As ``1 mars 2024``, ``mars 2024``, ``march 9 2024 saturday``; of two months, the first."""
    written = _SECOND_DAY.sub("", _ORDINAL.sub("", written))
    words = [word for word in _WORD.findall(written) if word not in _FILLERS]
    numbers = [word for word in words if word.isdigit()]
    months = [(word, number) for word in words if (number := _month(word))]
    others = [word for word in words if not word.isdigit() and not _month(word)]
    if len(months) > 1 and months[0][0] in _WEEKDAYS:  # "mar. 12 mars": a Tuesday
        del months[0]
    years = [number for number in numbers if len(number) == len("YYYY")]
    days = [number for number in numbers if len(number) <= len("DD")]
    if len(years) != 1 or len(days) > 1 or len(numbers) > len(years) + len(days) or not months:
        raise _no_date(text)
    if any(word not in _WEEKDAYS for word in others) or (len(months) > 1 and days):
        raise _no_date(text)
    return _iso(int(years[0]), months[0][1], int(days[0]) if days else None)


def _iso(year: int, month: int | None, day: int | None) -> str:
    """The date in ISO form; raises ValueError for one that does not exist."""
    length = len("YYYY") if month is None else len("YYYY-MM") if day is None else len("YYYY-MM-DD")
    return date(year, 1 if month is None else month, 1 if day is None else day).isoformat()[:length]


def _full_year(written: str) -> int:
    year = int(written)
    return year if len(written) > len("YY") else year + (1900 if year >= _PIVOT else 2000)


@lru_cache(maxsize=1024)  # the same few words over and over
def _month(word: str) -> int | None:
    """The same for a word in small letters without accents."""
    if len(word) < _SHORTEST_MONTH:
        return None
    word = _IRREGULAR_MONTHS.get(word, word)
    months = enumerate(_MONTHS, 1)
    numbers = [number for number, names in months if any(name.startswith(word) for name in names)]
    return numbers[0] if len(numbers) == 1 else None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower()).replace("’", "'")
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def _no_date(text: str) -> ValueError:
    return ValueError(
        Translatable("{} is not a date; write 2023, 2023-09, 2023-09-12 or 12 septembre 2023", repr(text))
    )
