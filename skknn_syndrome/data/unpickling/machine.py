"""The stack on which a stream builds its data."""

from skknn_syndrome.data.unpickling.budget import Budget
from skknn_syndrome.data.unpickling.limits import PickleLimits
from skknn_syndrome.data.unpickling.memo import Memo
from skknn_syndrome.data.unpickling.refusal import Refusal
from skknn_syndrome.data.unpickling.values import Arguments, Branch, Container, adopt, are_data, leaf

_MARKS_BESIDE_CONTAINERS = 2  # the state of an array, and in it a shape or the state of a dtype


class Machine:
    """What a stream has built so far.

    Parameters
    ----------
    stream_bytes : int
        Length of the stream.
    limits : PickleLimits
        How much it may ask for.

    Attributes
    ----------
    memo : Memo
        Values that may be used again.
    budget : Budget
        Bytes that may yet become arrays.
    result : object
        What the stream left at its end; None before.
    """

    def __init__(self, stream_bytes: int, limits: PickleLimits) -> None:
        self.limits = limits
        self.memo = Memo(limits.memo_entries)
        self.budget = Budget(stream_bytes, limits.stream_bytes)
        self.result: object = None
        self._stack: list[object] = []
        self._below: list[list[object]] = []
        self._containers = 0

    def push(self, value: object) -> None:
        """Put a value onto the stack."""
        self._stack.append(value)

    def top(self) -> object:
        """Look at the topmost value."""
        if not self._stack:
            message = "finds no value to work on"
            raise Refusal(message)
        return self._stack[-1]

    def pop_last(self, n: int) -> list[object]:
        """Take the topmost values off the stack, the lowest first."""
        if len(self._stack) < n:
            message = "finds too few values to work on"
            raise Refusal(message)
        values = self._stack[-n:]
        del self._stack[-n:]
        return values

    def pop(self) -> object:
        """Take the topmost value off the stack."""
        value = self.top()
        del self._stack[-1]
        return value

    def mark(self) -> None:
        """Begin a new stack above the present one."""
        if len(self._below) >= self.limits.depth + _MARKS_BESIDE_CONTAINERS:
            message = f"nests data more than {self.limits.depth} levels deep"
            raise Refusal(message)
        self._below.append(self._stack)
        self._stack = []

    def pop_to_mark(self) -> list[object]:
        """Take the last mark and all values above it off the stack."""
        if not self._below:
            message = "finds no mark to go back to"
            raise Refusal(message)
        values = self._stack
        self._stack = self._below.pop()
        return values

    def pop_arguments(self) -> tuple[object, ...]:
        """Take the tuple of a call or a state off the stack."""
        match self.pop():
            case Arguments(values=values) | Branch(value=tuple() as values):
                return values
        message = "finds no tuple for its call or state"
        raise Refusal(message)

    def finish(self) -> None:
        """Take the one value that a finished stream leaves as the result."""
        if self._below or len(self._stack) != 1:
            message = "ends a stream that does not leave exactly one value"
            raise Refusal(message)
        value = self.pop()
        self.result = value.value if isinstance(value, Branch) else leaf(value, self.limits)

    def push_branch(self, value: Container) -> Branch:
        """Put a new container onto the stack."""
        self._count_container()
        branch = Branch(value)
        self.push(branch)
        return branch

    def push_tuple(self, values: list[object]) -> None:
        """Put a tuple onto the stack: of data, or of the arguments of a call."""
        if are_data(values):
            branch = self.push_branch(())
            branch.value = tuple(adopt(branch, values, self.limits))
        else:
            self._count_container()
            self.push(Arguments(values))

    def _count_container(self) -> None:
        self._containers += 1
        if self._containers > self.limits.containers:
            message = f"builds more than {self.limits.containers} dictionaries, lists and tuples"
            raise Refusal(message)
