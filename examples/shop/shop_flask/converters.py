"""What may stand in the store's paths."""

from werkzeug.routing import BaseConverter


class SlugConverter(BaseConverter):
    """Words in small letters and digits, joined by single hyphens."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"
