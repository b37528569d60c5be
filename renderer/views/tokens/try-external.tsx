import { Button, Modal, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconWorldShare } from '@tabler/icons-react';
import { useState } from 'react';
import type { TokenSetup } from '../../../main/contract/token.ts';
import { CopyButton } from '../../components/controls/copy-button.tsx';
import { useCommands } from '../../components/controls/use-commands.ts';
import { CodeBlock } from '../../components/text/code-block.tsx';
import { useStores } from '../../components/use-stores.tsx';
import classes from './try-external.module.css';

const LINES = 'MOZAIKS_AUTH_MODE=external\nMOZAIKS_DEV_ISSUER=true\n';
const COMMAND = 'npm start -- --auth-mode external --dev-issuer';

/** Returns to the mode of the settings after external mode was tried. */
export function BackButton() {
  const { tokens } = useStores();
  useCommands([
    {
      id: 'tokens.back',
      title: 'Leave development issuer',
      about: 'Back to the mode of the settings',
      group: 'This screen',
      icon: IconArrowBackUp,
      run: () => tokens.switchDevIssuer(false),
    },
  ]);
  return (
    <Tooltip label="Back to the mode of the settings">
      <Button leftSection={<IconArrowBackUp size={14} />} onClick={() => tokens.switchDevIssuer(false)}>
        Leave development issuer
      </Button>
    </Tooltip>
  );
}

/** How to try external mode without an identity provider. */
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
        {setup.mode === 'local' ? 'Try external mode' : 'Use a development issuer'}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title="Try external mode offline" size={560}>
        <Explanation envFile={setup.envFile} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function Explanation({ envFile, onDone }: { readonly envFile: string; readonly onDone: () => void }) {
  const { tokens } = useStores();
  const [switching, setSwitching] = useState(false);
  const switchNow = async () => {
    setSwitching(true);
    await tokens.switchDevIssuer(true);
    onDone();
  };
  return (
    <div className={classes.text}>
      <p>
        In external mode an identity provider signs the tokens: RS256, with issuer and audience enforced, as
        in production. The development issuer is such a provider inside the workbench: it serves its public
        key on this machine and signs every persona’s token. Nothing leaves the machine.
      </p>
      <div className={classes.now}>
        <Button
          variant="filled"
          leftSection={<IconWorldShare size={14} />}
          loading={switching}
          onClick={switchNow}
          data-autofocus
        >
          Switch now
        </Button>
        <span className={classes.dim}>
          For this run only: the next start follows the settings again. Calls without a token get 401 until
          you leave external mode.
        </span>
      </div>
      <Lines title="Or start in external mode once" text={COMMAND} />
      <Lines title="Or start in it every time" about={envFile} text={LINES} />
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
