"""Words and subjects that come again and again, kept once and known by number.

The numbers never change, so what was looked up is remembered; but what this transaction adds is remembered only once
it is committed.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final, NamedTuple

# Far more than a project has prompts, models and variants; a variable misused as one must not eat the memory.
_MOST: Final = 50_000


class Subject(NamedTuple):
    """What conversations are counted within."""

    prompt_id: str
    content_sha256: str
    variant: str


class Names:
    """What is known of one file, by one connection."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._subjects: dict[Subject, int] = {}
        self._texts: dict[int, str] = {}
        self._subjects_by_number: dict[int, Subject] = {}

    def forget(self) -> None:
        """After a transaction that was rolled back."""
        for each in (self._words, self._subjects, self._texts, self._subjects_by_number):
            each.clear()

    def word(self, connection: sqlite3.Connection, text: str) -> int:
        """The number of a word, new if need be. Only within a transaction that writes."""
        number = self._words.get(text)
        if number is None:
            number = self.known_word(connection, text)
            if number is None:
                number = connection.execute("INSERT INTO word (text) VALUES (?)", (text,)).lastrowid
                assert number is not None
            self._keep_small()
            self._words[text] = number
        return number

    def known_word(self, connection: sqlite3.Connection, text: str) -> int | None:
        """The number of a word that is there."""
        row = connection.execute("SELECT word FROM word WHERE text = ?", (text,)).fetchone()
        return row and row[0]

    def subject(self, connection: sqlite3.Connection, subject: Subject) -> int:
        """The number of a subject, new if need be. Only within a transaction that writes."""
        number = self._subjects.get(subject)
        if number is None:
            prompt = self.word(connection, subject.prompt_id)
            variant = self.word(connection, subject.variant) if subject.variant else None
            content = bytes.fromhex(subject.content_sha256)
            row = connection.execute(
                "SELECT subject FROM subject WHERE prompt = ? AND content = ? AND ifnull(variant, 0) = ?",
                (prompt, content, variant or 0),
            ).fetchone()
            number = (
                row[0]
                if row
                else connection.execute(
                    "INSERT INTO subject (prompt, content, variant) VALUES (?, ?, ?)", (prompt, content, variant)
                ).lastrowid
            )
            assert isinstance(number, int)
            self._keep_small()
            self._subjects[subject] = number
        return number

    def text(self, connection: sqlite3.Connection, number: int | None) -> str | None:
        """A word by its number."""
        if number is None:
            return None
        text = self._texts.get(number)
        if text is None:
            text = str(_there(connection.execute("SELECT text FROM word WHERE word = ?", (number,)))[0])
            self._keep_small()
            self._texts[number] = text
        return text

    def subject_of(self, connection: sqlite3.Connection, number: int) -> Subject:
        """A subject by its number."""
        subject = self._subjects_by_number.get(number)
        if subject is None:
            query = "SELECT prompt, content, variant FROM subject WHERE subject = ?"
            prompt, content, variant = _there(connection.execute(query, (number,)))
            subject = Subject(self.text(connection, prompt) or "", content.hex(), self.text(connection, variant) or "")
            self._keep_small()
            self._subjects_by_number[number] = subject
        return subject

    def _keep_small(self) -> None:
        for each in (self._words, self._subjects, self._texts, self._subjects_by_number):
            if len(each) > _MOST:
                each.clear()


def _there(found: sqlite3.Cursor) -> tuple[Any, ...]:
    """The row that something in the store refers to."""
    row = found.fetchone()
    if row is None:
        problem = sqlite3.DatabaseError("a row is missing that another one refers to")
        problem.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise problem
    return row
