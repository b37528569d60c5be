/** One command over a connection of its own, in `admin`. Rejects with the driver's error. */
export async function runCommand(uri: string, command: object, timeoutMs: number): Promise<void> {
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(uri, { directConnection: true, serverSelectionTimeoutMS: timeoutMs });
  try {
    await client.db('admin').command({ ...command });
  } finally {
    await client.close();
  }
}
