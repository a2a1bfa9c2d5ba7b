"""The objects that a stream may use again."""

from skknn_syndrome.data.unpickling.arrays import PickledArray
from skknn_syndrome.data.unpickling.refusal import Refusal
from skknn_syndrome.data.unpickling.values import Arguments, Branch

_CONTAINER = object()


class Memo:
    """Numbered places for strings, bytes, names, dtypes and arrays; containers only take up a place.

    Parameters
    ----------
    max_entries : int
        How many places there are.
    """

    def __init__(self, max_entries: int) -> None:
        self._max_entries = max_entries
        self._places: dict[int, object] = {}

    def __len__(self) -> int:
        """Count the places taken."""
        return len(self._places)

    def store(self, index: int, value: object) -> None:
        """Put a value into a free place.

        Raises
        ------
        Refusal
            If the place is taken or does not exist.
        """
        if index < 0 or index in self._places:
            message = f"stores at place {index} of the memo, which is taken or does not exist"
            raise Refusal(message)
        if len(self._places) >= self._max_entries:
            message = f"remembers more than {self._max_entries} objects"
            raise Refusal(message)
        self._places[index] = _CONTAINER if isinstance(value, Branch | Arguments) else value

    def fetch(self, index: int) -> object:
        """Read what a place holds, once it is finished.

        Raises
        ------
        Refusal
            If nothing was stored there, or an array still to be built, or a container.
        """
        value = self._places.get(index, self)
        if value is self:
            message = f"asks for place {index} of the memo, where nothing was stored"
            raise Refusal(message)
        if value is _CONTAINER:
            message = (
                "puts one dictionary, list or tuple in two places or within itself; write the pickle again "
                "with a copy in each place"
            )
            raise Refusal(message)
        return value.finished if isinstance(value, PickledArray) else value
