"""A stub: the requests it answers, its answers, and the requests it has answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import httpx
from graphql import GraphQLSchema
from pydantic import ValidationError

from ..errors import StubError
from .answers import Answer, answer_of
from .documents import Document, read_document
from .matching import difference, plain_variables
from .rendering import render
from .requests import MockRequest
from .schema import document_faults, variable_faults
from .targets import Target

_SHOWN = 5
_WITHOUT_ANSWER = "it has no answer: call .responds(…) on it"


class Stub:
    """A stub created by `stash_mock.on(…)`; set its answer next.

    Attributes:
        requests: the requests it has answered, in order.
    """

    def __init__(
        self,
        target: Target,
        schema: GraphQLSchema,
        variables: Mapping[str, object] | None,
        *,
        optional: bool,
        place: str,
    ) -> None:
        __tracebackhide__ = True
        self.requests: list[MockRequest] = []
        self._target = target
        self._schema = schema
        self._variables = plain_variables(str(target), variables or {})
        self._optional = optional
        self._place = place
        self._answers: Sequence[Answer | Callable[[MockRequest], object]] = ()
        self._in_turn = False
        unknown = [name for name in self._variables if name not in target.document.variables]
        if unknown:
            raise StubError(
                f"there is no variable {unknown[0]!r}",
                operation=str(target),
                hint=f"It has {', '.join(target.document.variables) or 'none'}.",
            )

    def __repr__(self) -> str:
        return f"<Stub {self}>"

    def __str__(self) -> str:
        parts = f" with {self._variables}" if self._variables else ""
        return f"{self._target}{parts} ({self._place})"

    def responds(self, answer: object) -> Stub:
        """Answer every request with the same answer.

        Args:
            answer: what the operation's method returns: a model, a list of them, a text, None …;
                or a dictionary, which is the answer's whole `data` word for word; or one of the
                answers of this package, such as `graphql_error(…)`.

        Returns:
            This stub.

        Raises:
            StubError: no server could answer so.
        """
        __tracebackhide__ = True
        return self._set([answer_of(answer)], in_turn=False)

    def responds_in_turn(self, *answers: object) -> Stub:
        """Answer requests in turn; once its answers are used up, the stub answers no more.

        Args:
            *answers: each as for `responds`.

        Returns:
            This stub.

        Raises:
            StubError: no server could answer so.
        """
        __tracebackhide__ = True
        if not answers:
            raise StubError("no answers are given", operation=str(self._target))
        return self._set([answer_of(answer) for answer in answers], in_turn=True)

    def computes(self, function: Callable[[MockRequest], object]) -> Stub:
        """Answer each request with a function's result, which is checked when it is returned.

        Args:
            function: takes the request and returns an answer as for `responds`.

        Returns:
            This stub.
        """
        self._refuse_second()
        self._answers = [function]
        return self

    @property
    def request(self) -> MockRequest:
        """The one request that was answered.

        Raises:
            AssertionError: there were none, or several.
        """
        if len(self.requests) != 1:
            raise AssertionError(f"{self} answered {len(self.requests)} requests, not one")
        return self.requests[0]

    def why_not(self, request: MockRequest) -> str | None:
        if not self._answers:
            return _WITHOUT_ANSWER
        if self._in_turn and len(self.requests) >= len(self._answers):
            return f"all its {len(self._answers)} answers are given"
        if not self.is_for(request):
            return "it is for another operation"
        return difference(self._variables, request.variables)

    def is_for(self, request: MockRequest) -> bool:
        document = read_document(request.document, request.operation or None)
        return self._target.is_meant(request.operation, document)

    def answer(self, asked: MockRequest, request: httpx.Request) -> httpx.Response:
        """Answer a request, with an `httpx.TransportError` perhaps; or raise `StubError`."""
        place = min(len(self.requests), len(self._answers) - 1)
        self.requests.append(asked)
        chosen = self._answers[place]
        answer = chosen if isinstance(chosen, Answer) else answer_of(chosen(asked))
        document = read_document(asked.document, asked.operation or None)
        self._check_request(answer, document, asked)
        self._check(answer, document)
        return answer.respond(document, self._schema, request)

    def unused(self) -> str | None:
        if self._optional:
            return None
        if not self._answers:
            return _WITHOUT_ANSWER
        wanted = len(self._answers) if self._in_turn else 1
        if len(self.requests) >= wanted:
            return None
        if self.requests:
            return f"{len(self.requests)} of its {wanted} answers were asked for"
        return "nothing asked for it"

    def _set(self, answers: list[Answer], *, in_turn: bool) -> Stub:
        __tracebackhide__ = True
        self._refuse_second()
        try:
            for answer in answers:
                self._check(answer, self._target.document)
                self._check_type(answer)
        except StubError:
            # The test has seen this error; that the stub stays unused is no second one.
            self._optional = True
            raise
        self._answers = answers
        self._in_turn = in_turn
        return self

    def _refuse_second(self) -> None:
        __tracebackhide__ = True
        if self._answers:
            raise StubError(
                "the stub has an answer already",
                operation=str(self._target),
                hint="Make another stub, or use responds_in_turn(…).",
            )

    def _check(self, answer: Answer, document: Document) -> None:
        __tracebackhide__ = True
        faults = answer.faults(document, self._schema)
        if faults:
            raise self._misfit(faults)

    def _check_type(self, answer: Answer) -> None:
        """Check data against the generated type as well, since it parses them."""
        __tracebackhide__ = True
        if self._target.result is None or not answer.is_data:
            return
        data = render(answer.value, self._target.document, self._schema).data
        try:
            self._target.result.model_validate(data)
        except ValidationError as error:
            faults = [
                f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
                for each in error.errors(include_url=False, include_context=False)
            ]
            raise self._misfit(faults) from None

    def _check_request(self, answer: Answer, document: Document, asked: MockRequest) -> None:
        """Raise `StubError` for a request that a server would refuse."""
        if not answer.is_data:
            return
        faults = document_faults(self._schema, document) or variable_faults(
            self._schema, document, asked.complete_variables()
        )
        if faults:
            raise StubError(
                f"the request is not valid, and a server would refuse it: {' '.join(faults)}",
                operation=str(self._target),
            )

    def _misfit(self, faults: list[str]) -> StubError:
        listed = "".join(f"\n  {fault}" for fault in faults[:_SHOWN])
        more = len(faults) - _SHOWN
        return StubError(
            f"no server could answer so:{listed}"
            + (f"\n  and {more} more" if more > 0 else "")
            + "\nModels, such as fake(…) makes, are complete, and are cut to what is asked for",
            operation=str(self._target),
        )
