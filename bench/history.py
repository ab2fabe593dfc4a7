"""Ten versions of a text by one author each, of which it is known who brought in every word.

Sections are reworded; a sentence or a section is struck, and returns in a later version, where it was or as a section
of its own; a sentence goes to another section, a section to another place; a section goes back to a former wording. A
word keeps its first author through all of it. What is brought in is drawn word by word from the words of
``bench.texts`` and ``bench.planted``, so that hardly a phrase of three words comes twice by chance.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from bench.planted import CLAUSES, WORDS
from bench.texts import lengthy, text
from drafting.domain.text import Line, Manifest
from drafting.protocol.words import SectionKind

_SEED = 23
_LONGEST = 6


class Word(NamedTuple):
    """A word with its marks: the version that brought it in (from 0), a number of its own, and whether it travelled.

    It travelled if it was moved from section to section, or was struck and has returned.
    """

    text: str
    author: int
    number: int
    travelled: bool = False


Words = list[Word]


class Planted(NamedTuple):
    """The versions, and the words of each section of the last one."""

    versions: Sequence[Manifest]
    last: Mapping[str, Words]


def planted(sections: int, versions: int = 10, words: int = 50, seed: int = _SEED) -> Planted:
    """Plant a history; the same seed plants the same one."""
    revised = Revised(sections, words, random.Random(seed))  # noqa: S311 - the same each time, and no secret
    texts = [revised.manifest()]
    for version in range(1, versions):
        revised.revise(version)
        texts.append(revised.manifest())
    return Planted(texts, revised.sections)


def sentences(words: Sequence[Word]) -> Iterator[Words]:
    """Cut into sentences, which end with a full stop."""
    sentence: Words = []
    for word in words:
        sentence.append(word)
        if word.text.endswith("."):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


class Revised:
    """A text under revision. ``sections`` are in reading order."""

    def __init__(self, sections: int, words: int, chance: random.Random) -> None:
        self._chance = chance
        self._numbers = count()
        self._new_sections = count()
        self._version = 0
        self._struck: list[tuple[str, int, Words]] = []
        self._gone: list[tuple[str, Words]] = []
        self._former: dict[str, list[Words]] = {}
        self._vocabulary = sorted(
            {word.strip(",.").lower() for line in text(100) for word in line.text.split(" ")}
            | {word for phrase in (*WORDS, *CLAUSES) for word in phrase.split(" ")}
        )
        self.sections: dict[str, Words] = {
            line.section: self._written(line.text.split(" ")) for line in lengthy(sections, words)
        }

    def manifest(self) -> Manifest:
        """Give the text as it stands."""
        return tuple(
            Line(section, SectionKind.OPERATIVE, 1, f"OP{number}", " ".join(word.text for word in words))
            for number, (section, words) in enumerate(self.sections.items(), 1)
        )

    def revise(self, version: int) -> None:
        """Let the author of this version go through the text."""
        self._version = version
        struck, gone = self._struck, self._gone
        self._struck, self._gone = [], []
        for section in list(self.sections):
            before = self.sections[section]
            act = self._chance.choices(
                (
                    None,
                    self.reword,
                    self.strike,
                    self.move,
                    self.put_elsewhere,
                    self.strike_section,
                    self.go_back,
                    self.add,
                ),
                (56, 28, 3, 3, 3, 2, 3, 2),
            )[0]
            if act is not None:
                act(section)
                self._former.setdefault(section, []).append(before)
        self._bring_back(struck, gone)

    def reword(self, section: str) -> None:
        """Make one to three edits: words put in, taken out or replaced."""
        words = self.sections[section][:]
        for _ in range(self._chance.randint(1, 3)):
            at = self._chance.randrange(len(words))
            taken = self._chance.choice((0, 0, 1, 2, 4))
            put_in = self._phrase() if taken == 0 or self._chance.random() < 1 / 2 else []
            words[at : at + taken] = put_in
            words = words or self._phrase()
        self.sections[section] = words

    def strike(self, section: str) -> None:
        """Strike a sentence, unless it is the only one."""
        words, at, sentence = self._sentence(section)
        if len(sentence) < len(words):
            self.sections[section] = words[:at] + words[at + len(sentence) :]
            self._struck.append((section, at, sentence))

    def move(self, section: str) -> None:
        """Move a sentence to the end of another section, unless it is the only one of its section."""
        words, at, sentence = self._sentence(section)
        other = self._chance.choice(list(self.sections))
        if len(sentence) < len(words) and other != section:
            self.sections[section] = words[:at] + words[at + len(sentence) :]
            self.sections[other] = self.sections[other] + _travelled(sentence)

    def put_elsewhere(self, section: str) -> None:
        """Put a section in another place."""
        self._place(section, self.sections.pop(section))

    def strike_section(self, section: str) -> None:
        """Strike a section, unless it is the only one."""
        if len(self.sections) > 1:
            self._gone.append((section, self.sections.pop(section)))

    def go_back(self, section: str) -> None:
        """Give a section a former wording of its own again."""
        now = {word.number for word in self.sections[section]}
        for former in self._former.get(section, ()):
            back = [word for word in former if word.number not in now]
            if back and not self._stand(back):
                self.sections[section] = [
                    word if word.number in now else word._replace(travelled=True) for word in former
                ]
                return

    def add(self, section: str) -> None:
        """Add a section at any place."""
        del section
        sentence = [word for _ in range(5) for word in self._phrase()]
        self._place(f"se_new{next(self._new_sections)}", sentence)

    def _bring_back(self, struck: Sequence[tuple[str, int, Words]], gone: Sequence[tuple[str, Words]]) -> None:
        """Bring back half of what earlier versions struck, and keep the rest for later."""
        for section, at, sentence in struck:
            if self._chance.random() < 1 / 2 or section not in self.sections or self._stand(sentence):
                self._struck.append((section, at, sentence))
            else:
                words = self.sections[section]
                self.sections[section] = words[:at] + _travelled(sentence) + words[at:]
        for section, words in gone:
            if self._chance.random() < 1 / 2 or section in self.sections or self._stand(words):
                self._gone.append((section, words))
            else:
                known = section if self._chance.random() < 1 / 2 else f"se_new{next(self._new_sections)}"
                self._place(known, _travelled(words))

    def _sentence(self, section: str) -> tuple[Words, int, Words]:
        """Choose a sentence; gives the section's words, where it begins, and its words."""
        words = self.sections[section]
        at, starts = 0, []
        for sentence in sentences(words):
            starts.append((at, sentence))
            at += len(sentence)
        return words, *self._chance.choice(starts)

    def _stand(self, words: Sequence[Word]) -> bool:
        """Say whether any of the words stands in the text."""
        numbers = {word.number for word in words}
        return any(word.number in numbers for standing in self.sections.values() for word in standing)

    def _place(self, section: str, words: Words) -> None:
        order = list(self.sections.items())
        order.insert(self._chance.randint(0, len(order)), (section, words))
        self.sections = dict(order)

    def _phrase(self) -> Words:
        return self._written(self._chance.sample(self._vocabulary, self._chance.randint(1, _LONGEST)))

    def _written(self, words: Sequence[str]) -> Words:
        return [Word(word, self._version, next(self._numbers)) for word in words]


def _travelled(words: Sequence[Word]) -> Words:
    return [word._replace(travelled=True) for word in words]
