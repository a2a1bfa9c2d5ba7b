from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome.data.csv_file import read_csv_table
from skknn_syndrome.data.judging import JudgedRows, judge_rows
from skknn_syndrome.errors import EmbeddingsFileError


def read(text: str | bytes, columns: Mapping[str, str] | None = None) -> JudgedRows:
    return judge_rows(read_csv_table(text if isinstance(text, bytes) else text.encode(), columns))


def test_rows_are_read_in_order() -> None:
    judged = read("image,syndrome,e1,e0,subject\ni,a,1,0.5,s\nj,b,3,2,t\n")
    assert judged.embeddings.tolist() == [[0.5, 1.0], [2.0, 3.0]]
    assert judged.syndromes.tolist() == ["a", "b"]
    assert judged.subjects is not None
    assert judged.subjects.tolist() == ["s", "t"]
    assert judged.images.tolist() == ["i", "j"]


def test_ids_stay_exactly_as_written() -> None:
    judged = read('syndrome,subject,image,0\n"a, b",007, x ,1\n1.0,"say ""no""","two\nlines",2\n')
    assert judged.syndromes.tolist() == ["a, b", "1.0"]
    assert judged.subjects is not None
    assert judged.subjects.tolist() == ["007", 'say "no"']
    assert judged.images.tolist() == [" x ", "two\nlines"]


def test_images_are_numbered_by_rows_not_by_lines() -> None:
    assert read("syndrome,e0\n\na,1\n\nb,2\n\n").images.tolist() == ["1", "2"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(ending: str) -> None:
    assert read(ending.join(["syndrome,e0", "a,1", "b,2"])).embeddings.tolist() == [[1.0], [2.0]]


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert read("\ufeffsyndrome,e0\nMüller,1\n").syndromes.tolist() == ["Müller"]


def test_a_mapping_names_the_columns() -> None:
    judged = read("label,emb_0,emb_1,age\na,1,2,old\n", {"syndrome": "label", "features": "emb_"})
    assert judged.embeddings.tolist() == [[1.0, 2.0]]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_numbers_written_in_full_come_back_bit_by_bit(numbers: list[float]) -> None:
    header = ",".join(f"e{position}" for position in range(len(numbers)))
    judged = read(f"syndrome,{header}\na,{','.join(map(repr, numbers))}\n")
    assert list(map(repr, judged.embeddings[0].tolist())) == list(map(repr, numbers))


@pytest.mark.parametrize(
    "row,reason,place",
    [
        ("a,1", "wrong_length", "line 3): it has 2 cells, but the header 3, from column 'e1' on"),
        ("a,1,2,3", "wrong_length", "line 3): it has 4 cells, but the header 3;"),
        ("a,1,x", "not_numeric", "line 3, syndrome 'a'): column 'e1' is text"),
        ("a,1_0,2", "not_numeric", "line 3, syndrome 'a'): column 'e0' is text"),
        ("a,\u0661,2", "not_numeric", "line 3, syndrome 'a'): column 'e0' is text"),
        ("a,1,NA", "not_numeric", "column 'e1' is text"),
        ("a,,2", "missing_vector", "line 3, syndrome 'a'): column 'e0' is missing"),
        ("a, ,2", "missing_vector", "column 'e0' is missing"),
        ("a,1,nan", "not_finite", "column 'e1' is NaN or infinite"),
        ("a,1,1e999", "not_finite", "column 'e1' is NaN or infinite"),
        (",1,2", "empty_id", "line 3, syndrome ''): its syndrome id is empty"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_column(row: str, reason: str, place: str) -> None:
    judged = read(f"syndrome,e0,e1\nb,1,2\n{row}\n")
    assert judged.refused[0].row == 2
    assert judged.refused[0].reason == reason
    assert place in judged.refused[0].message


def test_a_line_is_counted_where_its_row_begins() -> None:
    judged = read('syndrome,subject,e0\na,"s\ns",1\n\nb,t,x\n')
    assert [row.line for row in judged.refused] == [5]


def test_a_row_with_shifted_cells_quotes_none_of_them() -> None:
    judged = read("syndrome,subject,e0\na,s,1\nPatient Name,1\n")
    assert "Patient" not in judged.refused[0].model_dump_json()


@pytest.mark.parametrize(
    "content,message",
    [
        ("\n\n", "there is no column 'syndrome', only nothing"),
        ("syndrome,e0\n", "it holds no rows"),
        ("syndrome;e0\na;1\n", "the cells of its header are not separated by commas"),
        ("syndrome\te0\na\t1\n", "the cells of its header are not separated by commas"),
        (b"syndrome,e0\na,1\ncaf\xe9,2\n", "line 3 is not UTF-8; save the file as UTF-8"),
        ("syndrome,e0\n".encode("utf-16"), "line 1 is not UTF-8"),
        (
            'syndrome,e0\na,1\n\n"b,2\n',
            r"line 4 can't be taken apart \(unexpected end of data\); check its quotation",
        ),
        (f"syndrome,e0\n{'a' * 200_000},1\n", r"line 2 can't be taken apart \(field larger than field limit"),
        ('syndrome,e0\n"a"b,1\n', "line 2 can't be taken apart"),
    ],
)
def test_text_that_is_no_table_is_an_error(content: str | bytes, message: str) -> None:
    with pytest.raises(EmbeddingsFileError, match=message):
        read(content)


@given(st.text(st.sampled_from('syndrome,e0\n"a1;\r \ufeff'), max_size=40))
def test_whatever_the_text_is_it_is_read_or_refused(text: str) -> None:
    try:
        judged = read(f"syndrome,e0\n{text}")
    except EmbeddingsFileError:
        return
    assert len(judged.images) + len(judged.refused) == judged.n_rows


def test_a_file_of_nothing_but_short_lines_is_refused_unread() -> None:
    with pytest.raises(EmbeddingsFileError, match="it claims 300,001 rows that would take 286 MiB"):
        read_csv_table(b"syndrome,e0\n" + b"a\n" * 300_000, None)
