import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../plugins/workspace.ts';
import { runStandins } from './run-standins.ts';

/** A motor and a bson of the test's own, which remember how they were used. */
async function installDriver(folder: string): Promise<void> {
  await mkdir(join(folder, 'motor'));
  await writeFile(join(folder, 'motor/__init__.py'), '');
  await writeFile(
    join(folder, 'motor/motor_asyncio.py'),
    `opened, indexed = [], []
class Named:
    def __init__(self, path): self.path = path
    def __getitem__(self, name): return Named(self.path + "/" + name)
    def __getattr__(self, name): return Named(self.path + "." + name)
    async def find_one(self, query): return {"found": self.path, **query}
    async def update_one(self, query, update): return [self.path, query, update]
    async def server_info(self): return {}
    async def create_index(self, keys): indexed.append([self.path, keys])
class AsyncIOMotorClient(Named):
    def __init__(self, uri, **options):
        super().__init__("")
        opened.append([uri, options])
`,
  );
  await writeFile(join(folder, 'bson.py'), 'class ObjectId(str):\n    pass\n');
}

const NAMES =
  'db, users_collection, get_cached_document, verify_connection, enterprises_collection, with_retry';

describe('without motor, the database', () => {
  it.each([
    'await db["tasks"].find_one({"user_id": 1})',
    'db.tasks.find({})',
    'await users_collection.insert_one({})',
    'await get_cached_document(db.tasks, {})',
    'list(db.tasks)',
    'db["tasks"]["x"] = 1',
    'await verify_connection()',
    'get_collection("tasks").find({})',
    'get_db()["tasks"].find({})',
    'ObjectId("a" * 24)',
  ])('says in one command how to get it: %s', async (use) => {
    const { out } = await runStandins(`
from core.config.database import ${NAMES}
from sdk import get_collection, get_db, ObjectId
async def plugin():
    try:
        ${use}
    except Exception as error:
        return [type(error).__name__, str(error)]
out = asyncio.run(plugin())
`);
    expect(out).toEqual([
      'DatabaseUnavailable',
      expect.stringMatching(
        / can't be used: production's database needs motor: \S*python\S* -m pip install motor$/,
      ),
    ]);
  });

  it('lets a plugin load that only names collections, and heals when motor is installed', async () => {
    const folder = await makeFolder();
    const { out } = await runStandins(
      `
import importlib, pathlib
from core.config.database import db, with_retry
from sdk import ObjectId, get_collection
collection = db["tasks"]
attempts = []
@with_retry(max_retries=2)
async def execute():
    attempts.append(1)
    return await collection.find_one({"n": 1})
async def plugin():
    try:
        await execute()
    except Exception as error:
        first = type(error).__name__
    package = pathlib.Path(sys.path[1] if not sys.path[0] else sys.path[0], "motor")
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "motor_asyncio.py").write_text("class AsyncIOMotorClient:\\n    def __init__(self, *a, **k): pass\\n    def __getitem__(self, name): return self\\n    async def find_one(self, query): return query\\n")
    importlib.invalidate_caches()
    return [first, len(attempts), await execute()]
out = asyncio.run(plugin())
`,
      folder,
    );
    expect(out).toEqual(['DatabaseUnavailable', 1, { n: 1 }]);
  });
});

describe('with motor', () => {
  it('the database is opened as production opens it, at its first use', async () => {
    const folder = await makeFolder();
    await installDriver(folder);
    const { out } = await runStandins(
      `
import os
from core.config.database import ${NAMES}
from sdk import get_collection, get_db, ObjectId
from core.config import database
from motor.motor_asyncio import indexed, opened
before = list(opened)
os.environ["DATABASE_URI"] = "mongodb://host/named"
async def plugin():
    found = [await collection.find_one({}) for collection in (db["tasks"], users_collection, enterprises_collection)]
    os.environ["ENV"] = "production"
    found += [await db.tasks.find_one({}), await get_collection("notes").find_one({}), await get_db()["x"].find_one({})]
    os.environ.update(MONGODB_URI="mongodb://own", PLUGINS_DB_NAME="Own")
    found.append(await get_collection("notes").find_one({}))
    await database.initialize_database()
    return [before, [one["found"] for one in found], opened, indexed, await verify_connection(), ObjectId("a")]
out = asyncio.run(plugin())
`,
      folder,
    );
    const paths = ['/MozaiksCore/tasks', '/MozaiksCore/users', '/MozaiksDB/Enterprises', '/client.tasks'];
    const options = {
      maxPoolSize: 100,
      minPoolSize: 10,
      maxIdleTimeMS: 60_000,
      connectTimeoutMS: 5_000,
      serverSelectionTimeoutMS: 5_000,
      heartbeatFrequencyMS: 10_000,
      retryWrites: true,
      w: 'majority',
    };
    expect(out).toEqual([
      [],
      [...paths, '/MozaiksPlugins/notes', '/MozaiksPlugins/x', '/Own/notes'],
      [
        ['mongodb://host/named', options],
        ['mongodb://localhost:27017', {}],
        ['mongodb://own', {}],
      ],
      [
        ['/MozaiksDB/Enterprises', 'AdminId'],
        [
          '/client/settings',
          [
            ['user_id', 1],
            ['plugin_name', 1],
          ],
        ],
      ],
      true,
      'a',
    ]);
  });

  it('documents are cached for five minutes by their key, and what fails is tried again', async () => {
    const { out } = await runStandins(`
import time
from core.config.database import DBCache, db_cache, make_cache_key, get_cached_document, update_and_invalidate, with_retry
class Collection:
    asked = 0
    async def find_one(self, query):
        self.asked += 1
        return {"n": self.asked}
    async def update_one(self, query, update): return "updated"
collection, key = Collection(), make_cache_key("c", "id")
waited, real_time = [], time.time
async def sleep(seconds): waited.append(seconds)
attempts = []
@with_retry(max_retries=3, delay=1)
async def flaky():
    attempts.append(1)
    raise ValueError("no")
async def plugin():
    got = [await get_cached_document(collection, {}, key) for _ in range(2)]
    got.append(await update_and_invalidate(collection, {}, {}, key))
    got.append(await get_cached_document(collection, {}, key))
    for later in (290, 301):
        time.time = lambda: real_time() + later
        got.append(await get_cached_document(collection, {}, key))
    asyncio.sleep = sleep
    try:
        await flaky()
    except ValueError:
        got.append(["gave up", len(attempts), waited])
    full = DBCache(max_size=10)
    for n in range(11):
        full.set(n, n)
    held = [full.get(n) for n in (0, 1, 10)]
    full.clear()
    return [key, *got, held, len(full.cache)]
out = asyncio.run(plugin())
`);
    expect(out).toEqual([
      'c:id',
      { n: 1 },
      { n: 1 },
      'updated',
      { n: 2 },
      { n: 2 },
      { n: 3 },
      ['gave up', 4, [1, 2, 4]],
      [null, 1, 10],
      0,
    ]);
  });
});
