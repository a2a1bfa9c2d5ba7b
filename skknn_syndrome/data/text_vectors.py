"""Vectors as text in a cell: a list as JSON has it, or as NumPy prints it."""

from skknn_syndrome.errors import EmbeddingsFileError


def is_text_vector(cell: str) -> bool:
    """Tell whether a cell is in brackets, as vectors are when they become text.

    Examples
    --------
    >>> is_text_vector("[0.1, 0.2]"), is_text_vector("0.1")
    (True, False)
    """
    text = cell.strip()
    return text.startswith("[") and text.endswith("]")


def read_text_vector(cell: str, place: str) -> list[float | str | None] | str | None:
    r"""Return the numbers of a vector that is text.

    Parameters
    ----------
    cell : str
        `[0.1, 0.2]`, or `[0.1 0.2\n 0.3]` as NumPy prints a vector; the brackets may be doubled, for a matrix
        of one row.
    place : str
        Where it is, such as "line 2", for the sentence.

    Returns
    -------
    list, str or None
        Numbers, or the text of what is none; the cell itself if it is no vector, and None if it is blank.

    Raises
    ------
    EmbeddingsFileError
        If NumPy has left values out when it printed the vector.

    Examples
    --------
    >>> read_text_vector("[0.1, 0.2]", "line 2"), read_text_vector("[[0.1 0.2\n  3.]]", "line 3")
    ([0.1, 0.2], [0.1, 0.2, 3.0])
    """
    if not cell or cell.isspace():
        return None
    if "..." in cell:
        raise EmbeddingsFileError(
            f"the vector in {place} is shortened ('...'), and its values are lost: save the table again "
            "as Parquet, or with numpy.set_printoptions(threshold=sys.maxsize)"
        )
    text = cell.strip()
    while is_text_vector(text):
        text = text[1:-1].strip()
    if "[" in text or "]" in text or not is_text_vector(cell):
        return cell
    return [read_number(part) for part in (text.split(",") if "," in text else text.split())]


def read_number(cell: str) -> float | str | None:
    """Return the number in a cell, its text if it is none, and None if it is blank.

    Examples
    --------
    >>> read_number(" 0.5"), read_number("x"), read_number(" ")
    (0.5, 'x', None)
    """
    if not cell or cell.isspace():
        return None
    if "_" in cell or not cell.isascii():
        return cell  # float() would read 1_000 and digits of other scripts
    try:
        return float(cell)
    except ValueError:
        return cell
