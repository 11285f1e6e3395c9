"""Removes what a publisher's template put around and inside an article, and says what it removed and why."""

from cleaner.pipeline import Cleaner, clean, clean_html, load_rules
from cleaner.types import CleanerError, Decision, Document, InputError, Result, Rule, RuleError, UsageError

__version__ = "0.1.0"
__all__ = [
    "Cleaner",
    "CleanerError",
    "Decision",
    "Document",
    "InputError",
    "Result",
    "Rule",
    "RuleError",
    "UsageError",
    "clean",
    "clean_html",
    "load_rules",
]
