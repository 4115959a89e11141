"""What goes wrong, and how it is answered: as a page, or to the API's clients as JSON."""

from flask import jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from .app import App


class ShopError(Exception):
    """What a customer asked for cannot be done; the message is for the customer."""

    status = 400


class OutOfStockError(ShopError):
    """There is less of a product than was asked for."""

    status = 409


class CouponError(ShopError):
    """A coupon that does not exist or does not apply."""

    status = 422


class ValidationError(Exception):
    """Fields of a request that cannot be used, each with the reason."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def handle_errors(app: App) -> None:
    """Answer every error in the store's own words."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(ShopError, shop_error)
    app.register_error_handler(ValidationError, validation_error)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Keep the headers that belong to the error, such as ``Allow`` or ``WWW-Authenticate``."""
    if error.response is not None:
        return error.get_response()
    shown = describe(error.code or 500, error.name, error.description or "")
    answer = make_response(shown)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def shop_error(error: ShopError) -> ResponseReturnValue:
    return describe(error.status, "That is not possible", str(error))


def validation_error(error: ValidationError) -> ResponseReturnValue:
    return jsonify(errors=error.errors), 422


def describe(status: int, name: str, text: str) -> ResponseReturnValue:
    """An error as JSON below ``/api/``, else as a page."""
    if request.path.startswith("/api/"):
        return jsonify(error=name, message=text, status=status), status
    return render_template("error.html", status=status, name=name, text=text), status
