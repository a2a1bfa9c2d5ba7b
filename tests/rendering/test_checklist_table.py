"""A checklist as a table."""

from skknn_syndrome.rendering.tables import CheckedItem, checklist


def test_items_stand_in_the_order_of_the_checklist() -> None:
    items = [
        CheckedItem("1", "Title", "met", "Title"),
        CheckedItem("2a", "Funding", "to be supplied", ""),
    ]
    table = checklist("claim", "CLAIM", items)
    assert table.name == "checklist_claim"
    assert table.rows == (("1", "Title", "met", "Title"), ("2a", "Funding", "to be supplied", ""))
