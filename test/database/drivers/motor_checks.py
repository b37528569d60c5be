"""What Python plugins do with a database, by motor: each check on a line, as {"name", "refused", "error"}."""

import asyncio
import datetime
import json
import os
import re
import uuid

import bson
import pymongo
from bson.raw_bson import RawBSONDocument
from bson import Binary, Code, DBRef, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, SON, Timestamp
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorGridFSBucket
from pymongo import ASCENDING, DESCENDING, DeleteMany, DeleteOne, IndexModel, InsertOne, ReplaceOne, ReturnDocument, UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError, DocumentTooLarge, DuplicateKeyError, OperationFailure

URI = os.environ["DATABASE_URI"]
PRODUCTION = {
    "maxPoolSize": 100,
    "minPoolSize": 10,
    "maxIdleTimeMS": 60_000,
    "connectTimeoutMS": 5_000,
    "serverSelectionTimeoutMS": 5_000,
    "heartbeatFrequencyMS": 10_000,
    "retryWrites": True,
    "w": "majority",
}
CHECKS = []


def check(name):
    def add(function):
        CHECKS.append((name, function))
        return function

    return add


def equal(found, expected):
    if found != expected:
        raise AssertionError("found %r, expected %r" % (found, expected))


async def refuses(code, awaitable):
    try:
        result = await awaitable
    except OperationFailure as error:
        equal(error.code, code)
        return code
    raise AssertionError("answered with %r" % (result,))


async def ids(cursor):
    return [document["_id"] async for document in cursor]


async def fill(collection, *documents):
    await collection.insert_many([dict(one) for one in documents])
    return collection


@check("ping")
async def _(db):
    equal((await db.command("ping"))["ok"], 1)
    equal((await db.client.server_info())["version"], "7.0.0")


@check("production's options")
async def _(db):
    equal(db.client.options.pool_options.max_pool_size if pymongo.version_tuple[0] > 3 else db.client.max_pool_size, 100)
    result = await db["options"].insert_one({"a": 1})
    equal(result.acknowledged, True)
    unacknowledged = db.get_collection("options", write_concern=pymongo.WriteConcern(w=0))
    equal((await unacknowledged.insert_one({"a": 2})).acknowledged, False)


@check("insert_one")
async def _(db):
    result = await db["one"].insert_one({"title": "tea", "done": False})
    equal(type(result.inserted_id), ObjectId)
    equal(await db["one"].find_one({"_id": result.inserted_id}), {"_id": result.inserted_id, "title": "tea", "done": False})
    equal(await db["one"].find_one({"title": "none"}), None)


@check("insert 1000")
async def _(db):
    result = await db["thousand"].insert_many([{"n": n} for n in range(1000)])
    equal(len(set(result.inserted_ids)), 1000)
    equal(await db["thousand"].count_documents({}), 1000)


@check("filter, sort, skip, limit, projection")
async def _(db):
    c = await fill(db["list"], *({"_id": n, "g": n % 2, "v": -n, "x": "x"} for n in range(10)))
    found = await c.find({"g": 1}, {"v": 1}).sort("v", ASCENDING).skip(1).limit(2).to_list(None)
    equal(found, [{"_id": 7, "v": -7}, {"_id": 5, "v": -5}])
    equal(await c.find({"_id": 3}, {"_id": 0, "x": 0}).to_list(None), [{"g": 1, "v": -3}])
    equal(await ids(c.find().sort([("g", DESCENDING), ("_id", DESCENDING)]).limit(3)), [9, 7, 5])


@check("getMore")
async def _(db):
    c = await fill(db["more"], *({"_id": n} for n in range(450)))
    equal(await ids(c.find().sort("_id", 1).batch_size(100)), list(range(450)))
    equal(len(await c.find().to_list(50)), 50)
    cursor = c.find().batch_size(2)
    async for _ in cursor:
        break
    await cursor.close()
    equal(len(await c.aggregate([{"$match": {}}], batchSize=7).to_list(None)), 450)


@check("query operators")
async def _(db):
    c = await fill(
        db["operators"],
        {"_id": 1, "n": 1, "tags": ["a", "b"], "at": {"city": "Rome"}, "lines": [{"sku": "x", "n": 2}]},
        {"_id": 2, "n": 5, "tags": ["b"], "at": {"city": "Oslo"}, "lines": [{"sku": "y", "n": 2}, {"sku": "x", "n": 9}]},
        {"_id": 3, "n": 9.5, "tags": [], "name": "Zoe"},
    )
    for query, expected in (
        ({"n": {"$gt": 1, "$lte": 9.5}}, [2, 3]),
        ({"n": {"$in": [1, 9.5]}}, [1, 3]),
        ({"n": {"$nin": [1, 9.5]}}, [2]),
        ({"n": {"$ne": 5}}, [1, 3]),
        ({"n": {"$not": {"$lt": 5}}}, [2, 3]),
        ({"$or": [{"n": 1}, {"name": "Zoe"}]}, [1, 3]),
        ({"$nor": [{"n": 1}, {"name": "Zoe"}]}, [2]),
        ({"$and": [{"tags": "b"}, {"n": {"$gte": 2}}]}, [2]),
        ({"tags": {"$all": ["a", "b"]}}, [1]),
        ({"tags": {"$size": 0}}, [3]),
        ({"tags": ["a", "b"]}, [1]),
        ({"tags.0": "b"}, [2]),
        ({"at.city": "Oslo"}, [2]),
        ({"at": {"city": "Rome"}}, [1]),
        ({"lines": {"$elemMatch": {"sku": "x", "n": {"$gt": 5}}}}, [2]),
        ({"lines.sku": "x"}, [1, 2]),
        ({"name": {"$exists": True}}, [3]),
        ({"name": {"$type": "string"}}, [3]),
        ({"n": {"$type": "number"}}, [1, 2, 3]),
        ({"n": {"$mod": [4, 1]}}, [1, 2, 3]),
        ({"name": {"$regex": "^z", "$options": "i"}}, [3]),
        ({"name": re.compile("oe$")}, [3]),
    ):
        equal((query, await ids(c.find(query).sort("_id", 1))), (query, expected))


@check("$expr")
async def _(db):
    c = await fill(db["expr"], {"_id": 1, "spent": 5, "limit": 3}, {"_id": 2, "spent": 1, "limit": 3})
    equal(await ids(c.find({"$expr": {"$gt": ["$spent", "$limit"]}})), [1])


@check("null is missing")
async def _(db):
    c = await fill(db["null"], {"_id": 1, "a": None}, {"_id": 2}, {"_id": 3, "a": 1})
    equal(await ids(c.find({"a": None}).sort("_id", 1)), [1, 2])
    equal(await ids(c.find({"a": {"$ne": None}})), [3])
    equal(await ids(c.find({"$expr": {"$eq": ["$a", None]}})), [1])


@check("update operators")
async def _(db):
    c = db["updates"]
    await c.insert_one({"_id": 1, "n": 1, "m": 3, "low": 5, "high": 5, "old": 1, "gone": 1, "tags": ["a", "b", "c", "b"], "set": [1]})
    result = await c.update_one(
        {"_id": 1},
        {
            "$set": {"deep.er": 1},
            "$unset": {"gone": ""},
            "$inc": {"n": 2, "new": 1},
            "$mul": {"m": 2},
            "$min": {"low": 3},
            "$max": {"high": 9},
            "$rename": {"old": "renamed"},
            "$currentDate": {"at": True},
            "$addToSet": {"set": {"$each": [1, 2]}},
            "$pull": {"tags": "b"},
        },
    )
    equal((result.matched_count, result.modified_count), (1, 1))
    found = await c.find_one({"_id": 1})
    equal(type(found.pop("at")), datetime.datetime)
    equal(found, {"_id": 1, "n": 3, "m": 6, "low": 3, "high": 9, "tags": ["a", "c"], "set": [1, 2], "deep": {"er": 1}, "new": 1, "renamed": 1})
    await c.update_one({"_id": 1}, {"$pop": {"tags": -1}, "$pullAll": {"set": [1]}, "$push": {"list": 1}})
    found = await c.find_one({"_id": 1}, {"tags": 1, "set": 1, "list": 1})
    equal(found, {"_id": 1, "tags": ["c"], "set": [2], "list": [1]})
    await c.update_one({"_id": 1}, [{"$set": {"sum": {"$add": ["$n", "$m"]}}}, {"$unset": "deep"}])
    equal((await c.find_one({"_id": 1}))["sum"], 9)


@check("no-op modifies 0")
async def _(db):
    c = await fill(db["noop"], {"_id": 1, "a": 1, "tags": ["x"]})
    for update in ({"$set": {"a": 1}}, {"$addToSet": {"tags": "x"}}, {"$unset": {"none": ""}}, {"$inc": {"a": 0}}, {"$set": {"_id": 1}}):
        result = await c.update_one({"_id": 1}, update)
        equal((update, result.matched_count, result.modified_count), (update, 1, 0))


@check("$push each/sort/slice")
async def _(db):
    c = await fill(db["push"], {"_id": 1})
    modifiers = {"$each": [{"s": 3}, {"s": 1}, {"s": 2}], "$sort": {"s": -1}, "$slice": 2}
    await c.update_one({"_id": 1}, {"$push": {"scores": modifiers}})
    equal((await c.find_one())["scores"], [{"s": 3}, {"s": 2}])
    await c.update_one({"_id": 1}, {"$push": {"scores": {"$each": [{"s": 9}], "$position": 0, "$slice": -2}}})
    equal((await c.find_one())["scores"], [{"s": 3}, {"s": 2}])


@check("positionals")
async def _(db):
    c = await fill(db["positional"], {"_id": 1, "a": [1, 5, 9], "b": [{"k": 1, "v": 0}, {"k": 2, "v": 0}]})
    await c.update_one({"a": {"$gte": 5}}, {"$set": {"a.$": 6}})
    await c.update_one({"_id": 1}, {"$inc": {"b.$[].v": 1}})
    await c.update_one({"_id": 1}, {"$set": {"b.$[e].v": 7}}, array_filters=[{"e.k": 2}])
    equal(await c.find_one(), {"_id": 1, "a": [1, 6, 9], "b": [{"k": 1, "v": 1}, {"k": 2, "v": 7}]})


@check("$slice projection")
async def _(db):
    c = await fill(db["slice"], {"_id": 1, "a": [1, 2, 3, 4], "b": 1})
    equal(await c.find_one({}, {"a": {"$slice": -2}}), {"_id": 1, "a": [3, 4], "b": 1})
    equal(await c.find_one({}, {"a": {"$slice": [1, 2]}, "_id": 0, "none": 1}), {"a": [2, 3]})


@check("upsert, $setOnInsert")
async def _(db):
    c = db["upsert"]
    update = {"$set": {"n": 1}, "$setOnInsert": {"born": True}}
    first = await c.update_one({"user": "ada"}, update, upsert=True)
    equal((first.matched_count, type(first.upserted_id)), (0, ObjectId))
    second = await c.update_one({"user": "ada"}, {"$set": {"n": 2}, "$setOnInsert": {"born": False}}, upsert=True)
    equal((second.matched_count, second.upserted_id), (1, None))
    equal(await c.find_one({}, {"_id": 0}), {"user": "ada", "n": 2, "born": True})


@check("dotted upsert")
async def _(db):
    await db["dotted"].update_one({"a.b": 1, "c": {"$gt": 5}, "d": {"$eq": 2}}, {"$set": {"a.e": 3}}, upsert=True)
    equal(await db["dotted"].find_one({}, {"_id": 0}), {"a": {"b": 1, "e": 3}, "d": 2})


@check("replace, many, delete")
async def _(db):
    c = await fill(db["replace"], {"_id": 1, "a": 1}, {"_id": 2, "a": 1}, {"_id": 3, "a": 2})
    equal((await c.replace_one({"_id": 1}, {"b": 1})).modified_count, 1)
    equal(await c.find_one({"_id": 1}), {"_id": 1, "b": 1})
    result = await c.update_many({"a": {"$exists": True}}, {"$inc": {"a": 10}})
    equal((result.matched_count, result.modified_count), (2, 2))
    equal((await c.delete_one({"a": 11})).deleted_count, 1)
    equal((await c.delete_many({})).deleted_count, 2)
    equal((await c.delete_many({})).deleted_count, 0)


@check("find_one_and_*")
async def _(db):
    c = await fill(db["modify"], {"_id": 1, "n": 1}, {"_id": 2, "n": 2})
    equal(await c.find_one_and_update({"_id": 1}, {"$inc": {"n": 1}}), {"_id": 1, "n": 1})
    after = {"return_document": ReturnDocument.AFTER}
    equal(await c.find_one_and_update({}, {"$inc": {"n": 5}}, sort=[("_id", -1)], projection={"_id": 0}, **after), {"n": 7})
    equal(await c.find_one_and_replace({"_id": 1}, {"r": 1}, **after), {"_id": 1, "r": 1})
    equal(await c.find_one_and_delete({"_id": 1}), {"_id": 1, "r": 1})
    equal(await c.find_one_and_update({"_id": 9}, {"$set": {"n": 9}}, upsert=True, **after), {"_id": 9, "n": 9})
    equal(await c.find_one_and_delete({"_id": 100}), None)


@check("mixed bulk")
async def _(db):
    c = await fill(db["bulk"], {"_id": 1, "n": 1}, {"_id": 2, "n": 1}, {"_id": 3, "n": 3})
    result = await c.bulk_write(
        [
            InsertOne({"_id": 4, "n": 4}),
            UpdateOne({"_id": 1}, {"$set": {"n": 10}}),
            UpdateMany({"n": 1}, {"$inc": {"n": 1}}),
            ReplaceOne({"_id": 3}, {"r": 1}),
            UpdateOne({"_id": 5}, {"$set": {"n": 5}}, upsert=True),
            DeleteOne({"_id": 4}),
            DeleteMany({"n": {"$gte": 10}}),
        ]
    )
    counts = (result.inserted_count, result.matched_count, result.modified_count, result.deleted_count, result.upserted_ids)
    equal(counts, (1, 3, 3, 2, {4: 5}))
    equal(await c.find().sort("_id", 1).to_list(None), [{"_id": 2, "n": 2}, {"_id": 3, "r": 1}, {"_id": 5, "n": 5}])


@check("distinct, counts")
async def _(db):
    c = await fill(db["distinct"], {"t": ["a", "b"], "n": 1}, {"t": "c", "n": 1}, {"n": 2})
    equal(sorted(await c.distinct("t")), ["a", "b", "c"])
    equal(await c.distinct("n", {"t": "c"}), [1])
    equal((await c.count_documents({"n": 1}), await c.estimated_document_count()), (2, 3))
    equal(await c.count_documents({}, skip=1, limit=1), 1)
    equal(await db["nothing"].count_documents({}), 0)


@check("index list")
async def _(db):
    c = db["indexes"]
    equal(await c.create_index([("user_id", 1), ("at", -1)]), "user_id_1_at_-1")
    equal(await c.create_index([("user_id", 1), ("at", -1)]), "user_id_1_at_-1")
    names = await c.create_indexes([IndexModel("a", name="by_a"), IndexModel([("b.c", -1)])])
    equal(names, ["by_a", "b.c_-1"])
    found = await c.index_information()
    equal(sorted(found), ["_id_", "b.c_-1", "by_a", "user_id_1_at_-1"])
    equal(found["user_id_1_at_-1"]["key"], [("user_id", 1), ("at", -1)])
    await c.drop_index("by_a")
    equal(len(await c.index_information()), 3)
    await refuses(27, c.drop_index("by_a"))
    await c.drop_indexes()
    equal(list(await c.index_information()), ["_id_"])


@check("unique")
async def _(db):
    c = await fill(db["unique"], {"_id": 1, "mail": "a"}, {"_id": 2, "mail": "b"})
    await c.create_index("mail", unique=True)
    for attempt in (c.insert_one({"mail": "a"}), c.update_one({"_id": 2}, {"$set": {"mail": "a"}})):
        try:
            await attempt
        except DuplicateKeyError as error:
            equal((error.code, error.details["keyPattern"], error.details["keyValue"]), (11000, {"mail": 1}, {"mail": "a"}))
        else:
            raise AssertionError("a duplicate was stored")
    await fill(db["twice"], {"m": 1}, {"m": 1})
    await refuses(11000, db["twice"].create_index("m", unique=True))


@check("duplicate _id")
async def _(db):
    await db["ids"].insert_one({"_id": "a"})
    try:
        await db["ids"].insert_one({"_id": "a"})
    except DuplicateKeyError as error:
        equal(error.code, 11000)
        equal("_id_ dup key: { _id: \"a\" }" in str(error), True)
    else:
        raise AssertionError("a duplicate was stored")


@check("unordered bulk error")
async def _(db):
    for ordered, stored in ((False, 3), (True, 1)):
        c = db["unordered%d" % ordered]
        try:
            await c.insert_many([{"_id": 1}, {"_id": 1}, {"_id": 2}, {"_id": 3}], ordered=ordered)
        except BulkWriteError as error:
            [failed] = error.details["writeErrors"]
            equal((failed["index"], failed["code"], error.details["nInserted"]), (1, 11000, stored))
        else:
            raise AssertionError("a duplicate was stored")
        equal(await c.count_documents({}), stored)


@check("TTL, sparse, partial")
async def _(db):
    c = db["options_of_indexes"]
    await c.create_index("at", expireAfterSeconds=3600)
    await c.create_index("code", unique=True, sparse=True)
    await c.create_index("mail", unique=True, partialFilterExpression={"active": True})
    await c.insert_many([{"n": 1}, {"n": 2}, {"code": 1}, {"mail": "a", "active": True}, {"mail": "a", "active": False}])
    for document in ({"code": 1}, {"mail": "a", "active": True}):
        await refuses(11000, c.insert_one(document))
    found = await c.index_information()
    equal((found["at_1"]["expireAfterSeconds"], found["code_1"]["sparse"]), (3600, True))
    equal(found["mail_1"]["partialFilterExpression"], {"active": True})


@check("drops, lists")
async def _(db):
    other = db.client["other_database"]
    await other["a"].insert_one({})
    await other.create_collection("b")
    equal(sorted(await other.list_collection_names()), ["a", "b"])
    equal("other_database" in await db.client.list_database_names(), True)
    await refuses(48, other.command("create", "b"))
    await other["a"].rename("c")
    await refuses(26, other["a"].rename("d"))
    await refuses(48, other["b"].rename("c"))
    await other["b"].drop()
    equal(await other.list_collection_names(), ["c"])
    equal((await other.command("collStats", "c"))["count"], 1)
    equal((await other.command("dbStats"))["collections"], 1)
    await db.client.drop_database("other_database")
    equal("other_database" in await db.client.list_database_names(), False)


@check("$group")
async def _(db):
    c = await fill(db["group"], *({"u": "ab"[n % 2], "n": n} for n in range(6)))
    accumulators = {"sum": {"$sum": "$n"}, "avg": {"$avg": "$n"}, "min": {"$min": "$n"}, "max": {"$max": "$n"}, "count": {"$sum": 1}}
    lists = {"first": {"$first": "$n"}, "last": {"$last": "$n"}, "all": {"$push": "$n"}}
    pipeline = [{"$sort": {"n": 1}}, {"$group": {"_id": "$u", **accumulators, **lists}}, {"$sort": {"_id": 1}}]
    equal(
        await c.aggregate(pipeline).to_list(None),
        [
            {"_id": "a", "sum": 6, "avg": 2.0, "min": 0, "max": 4, "count": 3, "first": 0, "last": 4, "all": [0, 2, 4]},
            {"_id": "b", "sum": 9, "avg": 3.0, "min": 1, "max": 5, "count": 3, "first": 1, "last": 5, "all": [1, 3, 5]},
        ],
    )
    equal(await c.aggregate([{"$match": {"u": "a"}}, {"$count": "n"}]).to_list(None), [{"n": 3}])


@check("$lookup")
async def _(db):
    await fill(db["orders"], {"_id": 1, "who": "ada"}, {"_id": 2, "who": "bob"})
    await fill(db["people"], {"_id": "ada", "age": 36})
    lookup = {"from": "people", "localField": "who", "foreignField": "_id", "as": "people"}
    found = await db["orders"].aggregate([{"$sort": {"_id": 1}}, {"$lookup": lookup}]).to_list(None)
    equal([one["people"] for one in found], [[{"_id": "ada", "age": 36}], []])


@check("its pipeline")
async def _(db):
    await fill(db["carts"], {"_id": 1, "min": 5})
    await fill(db["goods"], {"_id": 1, "price": 3}, {"_id": 2, "price": 7})
    inner = [{"$match": {"$expr": {"$gte": ["$price", "$$least"]}}}, {"$project": {"price": 1, "_id": 0}}]
    lookup = {"from": "goods", "let": {"least": "$min"}, "pipeline": inner, "as": "goods"}
    equal(await db["carts"].aggregate([{"$lookup": lookup}]).to_list(None), [{"_id": 1, "min": 5, "goods": [{"price": 7}]}])


@check("$facet, $unwind, $sample")
async def _(db):
    c = await fill(db["facet"], {"_id": 1, "t": ["a", "b"]}, {"_id": 2, "t": ["b"]}, {"_id": 3, "t": []})
    tags = [{"$unwind": "$t"}, {"$sortByCount": "$t"}]
    [found] = await c.aggregate([{"$facet": {"tags": tags, "count": [{"$count": "n"}]}}]).to_list(None)
    equal(found, {"tags": [{"_id": "b", "count": 2}, {"_id": "a", "count": 1}], "count": [{"n": 3}]})
    options = {"path": "$t", "includeArrayIndex": "at", "preserveNullAndEmptyArrays": True}
    found = await c.aggregate([{"$unwind": options}, {"$sort": {"_id": 1, "at": 1}}]).to_list(None)
    equal(found[-1], {"_id": 3, "at": None})
    equal([(one["t"], one["at"]) for one in found[:3]], [("a", 0), ("b", 1), ("b", 0)])
    sampled = await c.aggregate([{"$sample": {"size": 2}}]).to_list(None)
    equal(len({one["_id"] for one in sampled}), 2)


@check("expressions")
async def _(db):
    at = datetime.datetime(2026, 1, 2, 3, 4, 5)
    await db["expressions"].insert_one({"_id": ObjectId("0123456789abcdef01234567"), "a": [3, 1, 2], "s": "Ada", "n": None, "at": at})
    expressions = {
        "cond": ({"$cond": [{"$gt": [{"$size": "$a"}, 2]}, "many", "few"]}, "many"),
        "ifNull": ({"$ifNull": ["$n", "$none", 5]}, 5),
        "switch": ({"$switch": {"branches": [{"case": False, "then": 1}], "default": 2}}, 2),
        "map": ({"$map": {"input": "$a", "as": "x", "in": {"$multiply": ["$$x", 2]}}}, [6, 2, 4]),
        "filter": ({"$filter": {"input": "$a", "cond": {"$gt": ["$$this", 1]}}}, [3, 2]),
        "reduce": ({"$reduce": {"input": "$a", "initialValue": 0, "in": {"$add": ["$$value", "$$this"]}}}, 6),
        "text": ({"$concat": [{"$toUpper": "$s"}, "-", {"$substrCP": ["$s", 1, 2]}]}, "ADA-da"),
        "date": ({"$dateToString": {"date": "$at", "format": "%Y-%m-%d"}}, "2026-01-02"),
        "parts": ([{"$year": "$at"}, {"$month": "$at"}, {"$dayOfWeek": "$at"}], [2026, 1, 6]),
        "id": ({"$toString": "$_id"}, "0123456789abcdef01234567"),
        "toId": ({"$eq": [{"$toObjectId": "0123456789abcdef01234567"}, "$_id"]}, True),
        "merge": ({"$mergeObjects": [{"a": 1}, {"b": 2}]}, {"a": 1, "b": 2}),
        "array": ([{"$arrayElemAt": ["$a", -1]}, {"$in": [3, "$a"]}, {"$max": "$a"}], [2, True, 3]),
        "math": ([{"$divide": [7, 2]}, {"$mod": [7, 4]}, {"$round": [2.567, 1]}], [3.5, 3, 2.6]),
    }
    [found] = await db["expressions"].aggregate([{"$project": {"_id": 0, **{name: one for name, (one, _) in expressions.items()}}}]).to_list(None)
    equal(found, {name: expected for name, (_, expected) in expressions.items()})


@check("$out")
async def _(db):
    c = await fill(db["source"], {"_id": 1, "n": 1}, {"_id": 2, "n": 2})
    await db["target"].insert_one({"_id": 9})
    equal(await c.aggregate([{"$match": {"n": 2}}, {"$out": "target"}]).to_list(None), [])
    equal(await db["target"].find().to_list(None), [{"_id": 2, "n": 2}])
    await c.aggregate([{"$set": {"n": 7}}, {"$merge": {"into": "target", "on": "_id"}}]).to_list(None)
    equal(await db["target"].find().sort("_id", 1).to_list(None), [{"_id": 1, "n": 7}, {"_id": 2, "n": 7}])


@check("BSON round trip")
async def _(db):
    value = {
        "_id": ObjectId(),
        "int": 1,
        "long": Int64(2**40),
        "small_long": Int64(1),
        "double": 1.0,
        "inf": float("inf"),
        "decimal": Decimal128("1.10"),
        "date": datetime.datetime(1969, 7, 20, 20, 17, 40, 123000),
        "binary": b"\x00\xff",
        "uuid": Binary(uuid.UUID(int=7).bytes, 4),
        "regex": Regex("^a", "i"),
        "code": Code("x", {"a": 1}),
        "timestamp": Timestamp(5, 6),
        "keys": [MinKey(), MaxKey()],
        "ref": DBRef("c", 1),
        "text": "\u00e4\U0001f600\x00",
        "none": None,
        "nested": SON([("z", 1), ("a", SON([("", [])]))]),
    }
    sent = bson.encode(value)
    c = db["types"].with_options(bson.CodecOptions(document_class=RawBSONDocument))
    await c.insert_one(RawBSONDocument(sent))
    equal((await c.find_one()).raw, sent)
    await c.update_one({}, {"$set": {"more": 1}})
    # Behind the length, and before the end.
    equal((await c.find_one()).raw[4 : len(sent) - 1], sent[4:-1])


@check("mixed sort")
async def _(db):
    at = datetime.datetime(2026, 1, 1)
    values = [MinKey(), None, -1, 2.5, Int64(3), "a", {"a": 1}, b"x", ObjectId(), False, True, at, Timestamp(1, 1), Regex("a"), MaxKey()]
    c = await fill(db["mixed"], *({"_id": n, "v": value} for n, value in reversed(list(enumerate(values)))))
    equal(await ids(c.find().sort("v", 1)), list(range(len(values))))
    await c.create_index("v")
    equal(await ids(c.find().sort("v", -1)), list(reversed(range(len(values)))))


@check("explain")
async def _(db):
    c = await fill(db["explain"], {"a": 1})
    await c.create_index("a")
    for query, stage in (({"a": 1}, "IXSCAN"), ({"b": 1}, "COLLSCAN")):
        explained = await c.find(query).explain()
        equal(stage in json.dumps(explained["queryPlanner"]["winningPlan"], default=str), True)


@check("hint, comment, max_time")
async def _(db):
    c = await fill(db["hint"], {"_id": 1, "a": 1})
    await c.create_index("a")
    equal(await ids(c.find({"a": 1}).hint("a_1").comment("why").max_time_ms(1000)), [1])
    equal(await ids(c.find({"a": 1}).hint([("a", 1)])), [1])
    await refuses(2, ids(c.find({}).hint("none")))


@check("unknown operator")
async def _(db):
    c = await fill(db["unknown"], {"a": 1})
    await refuses(2, c.find_one({"a": {"$nope": 1}}))
    await refuses(2, c.find_one({"$nope": 1}))
    await refuses(40324, c.aggregate([{"$nope": 1}]).to_list(None))
    await refuses(168, c.aggregate([{"$project": {"a": {"$nope": 1}}}]).to_list(None))
    await refuses(9, c.update_one({}, {"$nope": {"a": 1}}))
    await refuses(59, db.command("nope"))


@check("bad updates")
async def _(db):
    c = await fill(db["bad"], {"_id": 1, "text": "x", "n": 1})
    for code, update in (
        (66, {"$set": {"_id": 2}}),
        (28, {"$set": {"n.deep": 1}}),
        (14, {"$inc": {"text": 1}}),
        (2, {"$push": {"n": 1}}),
        (2, {"$pull": {"n": 1}}),
        (2, {"$set": {"none.$[]": 1}}),
        (40, {"$set": {"a": 1}, "$inc": {"a": 1}}),
        (40, {"$set": {"a": 1, "a.b": 1}}),
    ):
        equal((update, await refuses(code, c.update_one({"_id": 1}, update))), (update, code))
    equal(await c.find_one(), {"_id": 1, "text": "x", "n": 1})


@check("17 MB")
async def _(db):
    try:
        await db["large"].insert_one({"a": "x" * 17_000_000})
    except DocumentTooLarge:
        pass
    else:
        raise AssertionError("it was stored")
    half = "x" * 9_000_000
    await db["large"].insert_one({"_id": 1, "a": half})
    await refuses(10334, db["large"].update_one({"_id": 1}, {"$set": {"b": half}}))
    equal(len((await db["large"].find_one({"_id": 1}))["a"]), 9_000_000)


@check("200 $inc at once")
async def _(db):
    c = await fill(db["counter"], {"_id": 1, "n": 0})
    await asyncio.gather(*(c.update_one({"_id": 1}, {"$inc": {"n": 1}}) for _ in range(200)))
    equal(await c.find_one(), {"_id": 1, "n": 200})


@check("GridFS")
async def _(db):
    bucket = AsyncIOMotorGridFSBucket(db, chunk_size_bytes=1000)
    content = os.urandom(4500)
    stored = await bucket.upload_from_stream("report.pdf", content, metadata={"user_id": "ada"})
    stream = await bucket.open_download_stream(stored)
    equal((await stream.read(), stream.length), (content, 4500))
    equal([one.filename async for one in bucket.find({})], ["report.pdf"])
    await bucket.delete(stored)
    equal(await db["fs.chunks"].count_documents({}), 0)


@check("text")
async def _(db):
    await refuses(238, db["text"].create_index([("body", "text")]))
    await fill(db["text"], {"body": "x"})
    return await refuses(238, db["text"].find_one({"$text": {"$search": "x"}}))


@check("geo")
async def _(db):
    await refuses(238, db["geo"].create_index([("at", "2dsphere")]))
    await fill(db["geo"], {"at": [0, 0]})
    return await refuses(238, db["geo"].find_one({"at": {"$near": [0, 0]}}))


@check("transaction")
async def _(db):
    async def order(session):
        async with session.start_transaction():
            await db["transaction"].insert_one({}, session=session)

    async with await db.client.start_session() as session:
        return await refuses(20, order(session))


@check("change stream")
async def _(db):
    async def watch():
        async with db["watched"].watch() as stream:
            return await stream.try_next()

    return await refuses(40573, watch())


@check("capped")
async def _(db):
    return await refuses(238, db.create_collection("capped", capped=True, size=1000))


@check("validator")
async def _(db):
    return await refuses(238, db.create_collection("validated", validator={"a": {"$exists": True}}))


async def main():
    client = AsyncIOMotorClient(URI, **PRODUCTION)
    db = client["MozaiksCore"]
    await client.drop_database(db)
    for name, run in CHECKS:
        refused, error = None, None
        try:
            refused = await run(db)
        except Exception as failure:
            error = "%s: %s" % (type(failure).__name__, failure)
        print(json.dumps({"name": name, "refused": refused, "error": error and error[:2000]}), flush=True)
    client.close()


asyncio.run(main())
