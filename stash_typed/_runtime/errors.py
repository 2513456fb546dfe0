"""The exceptions of the package, as one tree:

    StashError
    ├── ConfigurationError            also a ValueError: invalid url, credentials or settings
    │   └── SelectionError            a model for `select` that does not fit the schema: .problems
    ├── InvalidVariableError          also a ValueError: a value that cannot be sent
    ├── StashConnectionError          no response
    │   └── StashTimeoutError         no response in time
    ├── AuthenticationError           none, wrong or expired credentials
    ├── HTTPStatusError               a response that is not GraphQL: .status_code
    ├── ResponseFormatError           a response that does not match the request
    ├── GraphQLError                  the server's own errors: .errors, .data, .operation
    │   ├── ValidationFailedError     the server does not know this document: .fields
    │   ├── NotFoundError
    │   └── DatabaseLockedError
    ├── JobError                      .job_id, .job
    │   ├── JobFailedError
    │   ├── JobCancelledError
    │   ├── JobTimeoutError
    │   └── JobUnknownError           the server has forgotten the job, or never had it
    ├── ChangesFailedError            some changes were refused or are unknown: .outcomes
    └── NotReadyError                 .status: SETUP or NEEDS_MIGRATION

Each message says what was tried, where, and what to do. None of them holds a secret, nor a
character that steers a terminal. It is one line of bounded length, save those that are lists.

Nor do their tracebacks hold one, for tools that print local variables: the frames below the client,
its own and those of httpx and websockets, are without any when an exception leaves it, a cancellation
or a KeyboardInterrupt too. So are those of the exceptions that it was raised from. Files and lines
stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from .redact import redact_json, redactor
from .stash_error import Details, StashError

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = [
    "AuthenticationError",
    "ChangesFailedError",
    "ConfigurationError",
    "DatabaseLockedError",
    "GraphQLError",
    "GraphQLErrorEntry",
    "HTTPStatusError",
    "InvalidVariableError",
    "JobCancelledError",
    "JobError",
    "JobFailedError",
    "JobState",
    "JobTimeoutError",
    "JobUnknownError",
    "NotFoundError",
    "NotReadyError",
    "Outcome",
    "ResponseFormatError",
    "SelectionError",
    "StashConnectionError",
    "StashError",
    "StashTimeoutError",
    "StashVersionWarning",
    "ValidationFailedError",
]


class ConfigurationError(StashError, ValueError):
    """An invalid URL, invalid credentials or an invalid setting; also a `ValueError`."""


class SelectionError(ConfigurationError):
    """A model selects something the schema lacks, or a type that would not always fit.

    Attributes:
        problems: what is wrong, each with class and field.
    """

    _is_list: ClassVar[bool] = True

    def __init__(self, model: str, type_name: str, problems: tuple[str, ...]) -> None:
        self.problems = problems
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"{model} cannot be selected from {type_name}:{lines}")


class InvalidVariableError(StashError, ValueError):
    """A value that cannot be sent, such as a datetime without a time zone; also a `ValueError`."""


class StashConnectionError(StashError):
    """The server could not be reached, or the connection was lost before its response.

    Attributes:
        transient: whether the same request may well succeed a moment later.
    """

    def __init__(self, message: str, *, transient: bool = True, **details: Unpack[Details]) -> None:
        super().__init__(message, **details)
        self.transient = transient


class StashTimeoutError(StashConnectionError):
    """The server did not answer within the time limit."""


class AuthenticationError(StashError):
    """The server asks for credentials, or refuses the ones it was given."""


class HTTPStatusError(StashError):
    """The server, or something in front of it, returned an HTTP status without GraphQL.

    Attributes:
        status_code: the HTTP status.
    """

    def __init__(self, message: str, *, status_code: int, **details: Unpack[Details]) -> None:
        super().__init__(message, **details)
        self.status_code = status_code


class ResponseFormatError(StashError):
    """The response is not GraphQL, or its data does not have the requested shape."""


@dataclass(frozen=True)
class GraphQLErrorEntry:
    """One of the errors in the server's response.

    Attributes:
        message: the server's text.
        path: where in the data, field names and list positions; empty if the server does not say.
        locations: where in the document, as (line, column).
        extensions: what the server added, such as `code`.
    """

    message: str
    path: tuple[str | int, ...] = ()
    locations: tuple[tuple[int, int], ...] = ()
    extensions: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def code(self) -> str | None:
        """The server's code: only invalid documents have one, resolver errors have not."""
        code = self.extensions.get("code")
        return code if isinstance(code, str) else None


class GraphQLError(StashError):
    """The server responded with GraphQL errors.

    Attributes:
        errors: the server's errors in its order.
        data: what came with them, partial and undecoded, with None where an error struck; None when
            there were no data.
    """

    def __init__(
        self,
        message: str,
        *,
        errors: Sequence[GraphQLErrorEntry] = (),
        data: dict[str, Any] | None = None,
        **details: Unpack[Details],
    ) -> None:
        super().__init__(message, **details)
        self.errors: list[GraphQLErrorEntry] = list(errors)
        self.data = data

    def conceal(self, secrets: Iterable[str]) -> None:
        """As `StashError.conceal`, in each of the server's errors as well."""
        secrets = tuple(secrets)
        super().conceal(secrets)
        redacted = redactor(secrets)
        self.errors = [replace(entry, message=redacted(entry.message)) for entry in self.errors]

    def _state(self) -> dict[str, object]:
        # The server's links carry a key, which copies of an error need not.
        errors = [
            replace(entry, extensions={k: redact_json(v) for k, v in entry.extensions.items()})
            for entry in self.errors
        ]
        return {**super()._state(), "errors": errors, "data": redact_json(self.data)}


class ValidationFailedError(GraphQLError):
    """The server rejected the document as invalid, usually because it is another version of Stash.

    Attributes:
        fields: the fields, arguments or types that the server named.
        client_version: the version of Stash that the document was written for, when known.
        server_version: the version of Stash that the server is, when known.
    """

    def __init__(
        self,
        message: str,
        *,
        fields: Sequence[str] = (),
        client_version: str | None = None,
        server_version: str | None = None,
        errors: Sequence[GraphQLErrorEntry] = (),
        data: dict[str, Any] | None = None,
        **details: Unpack[Details],
    ) -> None:
        super().__init__(message, errors=errors, data=data, **details)
        self.fields: list[str] = list(fields)
        self.client_version = client_version
        self.server_version = server_version


class NotFoundError(GraphQLError):
    """An object named in the request does not exist on the server."""


class DatabaseLockedError(GraphQLError):
    """The database was busy with a task and refused a change; it is safe to try again."""


class JobState(Protocol):
    """What a job that ended shows; the `Job` model of the client has it."""

    @property
    def id(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def error(self) -> str | None: ...


class JobError(StashError):
    """A job did not finish successfully.

    Attributes:
        job_id: the job's id.
        job: the job as last reported by the server, None if it never was.
    """

    def __init__(
        self, message: str, *, job_id: str, job: JobState | None = None, **details: Unpack[Details]
    ) -> None:
        super().__init__(message, **details)
        self.job_id = job_id
        self.job = job


class JobFailedError(JobError):
    """The job failed; the message has the server's reason."""


class JobCancelledError(JobError):
    """The job was cancelled, by this client or another."""


class JobTimeoutError(JobError):
    """The job did not end in the time given. It may still be running on the server."""


class JobUnknownError(JobError):
    """The server has no job with that id: it remembers only the last ten finished jobs."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of one change in a batch.

    Attributes:
        id: the id of the object to change, or of the created one; empty if unknown.
        error: why the change was not made, or why that is not known; None when it was made.
        known: whether the outcome is known. False where the connection broke or the answer
            does not show the change: it may have been made.
        name: the name of an object to create.
        sent: for a change that is not known: what was sent, under the schema's names.
    """

    id: str
    error: StashError | None = None
    known: bool = True
    name: str | None = None
    sent: Mapping[str, object] | None = field(default=None, repr=False, compare=False)

    @property
    def ok(self) -> bool:
        """Whether the change was made."""
        return self.error is None


class ChangesFailedError(StashError):
    """Some changes in a batch were refused, or their outcome is unknown; the others were made.

    Attributes:
        outcomes: the outcome of each change, in the order given.
    """

    def __init__(
        self, message: str, *, outcomes: Sequence[Outcome] = (), **details: Unpack[Details]
    ) -> None:
        super().__init__(message, **details)
        self.outcomes: list[Outcome] = list(outcomes)

    @property
    def failed(self) -> list[Outcome]:
        """The outcomes of the changes that were refused or are unknown."""
        return [outcome for outcome in self.outcomes if not outcome.ok]

    @property
    def unknown(self) -> list[Outcome]:
        """The outcomes of changes that may have been made: check before sending them again."""
        return [outcome for outcome in self.outcomes if not outcome.known]


class NotReadyError(StashError):
    """The server is running, but not ready for use.

    Attributes:
        status: what `systemStatus` says: `SETUP` or `NEEDS_MIGRATION`.
    """

    def __init__(self, message: str, *, status: str, **details: Unpack[Details]) -> None:
        super().__init__(message, **details)
        self.status = status


class StashVersionWarning(UserWarning):
    """The server is another version of Stash, and something was left out of a request for it."""
