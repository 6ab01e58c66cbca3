"""What goes wrong in the background is said once, and to nobody's harm."""

from __future__ import annotations

# The logger to which everything is said.
LOGGER = "promptbits"

_said: set[str] = set()


def say_once(key: str, message: str, *values: object) -> None:
    """Log a warning, once per process for each key. Never raises, whatever the application has hung on its logging."""
    if key in _said:
        return
    _said.add(key)
    try:
        import logging  # 12 ms, only once something goes wrong

        logging.getLogger(LOGGER).warning(message, *values)
    except Exception:  # noqa: S110  (there is nobody left to tell)
        pass


def forget() -> None:
    """Say everything once more: for whoever configures anew."""
    _said.clear()
