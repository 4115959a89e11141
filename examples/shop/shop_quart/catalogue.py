"""What there is to buy: lists, pages, pictures and things to download."""

from datetime import datetime
from pathlib import Path
from sqlite3 import Row

from quart import (
    Blueprint,
    abort,
    after_this_request,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from quart.typing import ResponseReturnValue
from quart.typing import ResponseTypes as AnyResponse

from quart_parity.compat import Response, send_file, send_from_directory, stream_template

from .database import change, count, now, select, select_one
from .errors import ShopError
from .users import login_required

blueprint = Blueprint("catalogue", __name__)

PER_PAGE = 5
FOUND = "SELECT * FROM products WHERE name LIKE ?"
SORTS = {
    "name": f"{FOUND} ORDER BY name",
    "price": f"{FOUND} ORDER BY price, id",
    "newest": f"{FOUND} ORDER BY updated_at DESC, id",
}
VIEWS = ("list", "grid")
REMEMBERED = 4
"""Products that a session remembers as seen."""


@blueprint.get("/")
async def index() -> ResponseReturnValue:
    """Search all products: ``?q=``, ``?sort=`` and ``?page=``."""
    query, sort = request.args.get("q", "").strip(), request.args.get("sort", "name")
    page = request.args.get("page", 1, type=int)
    if sort not in SORTS:
        abort(400, f"Products are sorted by {', '.join(SORTS)}.")
    products, pages = find(query, sort, page)
    values = {"q": query, "sort": sort, "page": page, "pages": pages}
    return await render_template("index.html", products=products, sorts=list(SORTS), **values)


def find(query: str, sort: str, page: int) -> tuple[list[Row], int]:
    """One page of the products that *query* finds, and how many pages there are."""
    like = f"%{query}%"
    found = count("SELECT count(*) FROM products WHERE name LIKE ?", like)
    pages = max(1, -(-found // PER_PAGE))
    if not 1 <= page <= pages:
        abort(404)
    sql = f"{SORTS[sort]} LIMIT ? OFFSET ?"
    return select(sql, like, PER_PAGE, (page - 1) * PER_PAGE), pages


def keep_view() -> None:
    """Remember on these pages, and on no other, how their visitor likes them."""
    view = request.args.get("view")
    g.view = view if view in VIEWS else request.cookies.get("view", "list")
    if view in VIEWS:

        @after_this_request
        async def set_view(response: AnyResponse) -> AnyResponse:
            response.set_cookie("view", g.view, path=url_for(".products"), max_age=3600)
            return response


@blueprint.get("/products/", defaults={"page": 1})
@blueprint.get("/products/page/<int:page>")
async def products(page: int) -> ResponseReturnValue:
    """All products by name, page by page; the first page has one address only.

    How a visitor likes them shown, ``?view=`` says, and it is kept.
    """
    keep_view()
    found, pages = find("", "name", page)
    return await render_template("products.html", products=found, page=page, pages=pages)


@blueprint.get("/category/<any(tea, coffee, ware):name>/")
async def category(name: str) -> ResponseReturnValue:
    """The products of one category."""
    found = select("SELECT * FROM products WHERE category = ? ORDER BY name", name)
    return await render_template("products.html", products=found, category=name)


@blueprint.get("/products/under/<float:price>")
async def under(price: float) -> ResponseReturnValue:
    """The products that cost less than so many euros."""
    sql = "SELECT * FROM products WHERE price < ? ORDER BY price, id"
    return await render_template("products.html", products=select(sql, price * 100), limit=price)


@blueprint.get("/products/<int:id>")
async def product(id: int) -> ResponseReturnValue:
    """One product with its reviews; the session remembers that it was seen."""
    found = find_product(id)
    seen = [other for other in session.get("seen", []) if other != id]
    session["seen"] = [id, *seen][:REMEMBERED]
    return await render_template("product.html", product=found, reviews=reviews_of(id))


def find_product(id: int) -> Row:
    found = select_one("SELECT * FROM products WHERE id = ?", id)
    if found is None:
        abort(404, "There is no such product.")
    return found


def reviews_of(id: int) -> list[Row]:
    return select(
        "SELECT reviews.*, users.name AS author FROM reviews"
        " JOIN users ON users.id = reviews.user_id WHERE product_id = ? ORDER BY reviews.id",
        id,
    )


@blueprint.get("/p/<slug:slug>")
async def by_slug(slug: str) -> ResponseReturnValue:
    """A product by its name, as it stands in printed matter."""
    found = select_one("SELECT id FROM products WHERE slug = ?", slug)
    if found is None:
        abort(404, f"There is nothing called {slug}.")
    return redirect(url_for(".product", id=found["id"]), 301)


@blueprint.get("/old/<path:rest>")
async def old(rest: str) -> ResponseReturnValue:
    """Addresses of the store before this one; whoever followed them gets on."""
    return redirect(url_for(".index", q=rest.rpartition("/")[2]), 308)


@blueprint.post("/products/<int:id>/reviews")
@login_required
async def review(id: int) -> ResponseReturnValue:
    """Say what one thinks of a product."""
    find_product(id)
    form = await request.form
    stars, text = form.get("stars", type=int), form.get("text", "").strip()
    if stars not in range(1, 6) or not text:
        raise ShopError("A review has one to five stars, and some words.")
    change(
        "INSERT INTO reviews (product_id, user_id, stars, text, written_at) VALUES (?, ?, ?, ?, ?)",
        id,
        g.user["id"],
        stars,
        text,
        now(),
    )
    await flash("Thank you for your review.", "success")
    return redirect(url_for(".product", id=id) + "#reviews", 303)


@blueprint.get("/recent")
async def recent() -> ResponseReturnValue:
    """What the visitor looked at, latest first."""
    seen = [select_one("SELECT * FROM products WHERE id = ?", id) for id in session.get("seen", [])]
    return await render_template("products.html", products=[one for one in seen if one is not None])


@blueprint.get("/compare")
async def compare() -> ResponseReturnValue:
    """Products side by side: ``?id=1&id=2``."""
    ids = request.args.getlist("id", type=int)
    if len(ids) < 2:
        raise ShopError("It takes two products to compare.")
    return await render_template("compare.html", products=[find_product(id) for id in ids])


@blueprint.get("/products/<int:id>/label.txt")
async def label(id: int) -> ResponseReturnValue:
    """What is printed on the box."""
    found = find_product(id)
    text = f"{found['name']}\n{found['description']}\n"
    response = Response(text, mimetype="text/plain")
    response.headers.set("Content-Disposition", "attachment", filename=f"{found['slug']}.txt")
    response.last_modified = datetime.fromisoformat(found["updated_at"])
    await response.add_etag()
    return await response.make_conditional(
        request, accept_ranges=True, complete_length=len(text.encode())
    )


@blueprint.get("/products/<int:id>/picture")
async def picture(id: int) -> ResponseReturnValue:
    """The picture that the store has of a product."""
    found = find_product(id)
    if found["picture"] is None:
        abort(404, "There is no picture of it yet.")
    path = Path(current_app.config["UPLOADS"]) / found["picture"]
    changed = datetime.fromisoformat(found["updated_at"])
    return await send_file(path, etag=path.stem, last_modified=changed, max_age=3600)


@blueprint.get("/files/<path:name>")
async def download(name: str) -> ResponseReturnValue:
    """Manuals and lists; ``?save`` asks the browser to save what it gets."""
    folder = current_app.config["DOWNLOADS"]
    return await send_from_directory(folder, name, as_attachment="save" in request.args)


@blueprint.get("/pricelist")
async def pricelist() -> ResponseReturnValue:
    """All prices on one long page, sent as it is made."""
    products = select("SELECT * FROM products ORDER BY category, name")
    page = await stream_template("pricelist.html", products=products)
    return Response(page, headers={"X-Accel-Buffering": "no"})
