"""Requests of httpx and aiohttp, which have their own connections."""

from __future__ import annotations

import functools
import json

from mozaiks_host_spans import harmless
from mozaiks_host_spans_exchange import TRACEPARENT, open_exchange


@harmless
def observe_httpx(module, spans):
    """`module` has the transports over a network: one that a plugin made itself sends nothing."""
    kinds = _stream_types(module)
    _observe_transport(module.HTTPTransport, spans, kinds[0])
    _observe_async_transport(module.AsyncHTTPTransport, spans, kinds[1])


def _observe_transport(transport, spans, stream_type):
    handle = transport.handle_request

    @functools.wraps(handle)
    def handle_request(self, request):
        exchange = _begin_httpx(spans, request)
        try:
            response = handle(self, request)
        except BaseException as error:
            _end(exchange, error)
            raise
        finally:
            _restore(exchange, request)
        _note_httpx_answer(exchange, response, stream_type)
        return response

    transport.handle_request = handle_request


def _observe_async_transport(transport, spans, stream_type):
    handle = transport.handle_async_request

    @functools.wraps(handle)
    async def handle_async_request(self, request):
        exchange = _begin_httpx(spans, request)
        try:
            response = await handle(self, request)
        except BaseException as error:
            _end(exchange, error)
            raise
        finally:
            _restore(exchange, request)
        _note_httpx_answer(exchange, response, stream_type)
        return response

    transport.handle_async_request = handle_async_request


def _stream_types(module):
    class Stream(module.SyncByteStream):
        def __init__(self, stream, exchange):
            self._stream = stream
            self._exchange = exchange

        def __iter__(self):
            try:
                for chunk in self._stream:
                    self._exchange.note_received(chunk)
                    yield chunk
            except Exception as error:
                self._exchange.end(error)
                raise

        def close(self):
            try:
                self._stream.close()
            finally:
                self._exchange.end()

    class AsyncStream(module.AsyncByteStream):
        def __init__(self, stream, exchange):
            self._stream = stream
            self._exchange = exchange

        async def __aiter__(self):
            try:
                async for chunk in self._stream:
                    self._exchange.note_received(chunk)
                    yield chunk
            except Exception as error:
                self._exchange.end(error)
                raise

        async def aclose(self):
            try:
                await self._stream.aclose()
            finally:
                self._exchange.end()

    return Stream, AsyncStream


@harmless
def _begin_httpx(spans, request):
    exchange = open_exchange(spans, request.method, request.url)
    if exchange is None:
        return None
    for name, value in request.headers.raw:
        exchange.note_header(name, value)
    # Absent while it is a stream.
    content = getattr(request, "_content", None)
    if content is not None:
        exchange.note_sent(content)
    elif "transfer-encoding" in request.headers:
        exchange.note_sent(request.stream)
    if exchange.traceparent is not None:
        exchange.is_marked = True
        request.headers[TRACEPARENT] = exchange.traceparent
    return exchange


@harmless
def _restore(exchange, request):
    """The plugin finds its request as it made it."""
    if exchange is not None and exchange.is_marked:
        del request.headers[TRACEPARENT]


@harmless
def _note_httpx_answer(exchange, response, stream_type):
    if exchange is None:
        return
    headers = response.headers
    exchange.note_answer(response.status_code, headers.get("content-length"), headers.get("content-encoding"))
    response.stream = stream_type(response.stream, exchange)


@harmless
def observe_aiohttp(module, spans):
    _observe_session(module.ClientSession, spans)
    if spans.mode == "bodies":
        _observe_body(module.ClientResponse)


def _observe_session(session, spans):
    send = session._request

    @functools.wraps(send)
    async def request(self, method, url, **options):
        exchange, headers = _begin_aiohttp(spans, self, method, url, options) or (None, options)
        try:
            response = await send(self, method, url, **headers)
        except BaseException as error:
            _end(exchange, error)
            raise
        _note_aiohttp_answer(spans, exchange, response)
        return response

    session._request = request


@harmless
def _begin_aiohttp(spans, session, method, url, options):
    """With the options to be used."""
    from multidict import CIMultiDict

    headers = CIMultiDict(options.get("headers") or ())
    exchange = open_exchange(spans, method, url)
    if exchange is None:
        return None
    for given in (session.headers or {}, headers):
        for name, value in given.items():
            exchange.note_header(name, value)
    if exchange.traceparent is not None:
        headers[TRACEPARENT] = exchange.traceparent
        options = {**options, "headers": headers}
    _note_aiohttp_body(exchange, options)
    return exchange, options


def _note_aiohttp_body(exchange, options):
    data, value = options.get("data"), options.get("json")
    if value is not None:
        data = json.dumps(value, default=str)
    exchange.note_sent(data)


@harmless
def _note_aiohttp_answer(spans, exchange, response):
    if exchange is None:
        return
    sent = response.history[0].request_info if response.history else response.request_info
    exchange.url = str(sent.url)
    for name, value in response.request_info.headers.items():
        exchange.note_header(name, value)
    length = response.headers.get("content-length")
    # Its reader has what it received decompressed.
    exchange.note_answer(response.status, length)
    response._mozaiks_exchange = exchange

    def on_end():
        if length is None and response.headers.get("content-encoding") is None:
            exchange.response_bytes = getattr(response.content, "total_bytes", None)
        exchange.span.duration_ms = exchange.span.elapsed_ms()
        # With bodies, it is told when the plugin has read its one.
        if spans.mode != "bodies":
            exchange.end()

    if response.status == 101:
        exchange.end()
    else:
        response.content.on_eof(harmless(on_end))


def _observe_body(response_type):
    read = response_type.read

    @functools.wraps(read)
    async def read_and_note(self):
        exchange = self.__dict__.get("_mozaiks_exchange")
        try:
            data = await read(self)
        except BaseException as error:
            _end(exchange, error)
            raise
        if exchange is not None:
            exchange.note_received(data)
            exchange.end()
        return data

    response_type.read = read_and_note


def _end(exchange, error):
    if exchange is not None:
        exchange.end(error)
