"""Requests of http.client, on which urllib, urllib3 and requests are built: seen there, each is seen once.

Its methods are replaced by ones that do the same and note it. What they note is kept as an attribute of the connection,
then of the answer.
"""

from __future__ import annotations

import functools

from mozaiks_host_spans import harmless
from mozaiks_host_spans_exchange import TRACEPARENT, open_exchange

EXCHANGE = "_mozaiks_exchange"
# One that was begun before http.client knows of it.
BEGUN = "_mozaiks_begun"
READERS = ("read", "read1", "readinto", "readline", "_safe_read", "_safe_readinto")


@harmless
def observe_http_client(module, spans):
    connection = module.HTTPConnection
    _observe_sending(connection, spans)
    _observe_answer(connection)
    for name in READERS:
        # `_safe_read` is what urllib3 reads chunks by; a later Python may not have it.
        if hasattr(module.HTTPResponse, name):
            _observe_reading(module.HTTPResponse, name)
    _observe_end(module.HTTPResponse)


@harmless
def observe_urllib3(module, spans):
    """It connects before http.client gets the request: what fails there is a request that failed."""
    pool = module.HTTPConnectionPool
    make = pool._make_request

    @functools.wraps(make)
    def make_request(self, connection, method, url, *arguments, **options):
        exchange = _begin(spans, connection, method, url)
        if exchange is not None:
            connection.__dict__[BEGUN] = exchange
        response = _fail_with(exchange, make, self, connection, method, url, *arguments, **options)
        if exchange is not None and exchange.status is None:
            # By another way than http.client.
            exchange.note_answer(response.status)
            exchange.end()
        return response

    pool._make_request = make_request


def _observe_sending(connection_type, spans):
    putrequest, putheader = connection_type.putrequest, connection_type.putheader
    endheaders, send = connection_type.endheaders, connection_type.send

    @functools.wraps(putrequest)
    def put_request(self, method, url, *arguments, **options):
        exchange = self.__dict__.pop(BEGUN, None) or _begin(spans, self, method, url)
        self.__dict__[EXCHANGE] = exchange
        return _fail_with(exchange, putrequest, self, method, url, *arguments, **options)

    @functools.wraps(putheader)
    def put_header(self, header, *values):
        exchange = self.__dict__.get(EXCHANGE)
        if exchange is not None:
            exchange.note_header(header, *values)
        return putheader(self, header, *values)

    @functools.wraps(endheaders)
    def end_headers(self, message_body=None, **options):
        exchange = self.__dict__.get(EXCHANGE)
        if exchange is None:
            return endheaders(self, message_body, **options)
        if exchange.traceparent is not None:
            putheader(self, TRACEPARENT, exchange.traceparent)
        exchange.note_sent(message_body)
        try:
            return endheaders(self, message_body, **options)
        except BrokenPipeError as error:
            exchange.error = error
            raise
        except BaseException as error:
            exchange.end(error)
            raise
        finally:
            exchange.is_sent = True

    @functools.wraps(send)
    def send_data(self, data):
        exchange = self.__dict__.get(EXCHANGE)
        # Before, it is the headers and the body that came with them.
        if exchange is not None and exchange.is_sent:
            exchange.note_sent(data)
        return send(self, data)

    for name, method in (("putrequest", put_request), ("putheader", put_header), ("endheaders", end_headers)):
        setattr(connection_type, name, method)
    connection_type.send = send_data


def _observe_answer(connection_type):
    getresponse = connection_type.getresponse

    @functools.wraps(getresponse)
    def get_response(self, *arguments, **options):
        if arguments or options:
            # urllib3 1 tries it with one of Python 2, and then without.
            return getresponse(self, *arguments, **options)
        exchange = self.__dict__.get(EXCHANGE)
        response = _fail_with(exchange, getresponse, self)
        self.__dict__[EXCHANGE] = None
        if exchange is not None:
            exchange.note_answer(response.status, response.length, response.headers.get("content-encoding"))
            response.__dict__[EXCHANGE] = exchange
            if response.length == 0:
                exchange.end()
        return response

    connection_type.getresponse = get_response


def _observe_reading(response_type, name):
    read = getattr(response_type, name)

    @functools.wraps(read)
    def read_and_note(self, *arguments, **options):
        exchange = self.__dict__.get(EXCHANGE)
        if exchange is None or exchange.is_reading:
            return read(self, *arguments, **options)
        exchange.is_reading = True
        try:
            result = _fail_with(exchange, read, self, *arguments, **options)
        finally:
            exchange.is_reading = False
        data = memoryview(arguments[0])[:result] if isinstance(result, int) else result
        # What ends a chunk is no part of the body.
        if data != b"\r\n" or not self.chunked:
            exchange.note_received(data)
        if self.isclosed():
            exchange.end()
        return result

    setattr(response_type, name, read_and_note)


def _observe_end(response_type):
    close = response_type._close_conn

    @functools.wraps(close)
    def close_and_note(self):
        close(self)
        exchange = self.__dict__.get(EXCHANGE)
        if exchange is not None and not exchange.is_reading:
            exchange.end()

    response_type._close_conn = close_and_note


@harmless
def _begin(spans, connection, method, url):
    return open_exchange(spans, method, _whole_url(connection, url))


def _whole_url(connection, url):
    if "://" in url:
        return url
    is_secure = getattr(connection, "default_port", 80) == 443
    host, port = getattr(connection, "_tunnel_host", None), getattr(connection, "_tunnel_port", None)
    if host is None:
        host, port = connection.host, connection.port
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    shown = "" if port in (None, 443 if is_secure else 80) else f":{port}"
    return f"{'https' if is_secure else 'http'}://{host}{shown}{url}"


def _fail_with(exchange, function, *arguments, **options):
    """Calls it; what it raises ends the request."""
    try:
        return function(*arguments, **options)
    except BaseException as error:
        if exchange is not None:
            exchange.end(error)
        raise
