"""Phylogenetic trees as text: Newick and NEXUS."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import dropwhile
from typing import NamedTuple

from skknn_syndrome._limits import check_count
from skknn_syndrome.data.identities import MAX_ID_LENGTH
from skknn_syndrome.data.rooted_tree import GrowingTree, Tree, reference_error
from skknn_syndrome.errors import ReferenceDistancesError, quote
from skknn_syndrome.wording import counted

MOST_CHARACTERS = 2**26
"""Of a tree as text: 10,000 tips take 1 MB, with an annotation at each node 10 MB."""
_TREES_BLOCK = re.compile(r"\bbegin\s+trees\s*;", re.IGNORECASE)
_WORD = re.compile(r"'(?P<quoted>[^']*(?:''[^']*)*)'|(?P<mark>[(),:;])|(?P<plain>[^\s()\[\]':;,]+)")
_BLANK = re.compile(r"\s*")
_BRACKET = re.compile(r"[\[\]]")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


def read_newick(text: str) -> Tree:
    """Read a tree in Newick format.

    Names keep their underscores, since those of classes have them too. Comments in brackets are passed over.

    Parameters
    ----------
    text : str
        One tree.

    Returns
    -------
    Tree
        Its tips in the order of the text.

    Raises
    ------
    ReferenceDistancesError
        With the place of what can't be read; or if a tip has no name, or two have the same.

    Examples
    --------
    >>> read_newick("('Papilio machaon':0.5,Papilio_xuthus[&rate=1]:1e-1)Papilio;").tip_names
    ('Papilio machaon', 'Papilio_xuthus')
    """
    return _checked(_grow(_words(text), text))


def read_nexus(text: str) -> Tree:
    """Read the tree of a NEXUS file, with the names that its table of translations gives.

    Parameters
    ----------
    text : str
        With a block TREES that holds one tree.

    Returns
    -------
    Tree

    Raises
    ------
    ReferenceDistancesError
        As `read_newick`; or if there is no such block, or more than one tree.

    Examples
    --------
    >>> read_nexus("#NEXUS begin trees; translate 1 Unio, 2 Pinna; tree a = [&R] (1:1,2:1); end;").tip_names
    ('Unio', 'Pinna')
    """
    block = _TREES_BLOCK.search(text)
    if block is None:
        raise reference_error("no_tree", "it has no block TREES ('begin trees;')")
    names: Mapping[str, str] = {}
    tree: Tree | None = None
    for command in _commands(text, block.end()):
        verb = command[0].text.casefold()
        if verb in {"end", "endblock"}:
            break
        if verb == "translate":
            names = _translations(command[1:])
        elif verb in {"tree", "utree"}:
            if tree is not None:
                raise _several_trees()
            tree = _grow(dropwhile(lambda word: word.mark != "(", command), text)
    if tree is None:
        raise reference_error("no_tree", "its block TREES has no tree")
    tips = {*tree.tips.tolist()}
    named = (names.get(name, name) if node in tips else name for node, name in enumerate(tree.names))
    return _checked(replace(tree, names=tuple(named)))


class _Word(NamedTuple):
    """A piece of the text."""

    text: str
    place: int
    mark: str = ""
    """Itself, where it is punctuation."""
    quoted: bool = False


def _words(text: str, place: int = 0) -> Iterator[_Word]:
    check_count(len(text), MOST_CHARACTERS, "characters of a tree")
    while (place := _after_blank(text, place)) < len(text):
        found = _WORD.match(text, place)
        if found is None:
            # A closing bracket of no comment, or an apostrophe.
            raise _at(
                text,
                place,
                f"{quote(text[place])} has no counterpart; a name with such a character stands in quotation "
                "marks, and an apostrophe in it is doubled: 'O''Hara'",
                "open_quote",
            )
        quoted, mark, plain = found.groups()
        is_quoted = quoted is not None
        word = quoted.replace("''", "'") if is_quoted else mark or plain
        yield _Word(word, place, mark or "", is_quoted)
        place = found.end()


def _after_blank(text: str, place: int) -> int:
    """Return where the next word begins, behind blanks and comments, which may be nested."""
    while (start := _blank_end(text, place)) < len(text) and text[start] == "[":
        depth = 0
        for bracket in _BRACKET.finditer(text, start):
            depth += 1 if bracket.group() == "[" else -1
            if not depth:
                place = bracket.end()
                break
        else:
            raise _at(text, start, "a comment is opened and not closed", "open_comment")
    return start


def _blank_end(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return place if found is None else found.end()


def _commands(text: str, start: int) -> Iterator[list[_Word]]:
    """Yield what stands between semicolons."""
    command: list[_Word] = []
    for word in _words(text, start):
        if word.mark != ";":
            command.append(word)
        elif command:
            yield command
            command = []


def _translations(words: Iterable[_Word]) -> dict[str, str]:
    """Return names by what stands for them in the tree."""
    names: dict[str, str] = {}
    entry: list[str] = []
    for word in (*words, _Word(",", 0, ",")):
        if word.mark != ",":
            entry.append(word.text)
        elif entry:
            names[entry[0]] = " ".join(entry[1:])
            entry = []
    return names


_NEW, _CLOSED, _NAMED, _QUOTED, _BEFORE_LENGTH, _MEASURED, _ENDED = range(7)
"""How much of a node was read: nothing, its children, an unquoted or quoted name, a colon, all of it; or the
whole tree."""


class _NewickReader:
    """What was read of a tree, and the node that is being read: brackets are not followed by recursion."""

    def __init__(self) -> None:
        self.grown = GrowingTree()
        self.node = self.grown.add(-1)
        self.stage = _NEW

    def take(self, word: _Word) -> bool:
        """Take the next word; say whether it can stand there."""
        if self.stage == _BEFORE_LENGTH:
            return self._take_length(word.text)
        if word.mark:
            return self._take_mark(word.mark)
        return self._take_name(word)

    def _take_length(self, text: str) -> bool:
        self.grown.length[self.node] = float(text) if _NUMBER.fullmatch(text) else math.inf
        self.stage = _MEASURED
        return math.isfinite(self.grown.length[self.node])

    def _take_mark(self, mark: str) -> bool:
        above = self.grown.parent[self.node]
        if mark == "(" and self.stage == _NEW:
            self.node = self.grown.add(self.node)
        elif mark == ":" and self.stage < _BEFORE_LENGTH:
            self.stage = _BEFORE_LENGTH
        elif mark == "," and above >= 0:
            self.node, self.stage = self.grown.add(above), _NEW
        elif mark == ")" and above >= 0:
            self.node, self.stage = above, _CLOSED
        elif mark == ";" and above < 0:
            self.stage = _ENDED
        else:
            return False
        return True

    def _take_name(self, word: _Word) -> bool:
        names = self.grown.names
        if self.stage in {_NEW, _CLOSED}:
            names[self.node] = word.text
            self.stage = _QUOTED if word.quoted else _NAMED
            return True
        # Names with blanks should be quoted, and often are not.
        names[self.node] += f" {word.text}"
        return self.stage == _NAMED and not word.quoted and len(names[self.node]) <= MAX_ID_LENGTH


def _grow(words: Iterable[_Word], text: str) -> Tree:
    reader = _NewickReader()
    for word in words:
        if reader.stage == _ENDED:
            raise _several_trees()
        if not reader.take(word):
            raise _at(text, word.place, f"{quote(word.text)} can't stand there", "invalid_newick")
    n_open = 0
    node = reader.node
    while (node := reader.grown.parent[node]) >= 0:
        n_open += 1
    if n_open:
        raise reference_error(
            "unbalanced_brackets", f"its tree ends within {counted(n_open, 'open bracket')}"
        )
    if reader.stage in {_NEW, _BEFORE_LENGTH}:
        raise reference_error("no_tree", "it holds no tree")
    return reader.grown.tree()


def _checked(tree: Tree) -> Tree:
    """Refuse tips that can't be told apart."""
    names = tree.tip_names
    if "" in names:
        raise reference_error(
            "no_name", f"tip {names.index('') + 1:,} of the tree's {len(names):,} has no name"
        )
    name, number = Counter(names).most_common(1)[0]
    if number > 1:
        raise reference_error("repeated_name", f"{number:,} tips are called {quote(name)}")
    return tree


def _several_trees() -> ReferenceDistancesError:
    return reference_error(
        "several_trees", "it holds more than one tree: keep one, such as the maximum clade credibility tree"
    )


def _at(text: str, place: int, sentence: str, code: str) -> ReferenceDistancesError:
    line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
    return reference_error(code, f"line {line:,}, character {column:,}: {sentence}")
