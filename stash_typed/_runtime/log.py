"""The package's one logger, and what keeps secrets out of other packages' logs.

`stash_typed` gets a line at DEBUG for each request: operation, status, duration, attempt. Headers
and variables are never logged.
"""

from __future__ import annotations

import logging

from .redact import redact_text

logger = logging.getLogger("stash_typed")


class _HideSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if "cookie" in str(record.msg).lower():
            record.msg = redact_text(str(record.msg))
        return True


_hide_secrets = _HideSecrets()


def guard_other_logs() -> None:
    """Hide session cookies from httpcore's debug logs, which write whole response headers."""
    for name in ("httpcore.http11", "httpcore.http2"):
        logging.getLogger(name).addFilter(_hide_secrets)


def socket_logger() -> logging.Logger:
    quiet = logging.getLogger("stash_typed.websocket")
    quiet.setLevel(logging.CRITICAL + 1)
    return quiet
