"""Weekdays, months and numbers: what of a wording is a date, and which wordings differ in nothing else."""

from __future__ import annotations

import re
from typing import Final

from cleaner.judge.phrase import Word, key, words
from cleaner.rulekit.wording import MONTHS
from cleaner.text import fold, lower

# Besides those of the table that all drafts use: as a year's or a day's name, not as a day's month.
_MORE: Final = """\
ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου μαϊου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου
δεκεμβρίου γενάρη φλεβάρη μάρτη απρίλη μάη ιούνη ιούλη αυγούστου αύγουστου σεπτέμβρη οκτώβρη νοέμβρη δεκέμβρη
ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος σεπτέμβριος οκτώβριος νοέμβριος δεκέμβριος
"""
_WEEKDAYS: Final = """\
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi
dimanche lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag poniedziałek wtorek środa czwartek piątek sobota niedziela
понедельник вторник среда четверг пятница суббота воскресенье
δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο σαββάτο κυριακή
"""
_NAMES: Final = frozenset([*MONTHS.split(), *_MORE.split()])
_DAYS: Final = frozenset(_WEEKDAYS.split())
_CLOCK: Final = frozenset(["am", "pm", "uhr", "gmt", "bst", "est", "edt", "et", "pst", "utc", "cet", "h"])
_DAY: Final = re.compile(r"\d{1,2}(?:st|nd|rd|th|er)?")
_NUMBER: Final = re.compile(r"\d+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_DIGITS: Final = re.compile(r"(?<![\w{])\d+(?![\w}])")
_OTHER: Final = 2
"""Words that a phrase has besides its dates."""
_LONGEST: Final = 8
"""Words of a date."""


def is_date(text: str) -> bool:
    """Whether the words, in lower case and with single spaces, are a date or a time of day and nothing else."""
    said = text.split()
    if not 2 <= len(said) <= _LONGEST or not any(_NUMBER.match(word) for word in said):
        return False
    named = [word for word in said if word in _NAMES or word in _DAYS or word in _CLOCK]
    rest = [word for word in said if word not in named]
    if not all(_DAY.fullmatch(word) or _YEAR.fullmatch(word) for word in rest):
        return False
    return bool(named) or (len(said) == 3 and any(_YEAR.fullmatch(word) for word in said))


def says_date(text: str) -> bool:
    """Whether a line holds a day with its month or a year: what stands below a headline."""
    said = key(lower(fold(text))).split()
    months = [word for word in said if word in _NAMES]
    return any(_NUMBER.match(word) for word in said) and bool(months or [word for word in said if word in _DAYS])


def undated(phrase: str) -> tuple[str, ...]:
    """The words of a phrase, with one mark for weekdays, months, numbers and their slots."""
    said = key(lower(fold(re.sub(r"\{(?:number|date)\}", " 0 ", phrase)))).split()
    return tuple(
        "#" if word in _NAMES or word in _DAYS or _DAY.fullmatch(word) or word.isdigit() else word for word in said
    )


def only_date(phrase: str) -> bool:
    """Whether it says a date and nothing else."""
    return set(undated(phrase)) == {"#"}


def dated(phrase: str) -> str:
    """The phrase with a slot for each day that it names, where enough else is left of it."""
    found = words(phrase)
    runs: list[list[Word]] = [[]]
    for word in found:
        if word.text in _NAMES or word.text in _DAYS or _DAY.fullmatch(word.text) or _YEAR.fullmatch(word.text):
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    days = [run for run in runs if _is_day([word.text for word in run])]
    if len(found) - sum(map(len, days)) < _OTHER:
        return phrase
    for run in reversed(days):
        phrase = f"{phrase[: run[0].start]}{{date}}{phrase[run[-1].end :]}"
    return phrase


def _is_day(said: list[str]) -> bool:
    return is_date(" ".join(said)) and any(word in _NAMES for word in said)


def opened(phrase: str) -> str:
    """The phrase with slots for its numbers."""
    return _DIGITS.sub("{number}", phrase)
