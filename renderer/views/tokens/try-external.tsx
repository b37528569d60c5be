import { Button, Modal } from '@mantine/core';
import { IconWorldShare } from '@tabler/icons-react';
import { useState } from 'react';
import type { TokenSetup } from '../../../main/contract/token.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { useCommands } from '../../components/use-commands.ts';
import classes from './try-external.module.css';

const LINES = 'MOZAIKS_AUTH_MODE=external\nMOZAIKS_DEV_ISSUER=true\n';
const COMMAND = 'npm start -- --auth-mode external --dev-issuer';

/** How to meet external mode without an identity provider. */
export function TryExternalButton({ setup }: { readonly setup: TokenSetup }) {
  const [open, setOpen] = useState(false);
  useCommands([
    {
      id: 'tokens.external',
      title: 'Try external mode',
      about: 'RS256 tokens of a development issuer, offline',
      group: 'This screen',
      icon: IconWorldShare,
      run: () => setOpen(true),
    },
  ]);
  return (
    <>
      <Button leftSection={<IconWorldShare size={14} />} onClick={() => setOpen(true)}>
        Try external mode
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title="Try external mode offline" size={560}>
        <Explanation envFile={setup.envFile} />
      </Modal>
    </>
  );
}

function Explanation({ envFile }: { readonly envFile: string }) {
  return (
    <div className={classes.text}>
      <p>
        In external mode an identity provider signs the tokens: RS256, with issuer and audience enforced, as
        in production. The development issuer is such a provider inside the workbench: it serves its public
        key on this machine and signs every persona’s token. Nothing leaves the machine.
      </p>
      <Lines title="Once, on the command line" text={COMMAND} />
      <Lines title="For every start" about={envFile} text={LINES} />
      <p className={classes.dim}>
        Settings are read at the start, so start the workbench anew afterwards. Take the lines out again to
        come back to local mode.
      </p>
    </div>
  );
}

function Lines({
  title,
  about,
  text,
}: {
  readonly title: string;
  readonly about?: string;
  readonly text: string;
}) {
  return (
    <section>
      <header className={classes.head}>
        <h3 className={classes.title}>{title}</h3>
        {about !== undefined && <span className={classes.path}>{about}</span>}
        <CopyButton text={text} label={`Copy: ${title.toLowerCase()}`} always />
      </header>
      <CodeBlock text={text.trimEnd()} />
    </section>
  );
}
