"""Delimited text: CSV, TSV and the like."""

import csv
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome import _limits
from skknn_syndrome.data import delimited
from skknn_syndrome.data.delimited import check_lines, read_csv_table
from skknn_syndrome.data.validation import ValidatedRows, validate_rows
from skknn_syndrome.errors import ColumnsError, EmbeddingsFileError
from tests.refusing import refused


def read(text: str | bytes, columns: Mapping[str, str] | None = None) -> ValidatedRows:
    return validate_rows(read_csv_table(text if isinstance(text, bytes) else text.encode(), columns))


def test_rows_are_read_in_order() -> None:
    valid = read("image,syndrome,e1,e0,subject\ni,a,1,0.5,s\nj,b,3,2,t\n")
    assert valid.embeddings.tolist() == [[0.5, 1.0], [2.0, 3.0]]
    assert valid.syndromes.tolist() == ["a", "b"]
    assert valid.subjects is not None
    assert valid.subjects.tolist() == ["s", "t"]
    assert valid.images.tolist() == ["i", "j"]


def test_ids_stay_exactly_as_written() -> None:
    valid = read('syndrome,subject,image,0\n"a, b",007, x ,1\n1.0,"say ""no""","two\nlines",2\n')
    assert valid.syndromes.tolist() == ["a, b", "1.0"]
    assert valid.subjects is not None
    assert valid.subjects.tolist() == ["007", 'say "no"']
    assert valid.images.tolist() == [" x ", "two\nlines"]


def test_images_are_numbered_by_rows_not_by_lines() -> None:
    assert read("syndrome,e0\n\na,1\n\nb,2\n\n").images.tolist() == ["1", "2"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(ending: str) -> None:
    assert read(ending.join(["syndrome,e0", "a,1", "b,2"])).embeddings.tolist() == [[1.0], [2.0]]


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert read("\ufeffsyndrome,e0\nMüller,1\n").syndromes.tolist() == ["Müller"]


def test_a_mapping_names_the_columns() -> None:
    valid = read("label,emb_0,emb_1,age\na,1,2,old\n", {"syndrome": "label", "features": "emb_"})
    assert valid.embeddings.tolist() == [[1.0, 2.0]]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_numbers_written_in_full_come_back_bit_by_bit(numbers: list[float]) -> None:
    header = ",".join(f"e{position}" for position in range(len(numbers)))
    valid = read(f"syndrome,{header}\na,{','.join(map(repr, numbers))}\n")
    assert list(map(repr, valid.embeddings[0].tolist())) == list(map(repr, numbers))


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
    valid = read(f"syndrome,e0,e1\nb,1,2\n{row}\n")
    assert valid.refused[0].row == 2
    assert valid.refused[0].reason == reason
    assert place in valid.refused[0].message


def test_a_line_is_counted_where_its_row_begins() -> None:
    valid = read('syndrome,subject,e0\na,"s\ns",1\n\nb,t,x\n')
    assert [row.line for row in valid.refused] == [5]


def test_a_row_with_shifted_cells_quotes_none_of_them() -> None:
    valid = read("syndrome,subject,e0\na,s,1\nPatient Name,1\n")
    assert "Patient" not in valid.refused[0].model_dump_json()


@pytest.mark.parametrize(
    "content,code,words",
    [
        ("syndrome,e0\n", "no_rows", ""),
        ("syndrome;e0\na;0,5\n", "decimal_commas", "decimal points"),
        ("syndrome\te0\te1\na\t0\t0,5\n", "decimal_commas", "decimal points"),
        (b"syndrome,e0\na,1\ncaf\xe9,2\n", "not_utf8", "line 3"),
        ("syndrome,e0\n".encode("utf-16"), "not_utf8", "line 1"),
        ('syndrome,e0\na,1\n\n"b,2\n', "broken_quotes", "line 4"),
        ('syndrome,e0\n"a"b,1\n', "broken_quotes", "line 2"),
    ],
)
def test_text_that_is_no_table_is_an_error_with_its_line(content: str | bytes, code: str, words: str) -> None:
    with refused(code) as caught:
        read(content)
    assert words in str(caught.value)


def test_an_empty_header_has_no_labels() -> None:
    with pytest.raises(ColumnsError) as caught:
        read("\n\n")
    assert "no_labels" in caught.value.codes


@given(st.text(st.sampled_from('syndrome,e0\n"a1;\r \ufeff'), max_size=40))
def test_whatever_the_text_is_it_is_read_or_refused(text: str) -> None:
    try:
        valid = read(f"syndrome,e0\n{text}")
    except EmbeddingsFileError:
        return
    assert len(valid.images) + len(valid.refused) == valid.n_rows


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_cells_may_be_separated_otherwise(delimiter: str) -> None:
    text = "syndrome,image,e0,e1\na,i,1,2\n".replace(",", delimiter)
    assert read(text).embeddings.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize(
    "cell",
    ["[0.5, 1.0, -2e1]", "[0.5 1.\n -20. ]", " [ 0.5,1,-20 ] ", "[[0.5 1. -20.]]"],
    ids=["json", "numpy", "spaces", "matrix of one row"],
)
def test_a_vector_may_be_text(cell: str) -> None:
    valid = read(f'syndrome,embedding\na,"{cell}"\n')
    assert valid.embeddings.tolist() == [[0.5, 1.0, -20.0]]
    assert valid.embeddings.dtype == "float64"


@pytest.mark.parametrize(
    "cell,reason",
    [
        ("", "missing_vector"),
        ("0.5 1", "not_numeric"),
        ("[[1 2] [3 4]]", "not_numeric"),
        ("[1, null]", "not_numeric"),
        ("[1, nan]", "not_finite"),
        ("[]", "wrong_length"),
        ("[1,]", "missing_vector"),
        ("[1]", "wrong_length"),
    ],
)
def test_a_row_whose_text_is_no_vector_is_refused(cell: str, reason: str) -> None:
    valid = read(f'syndrome,embedding\na,"[1, 2]"\nb,"[3, 4]"\nc,"{cell}"\n')
    assert [(row.row, row.line, row.reason) for row in valid.refused] == [(3, 4, reason)]


def test_a_vector_that_numpy_has_shortened_is_refused_with_the_reason() -> None:
    with refused("shortened_vector") as caught:
        read('syndrome,embedding\na,"[0.1 0.2 ... 0.9]"\n')
    assert "line 2" in str(caught.value)


def test_columns_of_vectors_are_known_though_their_first_cells_are_blank() -> None:
    valid = read('syndrome,v\na,\nb\nc,"[1, 2]"\n', {"features": "v"})
    assert valid.embeddings.tolist() == [[1.0, 2.0]]


def test_a_vector_may_be_longer_than_csv_allows_a_cell() -> None:
    usual = csv.field_size_limit()
    vector = [0.125 + number for number in range(20_000)]
    valid = read(f'syndrome,embedding\na,"{vector}"\n')
    assert valid.embeddings.tolist() == [vector]
    assert csv.field_size_limit() == usual


def test_a_cell_has_its_limit_and_that_of_other_code_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = csv.field_size_limit()
    monkeypatch.setattr(delimited, "_MOST_CHARACTERS", 100)
    with refused("broken_quotes"):
        read(f"syndrome,e0\n{'a' * 101},1\n")
    assert csv.field_size_limit() == usual


def test_an_id_in_brackets_is_no_vector() -> None:
    assert read("syndrome,e0\n[A],1\n").syndromes.tolist() == ["[A]"]


def test_whole_numbers_that_pandas_made_floats_are_integers_again() -> None:
    valid = read("syndrome,subject,image,e0\n1.0,939.0,7.0,1\n2.0,12.0,8.0,2\n")
    assert valid.syndromes.tolist() == ["1", "2"]
    assert valid.images.tolist() == ["7", "8"]
    assert valid.subjects is not None
    assert valid.subjects.tolist() == ["939", "12"]


def test_columns_numbered_without_a_prefix_are_features_beside_others() -> None:
    text = "label,split,1,0,2\na,train,2,1,3\n"
    assert read(text, {"syndrome": "label", "features": "0"}).embeddings.tolist() == [[1.0, 2.0, 3.0]]


def test_values_are_looked_at_for_subject_ids() -> None:
    rows = "".join(f"{'ab'[row // 20]},p{row // 2},{row}\n" for row in range(40))
    layout = read_csv_table(f"syndrome,who,e0\n{rows}".encode(), {"features": "e"}).layout
    assert layout is not None
    assert layout.suspect is not None
    assert layout.suspect.name == "who"


def test_of_a_large_table_only_names_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_VALUES_OF_IDS", 10)
    rows = "".join(f"{'ab'[row // 20]},p{row // 2},{row}\n" for row in range(40))
    layout = read_csv_table(f"syndrome,who,e0\n{rows}".encode(), {"features": "e"}).layout
    assert layout is not None
    assert (layout.unread, layout.suspect) == (("who",), None)
    assert layout.unexamined == ("who",)


def test_an_index_is_known_in_a_large_table_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_VALUES_OF_IDS", 1)
    layout = read_csv_table(b"index,syndrome,e0\n0,a,1\n1,b,2\n", None).layout
    assert layout is not None
    assert (layout.indexes, layout.unexamined) == (("index",), ())


def test_ids_may_not_take_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_limits, "MAX_UNPACKED_BYTES", 1000)
    with refused("too_much_memory"):
        read("syndrome,e0\n" + "a,1\n" * 3)


def test_gestaltmatchers_export_is_understood_once_it_has_labels() -> None:
    header = "img_name;model;flip;gray;class_conf;representations\n"
    rows = [
        f"{image}.jpg;m{model};{flip};{gray};[0.1, 0.9];[{image}.0, {model}.0, {flip}.5]"
        for image in range(3)
        for model in range(3)
        for flip in (0, 1)
        for gray in (0, 1)
    ]
    with pytest.raises(ColumnsError) as caught:
        read(header + "\n".join(rows) + "\n")
    assert "no_labels" in caught.value.codes
    assert caught.value.average_rows
    proposed = caught.value.columns
    assert proposed == {"syndrome": "...", "image": "img_name", "features": "representations"}
    labelled = f"label;{header}" + "\n".join(f"{'aab'[int(row[0])]};{row}" for row in rows) + "\n"
    table = read_csv_table(labelled.encode(), {**proposed, "syndrome": "label"})
    valid = validate_rows(table, average_rows=True)
    assert valid.embeddings.tolist() == [[0.0, 1.0, 1.0], [1.0, 1.0, 1.0], [2.0, 1.0, 1.0]]
    assert valid.n_merged == 33


def test_a_file_of_nothing_but_short_lines_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_limits, "FREE_TEXT_BYTES", 1_000_000)
    with refused("too_much_memory"):
        read_csv_table(b"syndrome,e0\n" + b"a\n" * 3000, None)


def test_a_header_of_one_column_is_told_by_what_may_separate_cells() -> None:
    with refused("one_column") as caught:
        read_csv_table(b"syndrome e0\nNoonan 1\n", {"syndrome": "syndrome e0"})
    assert not isinstance(caught.value, ColumnsError)


@pytest.mark.parametrize("columns", [{}, {"features": "emb_"}, {"features": "emb"}])
def test_decimal_commas_are_told_at_once_with_the_columns_to_name(columns: dict[str, str]) -> None:
    content = b"label;emb_0;emb_1\na;0,5;1,5\n"
    with pytest.raises(ColumnsError) as caught:
        read_csv_table(content, columns)
    assert caught.value.codes[0] == "decimal_commas"
    assert caught.value.columns["syndrome"] == "label"
    with pytest.raises(ColumnsError) as caught:
        read_csv_table(content.replace(b",", b"."), columns)
    assert "decimal_commas" not in caught.value.codes


HEADER = b"syndrome,e0\n"


@pytest.mark.parametrize(
    "lines",
    [
        HEADER + b"a,0.5\n" * 10,
        HEADER + b"a,\n" * 260_000,  # few enough, whatever they hold
        HEADER + b"Noonan,0.25\r\n" * 300_000,
        b"",
        b"syndrome,e0",
        b"a" * 1_000_000,
    ],
)
def test_lines_of_text_pass(lines: bytes) -> None:
    check_lines(lines)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_many_short_lines_are_refused_before_they_are_taken_apart(
    end: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_limits, "FREE_TEXT_BYTES", 1_000_000)
    with refused("too_much_memory"):
        check_lines(HEADER + b"," + end + (b"a" + end) * 3000)


@pytest.mark.parametrize("separator", [b",", b";", b"\t", b"|"])
def test_many_columns_are_refused_before_they_are_named(separator: bytes) -> None:
    line = separator * 100_000
    for end in (b"", b"\n", b"\r\n"):
        with refused("too_many"):
            check_lines(line + end)
    check_lines(line[1:])
