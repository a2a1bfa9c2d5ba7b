"""The bytes that a stream may yet turn into arrays."""

from skknn_syndrome.data.unpickling.refusal import Refusal


class Budget:
    """Twice the bytes of the stream, spent by every array and by every text that is turned into bytes.

    Honest streams carry the bytes of each array once, and in protocols 0 to 2 as text. So they stay within
    it, while a stream that builds array after array from one remembered buffer does not.

    Parameters
    ----------
    stream_bytes : int
        Length of the stream.
    largest_array : int
        The largest number of bytes that one shape may span.
    """

    __slots__ = ("_left", "largest_array")

    def __init__(self, stream_bytes: int, largest_array: int) -> None:
        self._left = 2 * stream_bytes
        self.largest_array = largest_array

    def spend(self, n_bytes: int) -> None:
        """Take bytes off the budget.

        Raises
        ------
        Refusal
            If fewer are left.
        """
        if n_bytes > self._left:
            message = "builds more bytes than the stream holds, from parts used again and again"
            raise Refusal(message)
        self._left -= n_bytes
