"""One exchange on both sides, laid out line by line for whoever looks at it; pure."""

from .aligning import Cell
from .answered import sheets
from .rows import Kind, Row, Sheet
from .sent import request_sheets

__all__ = ["Cell", "Kind", "Row", "Sheet", "request_sheets", "sheets"]
