import { Button, SegmentedControl } from '@mantine/core';
import { IconDatabase } from '@tabler/icons-react';
import { useState } from 'react';
import type { DatabaseView } from '../../../../main/contract/data.ts';
import { EmptyState } from '../../../components/status/states.tsx';
import { CodeBlock } from '../../../components/text/code-block.tsx';
import { useData } from '../use-data.ts';
import classes from './no-data.module.css';

/** How a plugin stores its first document. */
const FIRST_DOCUMENTS = {
  Python: `from mozaiks_infra.config.database import db

async def execute(data):
    note = {"user_id": data["user_id"], "text": data["text"]}
    await db["notes"].insert_one(note)
    return {"saved": True}`,
  TypeScript: `import { MongoClient } from 'mongodb';

const client = new MongoClient(process.env.DATABASE_URI ?? '');

export async function execute({ user_id, text }) {
  await client.db('MozaiksCore').collection('notes').insertOne({ user_id, text });
  return { saved: true };
}`,
};

type Language = keyof typeof FIRST_DOCUMENTS;

/** Shown while there is no collection at all. */
export function NoData({ view }: { readonly view: DatabaseView }) {
  const { dialogs } = useData();
  const [language, setLanguage] = useState<Language>('Python');
  const database = view.defaults[0]?.name ?? '';
  return (
    <EmptyState
      icon={IconDatabase}
      title="Nothing is stored yet"
      text="What plugins write appears here, such as:"
      action={
        <div className={classes.teach}>
          <SegmentedControl
            aria-label="Language"
            size="xs"
            data={Object.keys(FIRST_DOCUMENTS)}
            value={language}
            onChange={(chosen) => setLanguage(chosen === 'TypeScript' ? chosen : 'Python')}
          />
          <CodeBlock text={FIRST_DOCUMENTS[language]} copyLabel="Copy code" />
          <Button
            onClick={() =>
              dialogs.ask({ kind: 'insert', database, collection: '', text: '{\n  \n}', isNew: true })
            }
          >
            Insert a document by hand
          </Button>
        </div>
      }
    />
  );
}
