"""Files, labels and long pages."""

from pathlib import Path

import pytest
from helpers import open_store


@pytest.fixture(scope="module")
def app(tmp_path_factory, database):
    """One store for all of these tests: they only read."""
    return open_store(tmp_path_factory.mktemp("store"), database)


def test_files(client, app):
    """A file is sent as it lies in its folder, to be shown or to be saved."""
    for name in ("brewing.txt", "delivery-times.csv", "manuals/moka-pot.txt"):
        with client.get(f"/files/{name}") as response:
            assert response.mimetype == ("text/csv" if name.endswith("csv") else "text/plain")
            assert response.data == Path(app.config["DOWNLOADS"], name).read_bytes()
            assert not response.headers["Content-Disposition"].startswith("attachment")

    with client.get("/files/brewing.txt?save") as response:
        assert response.headers["Content-Disposition"] == "attachment; filename=brewing.txt"


def test_no_such_file(client):
    """Nothing outside of the folder is sent, and no folder."""
    for name in ("none.txt", "../schema.sql", "manuals"):
        assert client.get(f"/files/{name}").status_code == 404


def test_part_of_a_file(client):
    """A download that broke off goes on where it ended."""
    with client.get("/files/delivery-times.csv", headers={"Range": "bytes=0-7"}) as response:
        assert response.status_code == 206
        assert response.data == b"postcode"


def test_label(client):
    """A label is a file named after its product."""
    response = client.get("/products/10/label.txt")

    assert "cafe-au-lait-bowl.txt" in response.headers["Content-Disposition"]
    assert response.text == "Café au lait bowl\nStoneware, 0.4 litres.\n"


def test_pricelist(client):
    """The price list shows every product, whoever asks."""
    page = client.get("/pricelist").text

    assert page.count("<tr>") == 12
    assert "<td>ware</td><td>Moka pot</td><td>27.50 EUR</td>" in page
    assert "Prices for visitors." in page


def test_pricelist_is_streamed(customer):
    """The price list comes in pieces, and knows to its end who asked."""
    response = customer.get("/pricelist")

    assert response.is_streamed
    assert response.headers["X-Accel-Buffering"] == "no"
    text = b"".join(response.response).decode()
    assert "Prices for customer." in text
    response.close()
