import csv
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome import _limits
from skknn_syndrome.data import csv_file
from skknn_syndrome.data.csv_file import read_csv_table
from skknn_syndrome.data.judging import JudgedRows, judge_rows
from skknn_syndrome.errors import ColumnsError, EmbeddingsFileError


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
        ("\n\n", "there is no column 'syndrome' and none that looks like labels, only nothing"),
        ("syndrome,e0\n", "it holds no rows"),
        ("syndrome;e0\na;0,5\n", "its numbers have decimal commas: save them with decimal points"),
        ("syndrome\te0\te1\na\t0\t0,5\n", "its numbers have decimal commas"),
        (b"syndrome,e0\na,1\ncaf\xe9,2\n", "line 3 is not UTF-8; save the file as UTF-8"),
        ("syndrome,e0\n".encode("utf-16"), "line 1 is not UTF-8"),
        (
            'syndrome,e0\na,1\n\n"b,2\n',
            r"line 4 can't be taken apart \(unexpected end of data\); check its quotation",
        ),
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
    judged = read(f'syndrome,embedding\na,"{cell}"\n')
    assert judged.embeddings.tolist() == [[0.5, 1.0, -20.0]]
    assert judged.embeddings.dtype == "float64"


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
    judged = read(f'syndrome,embedding\na,"[1, 2]"\nb,"[3, 4]"\nc,"{cell}"\n')
    assert [(row.row, row.line, row.reason) for row in judged.refused] == [(3, 4, reason)]


def test_a_vector_that_numpy_has_shortened_is_refused_with_the_reason() -> None:
    with pytest.raises(EmbeddingsFileError, match=r"the vector in line 2 is shortened .*set_printoptions"):
        read('syndrome,embedding\na,"[0.1 0.2 ... 0.9]"\n')


def test_columns_of_vectors_are_known_though_their_first_cells_are_blank() -> None:
    judged = read('syndrome,v\na,\nb\nc,"[1, 2]"\n', {"features": "v"})
    assert judged.embeddings.tolist() == [[1.0, 2.0]]


def test_a_vector_may_be_longer_than_csv_allows_a_cell() -> None:
    usual = csv.field_size_limit()
    vector = [0.125 + number for number in range(20_000)]
    judged = read(f'syndrome,embedding\na,"{vector}"\n')
    assert judged.embeddings.tolist() == [vector]
    assert csv.field_size_limit() == usual


def test_a_cell_has_its_limit_and_that_of_other_code_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = csv.field_size_limit()
    monkeypatch.setattr(csv_file, "_MOST_CHARACTERS", 100)
    with pytest.raises(EmbeddingsFileError, match=r"line 2 can't be taken apart \(field larger than"):
        read(f"syndrome,e0\n{'a' * 101},1\n")
    assert csv.field_size_limit() == usual


def test_an_id_in_brackets_is_no_vector() -> None:
    assert read("syndrome,e0\n[A],1\n").syndromes.tolist() == ["[A]"]


def test_whole_numbers_that_pandas_made_floats_are_integers_again() -> None:
    judged = read("syndrome,subject,image,e0\n1.0,939.0,7.0,1\n2.0,12.0,8.0,2\n")
    assert judged.syndromes.tolist() == ["1", "2"]
    assert judged.images.tolist() == ["7", "8"]
    assert judged.subjects is not None
    assert judged.subjects.tolist() == ["939", "12"]


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
    monkeypatch.setattr(csv_file, "MAX_VALUES_OF_IDS", 10)
    rows = "".join(f"{'ab'[row // 20]},p{row // 2},{row}\n" for row in range(40))
    layout = read_csv_table(f"syndrome,who,e0\n{rows}".encode(), {"features": "e"}).layout
    assert layout is not None
    assert (layout.unread, layout.suspect) == (("who",), None)
    assert layout.unexamined == ("who",)


def test_an_index_is_known_in_a_large_table_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "MAX_VALUES_OF_IDS", 1)
    layout = read_csv_table(b"index,syndrome,e0\n0,a,1\n1,b,2\n", None).layout
    assert layout is not None
    assert (layout.indexes, layout.unexamined) == (("index",), ())


def test_ids_may_not_take_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_limits, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(EmbeddingsFileError, match="its rows would take more than"):
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
    judged = judge_rows(table, average_rows=True)
    assert judged.embeddings.tolist() == [[0.0, 1.0, 1.0], [1.0, 1.0, 1.0], [2.0, 1.0, 1.0]]
    assert judged.n_merged == 33


def test_a_file_of_nothing_but_short_lines_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_limits, "FREE_TEXT_BYTES", 1_000_000)
    with pytest.raises(EmbeddingsFileError, match="it claims 3,001 rows that would take 2 MiB"):
        read_csv_table(b"syndrome,e0\n" + b"a\n" * 3000, None)


def test_a_header_of_one_column_is_told_by_what_may_separate_cells() -> None:
    with pytest.raises(EmbeddingsFileError, match=r"one column only, 'syndrome e0': .* tabs or \|") as caught:
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
