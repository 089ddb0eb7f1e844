"""How often one may knock: one limiter for every door that is tried by guessing, or asked again and again."""

from __future__ import annotations

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, default_limits=[], in_memory_fallback_enabled=True)
