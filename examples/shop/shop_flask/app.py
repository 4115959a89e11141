"""The application class, and what all of the store's answers share."""

from pathlib import Path

from flask import Flask, Response, g, request

SHARED = Path(__file__).resolve().parents[1]
"""Where templates, static files and the schema are, the same for every version of the store."""


class App(Flask):
    """The framework's application, whose answers carry the store's security headers."""

    def __init__(self, name: str) -> None:
        templates, static = str(SHARED / "templates"), str(SHARED / "static")
        super().__init__(name, template_folder=templates, static_folder=static)
        self.after_request(secure)


def secure(response: Response) -> Response:
    """Forbid what no page of the store needs; a signed-in customer's pages are not stored."""
    response.headers.setdefault("Content-Security-Policy", "default-src 'self'")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    if g.get("user") is not None and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store"
    if request.path.startswith("/api/"):
        response.vary.add("Authorization")
    return response
