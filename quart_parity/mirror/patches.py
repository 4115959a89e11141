"""What a test puts in the place of something else, which may be the reference's own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .mirror import Mirror


@dataclass(slots=True)
class Patched:
    """Names of modules and classes that were replaced, as they are imported."""

    names: dict[str, None] = field(default_factory=dict)

    def add(self, target: object, name: object) -> None:
        if isinstance(target, ModuleType):
            self.names[f"{target.__name__}.{name}"] = None
        elif isinstance(target, type):
            self.names[f"{target.__module__}.{target.__qualname__}.{name}"] = None

    def notes(self, mirror: Mirror | None) -> Iterator[str]:
        """What of it the port does not see, for it is of the reference's own modules."""
        own = mirror.reference_packages() if mirror is not None else set()
        for name in self.names:
            if name.partition(".")[0] in own:
                yield f"the test replaced {name} for the reference, and nothing of the port's"


@contextmanager
def patches_noted() -> Iterator[Patched]:
    """Note what `monkeypatch` and `unittest.mock.patch` replace meanwhile."""
    patched = Patched()
    setattr_ = pytest.MonkeyPatch.setattr
    mock: Any = sys.modules.get("unittest.mock")
    enter: Callable[..., Any] | None = mock._patch.__enter__ if mock else None

    def noted_setattr(self: Any, target: Any, name: Any, *args: Any, **kwargs: Any) -> None:
        setattr_(self, target, name, *args, **kwargs)
        _, key, _ = self._setattr[-1]
        patched.add(self._setattr[-1][0], key)

    def noted_enter(self: Any) -> Any:
        entered = enter(self) if enter else None
        patched.add(self.target, self.attribute)
        return entered

    pytest.MonkeyPatch.setattr = noted_setattr  # type: ignore[method-assign]
    if mock:
        mock._patch.__enter__ = noted_enter
    try:
        yield patched
    finally:
        pytest.MonkeyPatch.setattr = setattr_  # type: ignore[method-assign]
        if mock:
            mock._patch.__enter__ = enter
