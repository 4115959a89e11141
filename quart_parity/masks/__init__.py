"""What looks secret by its name, masked; equal values with equal masks."""

from .masker import Masker
from .secret_names import looks_secret

__all__ = ["Masker", "looks_secret"]
