"""The JSON API: products for everybody; reviews, wishes and quotes."""

from sqlite3 import Row
from typing import Any

from quart import Blueprint, abort, g, jsonify, request, url_for
from quart.typing import ResponseReturnValue

from quart_parity.compat import Response

from .catalogue import find_product, reviews_of
from .csrf import csrf_token
from .database import change, count, now, select, select_one
from .errors import ValidationError
from .users import token_required

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

MOST_PER_PAGE = 50


def as_product(row: Row) -> dict[str, Any]:
    """A product as the API shows it; its price in cents."""
    shown = ("id", "slug", "name", "category", "description", "price", "stock", "updated_at")
    return {name: row[name] for name in shown}


def as_review(row: Row) -> dict[str, Any]:
    shown = ("id", "product_id", "stars", "text", "written_at")
    return {name: row[name] for name in shown}


@blueprint.get("/products")
async def products() -> ResponseReturnValue:
    """Products, ``?per_page=`` at once, with links to the other pages (RFC 8288)."""
    page = request.args.get("page", 1, type=int)
    size = request.args.get("per_page", 5, type=int)
    if page < 1 or not 1 <= size <= MOST_PER_PAGE:
        raise ValidationError({"page": "from 1", "per_page": f"from 1 to {MOST_PER_PAGE}"})
    total = count("SELECT count(*) FROM products")
    found = select("SELECT * FROM products ORDER BY id LIMIT ? OFFSET ?", size, (page - 1) * size)
    answer = jsonify(items=[as_product(row) for row in found], page=page, total=total)
    answer.headers["X-Total-Count"] = str(total)
    links = [("prev", page - 1)] * (page > 1) + [("next", page + 1)] * (page * size < total)
    for relation, number in links:
        target = url_for(".products", page=number, per_page=size, _external=True)
        answer.headers.add("Link", f'<{target}>; rel="{relation}"')
    return answer


@blueprint.get("/products/<int:id>")
async def product(id: int) -> ResponseReturnValue:
    """One product; who has it already is told so."""
    answer = jsonify(as_product(find_product(id)))
    answer.cache_control.public = True
    answer.cache_control.max_age = 60
    await answer.add_etag()
    return await answer.make_conditional(request)


@blueprint.get("/products/<int:id>/reviews")
async def reviews(id: int) -> ResponseReturnValue:
    """What customers say of a product."""
    find_product(id)
    return [as_review(row) for row in reviews_of(id)]


@blueprint.post("/products/<int:id>/reviews")
@token_required
async def create_review(id: int) -> ResponseReturnValue:
    """Add a review: ``{"stars": 5, "text": "…"}``."""
    find_product(id)
    stars, text = read_review(await request.get_json(), {})
    review_id = change(
        "INSERT INTO reviews (product_id, user_id, stars, text, written_at) VALUES (?, ?, ?, ?, ?)",
        *(id, g.user["id"], stars, text, now()),
    )
    answer = jsonify(as_review(find_review(review_id)))
    return answer, 201, {"Location": url_for(".review", id=review_id)}


def read_review(given: Any, known: dict[str, Any]) -> tuple[int, str]:
    """Stars and text, those that are missing as *known*; raises `ValidationError`."""
    if not isinstance(given, dict):
        raise ValidationError({"": "an object is expected"})
    merged = known | given
    errors = dict.fromkeys(sorted(given.keys() - {"stars", "text"}), "unknown")
    if type(merged.get("stars")) is not int or merged["stars"] not in range(1, 6):
        errors["stars"] = "a whole number from 1 to 5"
    if not isinstance(merged.get("text"), str) or not merged["text"].strip():
        errors["text"] = "some words"
    if errors:
        raise ValidationError(errors)
    return merged["stars"], merged["text"]


def find_review(id: int) -> Row:
    found = select_one("SELECT * FROM reviews WHERE id = ?", id)
    if found is None:
        abort(404, "There is no such review.")
    return found


def own_review(id: int) -> Row:
    """The review, where it is the client's own."""
    found = find_review(id)
    if found["user_id"] != g.user["id"]:
        abort(403, "This review is somebody else's.")
    return found


@blueprint.get("/reviews/<int:id>")
async def review(id: int) -> ResponseReturnValue:
    """One review."""
    return as_review(find_review(id))


@blueprint.route("/reviews/<int:id>", methods=["PUT", "PATCH"])
@token_required
async def change_review(id: int) -> ResponseReturnValue:
    """Replace a review, or with PATCH a part of it."""
    own = as_review(own_review(id))
    stars, text = read_review(await request.get_json(), own if request.method == "PATCH" else {})
    change("UPDATE reviews SET stars = ?, text = ? WHERE id = ?", stars, text, id)
    return as_review(find_review(id))


@blueprint.delete("/reviews/<int:id>")
@token_required
async def delete_review(id: int) -> ResponseReturnValue:
    """Take a review back."""
    change("DELETE FROM reviews WHERE id = ?", own_review(id)["id"])
    return "", 204


@blueprint.get("/wishes")
@token_required
async def wishes() -> ResponseReturnValue:
    """What the client would like to have."""
    found = select(
        "SELECT products.* FROM products JOIN wishes ON product_id = products.id"
        " WHERE user_id = ? ORDER BY products.id",
        g.user["id"],
    )
    return jsonify(items=[as_product(row) for row in found])


@blueprint.route("/wishes/<int:id>", methods=["PUT", "DELETE"])
@token_required
async def wish(id: int) -> ResponseReturnValue:
    """Wish for a product, or do not any more; asking twice does no harm."""
    find_product(id)
    if request.method == "DELETE":
        change("DELETE FROM wishes WHERE user_id = ? AND product_id = ?", g.user["id"], id)
    else:
        change("INSERT OR IGNORE INTO wishes VALUES (?, ?)", g.user["id"], id)
    return "", 204


@blueprint.get("/me")
@token_required
async def me() -> ResponseReturnValue:
    """Who the client is."""
    return {"name": g.user["name"], "email": g.user["email"], "admin": bool(g.user["is_admin"])}


@blueprint.get("/session")
async def session_state() -> ResponseReturnValue:
    """What the store's own scripts need to write to the API."""
    name = g.user["name"] if g.user is not None else None
    return {"csrf_token": csrf_token(), "name": name}, {"Cache-Control": "no-store"}


@blueprint.post("/quotes")
async def quote() -> ResponseReturnValue:
    """What products would cost: ``{"items": [{"id": 1, "quantity": 2}]}``, delivery included."""
    given = await request.get_json()
    items = given.get("items") if isinstance(given, dict) else None
    if not isinstance(items, list) or not items:
        raise ValidationError({"items": "a list with something in it"})
    errors = {f"items.{at}": "id and quantity" for at, one in enumerate(items) if not is_item(one)}
    if errors:
        raise ValidationError(errors)
    goods = sum(find_product(one["id"])["price"] * one["quantity"] for one in items)
    delivery = 0 if goods >= 5000 else 490
    return {"goods": goods, "delivery": delivery, "total": goods + delivery}


def is_item(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    return all(type(item.get(name)) is int and item[name] > 0 for name in ("id", "quantity"))


@blueprint.after_request
async def count_answers(response: Response) -> Response:
    """Say which version of the API answered."""
    response.headers["X-API-Version"] = "1"
    return response
