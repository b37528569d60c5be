"""Commands to MongoDB, as pymongo tells of them: motor and pymongo's own asynchronous client are built on it.

A command and what fetches the rest of its answer are one child span.
"""

from __future__ import annotations

import uuid

from mozaiks_host_shorten import fit_json, length_of, whole_json
from mozaiks_host_spans import MAX_TEXT, harmless

MAX_SCOPE = 16 * 1024
# There is something around it.
MAX_FILTER = MAX_SCOPE - 100
MAX_NAME = 200
MAX_IDS = 100
# Commands that run, and cursors that have more.
MAX_KNOWN = 1_000
# What the driver does by itself, or to say who it is.
UNSEEN = frozenset(
    "hello ismaster ping buildinfo endsessions killcursors authenticate getnonce saslstart saslcontinue".split()
)
# What a command is about, by its name.
SUBJECTS = {
    "find": "filter",
    "count": "query",
    "distinct": "query",
    "findAndModify": "query",
    "aggregate": "pipeline",
    "insert": "documents",
    "update": "updates",
    "delete": "deletes",
    "createIndexes": "indexes",
}
# Pipelines that begin so read no documents of a collection.
METADATA = {"$collStats", "$indexStats", "$currentOp", "$listSessions", "$documents", "$changeStream"}
SCOPE_FIELDS = ("_id", "user_id", "app_id")


@harmless
def observe(monitoring, spans):
    """Before any client exists: `monitoring` is pymongo's module."""

    class Listener(monitoring.CommandListener):
        @harmless
        def started(self, event):
            if event.command_name.lower() not in UNSEEN:
                commands.start(event)

        @harmless
        def succeeded(self, event):
            commands.succeed(event)

        @harmless
        def failed(self, event):
            commands.fail(event)

    commands = Commands(spans)
    monitoring.register(Listener())


class Commands:
    """Those that run, and the cursors that have more."""

    def __init__(self, spans):
        self._spans = spans
        self._running = {}
        self._cursors = {}

    def start(self, event):
        account = self._spans.account()
        if account is None:
            return
        command = self._cursors.pop(_cursor_key(event, event.command.get("getMore")), None)
        if command is None or command.span.account is not account or command.is_over:
            command = Command(event)
            command.span = self._spans.open(command.report)
        # Cancelled ones never end.
        _remember(self._running, event.request_id, command)

    def succeed(self, event):
        command = self._running.pop(event.request_id, None)
        if command is None:
            return
        cursor = command.answered(event.reply, event.duration_micros / 1000)
        if cursor:
            command.span.is_answered = True
            # Those that a plugin reads the beginning of never end.
            _remember(self._cursors, _cursor_key(event, cursor), command)
        else:
            command.span.end(_write_error(event.reply))

    def fail(self, event):
        command = self._running.pop(event.request_id, None)
        if command is None:
            return
        command.add_time(event.duration_micros / 1000)
        failure = event.failure
        command.span.end(str(failure.get("errmsg") or failure) if hasattr(failure, "get") else failure)


def _remember(known, key, command):
    """The oldest is forgotten for it: most are taken out long before."""
    if len(known) >= MAX_KNOWN:
        known.pop(next(iter(known)), None)
    known[key] = command


def _cursor_key(event, cursor):
    return (event.connection_id, cursor)


class Command:
    def __init__(self, event):
        command = event.command
        self._name = event.command_name
        self._database = event.database_name
        target = command.get(self._name)
        target = target if isinstance(target, str) else command.get("collection")
        self._collection = target[:MAX_NAME] if isinstance(target, str) else None
        # Taken now: the plugin may change what it gave.
        subject = command.get(SUBJECTS.get(self._name))
        self._filter = None if subject is None else fit_json(subject, MAX_TEXT, _extended)
        self._scope = _scope_of(self._name, subject)
        self._documents = None
        self._ids = []
        self._count = {}
        self.span = None

    @property
    def is_over(self):
        spans = self.span.account.spans
        return spans is None or self.span not in spans

    def add_time(self, duration_ms):
        self.span.duration_ms = (self.span.duration_ms or 0) + duration_ms

    def answered(self, reply, duration_ms):
        """The cursor's id where there is more."""
        self.add_time(duration_ms)
        found = _documents_in(reply)
        count = _count_of(self._name, reply) if found is None else len(found)
        if count is not None:
            self._documents = (self._documents or 0) + count
        for document in (found or ())[: MAX_IDS - len(self._ids)]:
            if hasattr(document, "get"):
                self._ids.append(document.get("_id"))
        cursor = reply.get("cursor")
        return cursor.get("id") if isinstance(cursor, dict) else None

    def report(self, is_whole):
        work = {"kind": "database", "command": self._name[:MAX_NAME], "database": self._database[:MAX_NAME]}
        work.update(collection=self._collection, filter=self._filter if is_whole else None, documents=self._documents)
        return work, self._scope_text() if is_whole else None

    def _scope_text(self):
        if self._scope is None:
            return None
        ids = whole_json(self._ids, MAX_SCOPE, _extended) if self._ids else None
        text = "{%s}" % self._scope if ids is None else '{%s,"ids":%s}' % (self._scope, ids)
        return text if length_of(text) <= MAX_SCOPE else "{%s}" % self._scope


def _documents_in(reply):
    """Of a cursor's batch, of `distinct`, of `findAndModify`; None where the answer has none."""
    cursor = reply.get("cursor")
    if isinstance(cursor, dict):
        batch = cursor.get("firstBatch", cursor.get("nextBatch"))
        return batch if isinstance(batch, list) else None
    if "value" in reply:
        return [] if reply["value"] is None else [reply["value"]]
    return reply.get("values")


def _count_of(name, reply):
    if name == "update":
        return reply.get("nModified", 0) + len(reply.get("upserted") or ())
    count = reply.get("n")
    return int(count) if isinstance(count, (int, float)) else None


def _write_error(reply):
    """A command can succeed of which a write failed."""
    for error in reply.get("writeErrors") or ():
        return str(error.get("errmsg"))
    error = reply.get("writeConcernError")
    return None if error is None else str(error.get("errmsg"))


def _scope_of(name, subject):
    """What rules need of a command, as a member of a JSON object; None where no rule needs it, or it is too long."""
    if name == "insert":
        text = whole_json(_scopes_of(subject), MAX_FILTER, _extended)
        return text and f'"documents":{text}'
    if name in ("update", "delete"):
        statements = [statement.get("q", {}) for statement in subject]
        asked = statements[0] if len(statements) == 1 else {"$or": statements}
    elif name == "aggregate":
        first = subject[0] if subject else {}
        if METADATA.intersection(first):
            return None
        asked = first.get("$match", {})
    elif name in ("find", "count", "distinct", "findAndModify"):
        asked = subject or {}
    else:
        return None
    text = whole_json(asked, MAX_FILTER, _extended) or whole_json(_pruned(asked), MAX_FILTER, _extended)
    return text and f'"filter":{text}'


def _scopes_of(documents):
    """The first hundred, and of the others those that belong to someone else."""
    found, known = [], set()
    for document in documents:
        scope = {field: document[field] for field in SCOPE_FIELDS if field in document}
        owner = repr((scope.get("user_id"), scope.get("app_id")))
        if len(found) < MAX_IDS or owner not in known:
            known.add(owner)
            found.append(scope)
    return found


def _pruned(asked):
    """Only what scopes it, of a long filter."""
    if not hasattr(asked, "items"):
        return asked
    kept = {field: asked[field] for field in SCOPE_FIELDS if field in asked}
    for field in ("$and", "$or"):
        if field in asked:
            kept[field] = [_pruned(branch) for branch in asked[field]]
    return kept


def _extended(value):
    """As MongoDB's relaxed Extended JSON, by the driver's own module."""
    if type(value).__name__ == "ObjectId":
        return {"$oid": str(value)}
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return float(value)
    if hasattr(value, "items"):
        return dict(value.items())
    if isinstance(value, uuid.UUID):
        return {"$uuid": str(value)}
    from bson import json_util

    try:
        return json_util.default(value, json_util.RELAXED_JSON_OPTIONS)
    except (TypeError, ValueError):
        return type(value).__name__
