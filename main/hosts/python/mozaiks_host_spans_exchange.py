"""One HTTP request of a call and what came back, whatever library sent it."""

from __future__ import annotations

import json
import zlib

from mozaiks_host_shorten import cut, fit_json
from mozaiks_host_spans import MAX_TEXT, harmless

MAX_NAME = 200
# Of a body, so that JSON can be read and shortened inside.
MAX_BODY = 256 * 1024
TRACEPARENT = "traceparent"


class Exchange:
    """Made by `open_exchange`. Its child span ends with the answer's body, or with an error."""

    def __init__(self, mode, method, url):
        self._method = _text(method)[:MAX_NAME]
        self.url = _text(url)
        self.span = None
        self.status = None
        # A failed send that a library may ignore, since there can be an answer nevertheless.
        self.error = None
        self.is_sent = False
        # It carries the call's traceparent.
        self.is_marked = False
        # While its answer is read: one method of it may use others.
        self.is_reading = False
        self.request_bytes = None
        self.response_bytes = None
        self._sent = Body(mode == "bodies")
        self._received = Body(mode == "bodies")
        self._carries_jwt = False
        self._has_traceparent = False

    @harmless
    def note_header(self, name, *values):
        """One that is going to be sent."""
        name = _text(name).lower()
        self._has_traceparent = self._has_traceparent or name == TRACEPARENT
        for value in map(_text, values):
            if name == "content-length" and value.isdigit():
                self.request_bytes = int(value)
            jwt = self.span.account.user_jwt
            if isinstance(jwt, str) and jwt and jwt in value:
                self._carries_jwt = True

    @property
    def traceparent(self):
        """To be added; None where the plugin has set one itself, or the runtime gave none."""
        return None if self._has_traceparent else self.span.account.traceparent

    @harmless
    def note_sent(self, body):
        self._sent.add(body)

    @harmless
    def note_answer(self, status, length=None, encoding=None):
        """`length`: of its body, where its headers say so."""
        self.status = int(status)
        self.error = None
        if length is not None and str(length).isdigit():
            self.response_bytes = int(length)
        self._received.encoding = encoding
        self.span.is_answered = True

    @harmless
    def note_received(self, data):
        self._received.add(data)

    def end(self, error=None):
        self.span.end(error or self.error)

    def report(self, is_whole):
        known = self.request_bytes
        work = {"kind": "http", "method": self._method, "url": cut(self.url, MAX_TEXT), "status": self.status}
        work["requestBytes"] = self._sent.size if known is None else known
        work["responseBytes"] = self._bytes_received()
        work["carriesUserJwt"] = self._carries_jwt
        if is_whole:
            bodies = {"requestBody": self._sent.text(), "responseBody": self._received.text()}
            work.update((name, text) for name, text in bodies.items() if text is not None)
        return work, None

    def _bytes_received(self):
        if self.status is None or self.response_bytes is not None:
            return self.response_bytes
        return self._received.size


def open_exchange(spans, method, url):
    """None outside of any call."""
    exchange = Exchange(spans.mode, method, url)
    exchange.span = spans.open(exchange.report)
    return None if exchange.span is None else exchange


class Body:
    def __init__(self, is_stored):
        # None where that is not known.
        self.size = 0
        self.encoding = None
        self._data = bytearray() if is_stored else None

    def add(self, data):
        if isinstance(data, str):
            data = data.encode("utf-8", "replace")
        if not isinstance(data, (bytes, bytearray, memoryview)):
            self.size = None if data is not None else self.size
            return
        if self.size is not None:
            self.size += len(data)
        if self._data is not None:
            self._data += data[: MAX_BODY - len(self._data)]

    def text(self):
        """JSON is shortened inside; None where there is none, or it is not recorded."""
        if not self._data:
            return None
        data = _decompressed(bytes(self._data), str(self.encoding or "").lower())
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            # The end may have been cut inside of a character.
            if error.start < len(data) - 3 or len(data) < MAX_BODY:
                return f"({len(data)} bytes that are no text)"
            text = data[: error.start].decode("utf-8")
        return _fit_body(text)


def _fit_body(text):
    if not text.lstrip().startswith(("{", "[")):
        return cut(text, MAX_TEXT)
    try:
        return fit_json(json.loads(text), MAX_TEXT)
    except (ValueError, RecursionError):
        # Secrets are found by their keys, which takes all of it.
        return cut(text, MAX_TEXT) if len(text) <= MAX_TEXT else f"({len(text)} characters of JSON)"


def _decompressed(data, encoding):
    if encoding not in ("gzip", "deflate"):
        return data
    try:
        # Of either kind, told by its header.
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data, MAX_BODY)
    except zlib.error:
        return data


def _text(value):
    return value.decode("latin-1") if isinstance(value, (bytes, bytearray)) else str(value)
