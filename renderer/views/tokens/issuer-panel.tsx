import { Button, Popover } from '@mantine/core';
import { IconChevronDown, IconKey, IconRefresh } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { DevIssuerView, KeysView, TokenSetup } from '../../../main/contract/token.ts';
import { Copyable } from '../../components/controls/copy-button.tsx';
import { Fact } from '../../components/layout/fact.tsx';
import { formatAge } from '../../components/text/format.ts';
import { Time } from '../../components/text/values.tsx';
import { useNow } from '../../components/time/use-now.ts';
import { useStores } from '../../components/use-stores.tsx';
import classes from './issuer-panel.module.css';

/** The issuer of tokens in external mode, and which of its keys the runtime has. */
export function IssuerButton({ setup: { devIssuer, keys } }: { readonly setup: TokenSetup }) {
  return (
    <Popover position="bottom-end" width={440}>
      <Popover.Target>
        <Button leftSection={<IconKey size={14} />} rightSection={<IconChevronDown size={14} />}>
          {devIssuer === null ? 'Provider’s keys' : 'Development issuer'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Content devIssuer={devIssuer} keys={keys} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Content({ devIssuer, keys }: Pick<TokenSetup, 'devIssuer' | 'keys'>) {
  const stores = useStores();
  const now = useNow();
  useEffect(() => {
    stores.tokenSetup.refresh().catch((error) => console.error('token settings not loaded', error));
    return stores.tokenSetup.follow();
  }, []);
  return (
    <div className={classes.panel}>
      {devIssuer !== null && <Issuer issuer={devIssuer} />}
      {keys !== null && <HeldKeys keys={keys} signing={devIssuer?.kid ?? null} now={now} />}
      {devIssuer !== null && <Rotate />}
    </div>
  );
}

function Issuer({ issuer }: { readonly issuer: DevIssuerView }) {
  const { url, discoveryUrl, jwksUrl, kid, madeAt, keptIn } = issuer;
  return (
    <dl className={classes.facts}>
      <Fact term="Issuer">
        <CopyableText text={url} label="Copy issuer" />
      </Fact>
      <Fact term="Discovery">
        <CopyableText text={discoveryUrl} label="Copy discovery URL" />
      </Fact>
      <Fact term="Key set">
        <CopyableText text={jwksUrl} label="Copy key set URL" />
      </Fact>
      <Fact term="Signs with">
        <CopyableText text={kid} label="Copy key id" />
        <span className={classes.dim}>
          created <Time at={madeAt} coarse />
        </span>
      </Fact>
      <Fact term="Private key">
        {keptIn === null ? (
          <span className={classes.dim}>in memory, for this run only</span>
        ) : (
          <CopyableText text={keptIn} label="Copy path of the private key" />
        )}
      </Fact>
    </dl>
  );
}

function CopyableText({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <Copyable text={text} label={label}>
      <span className="mono">{text}</span>
    </Copyable>
  );
}

/** The keys the verifier has. After a rotation they lag behind the issuer’s. */
function HeldKeys({
  keys,
  signing,
  now,
}: {
  readonly keys: KeysView;
  readonly signing: string | null;
  readonly now: number;
}) {
  const { kids, fetchedAt, failure, nextFetchAt, url } = keys;
  const behind = signing !== null && fetchedAt !== null && !kids.includes(signing);
  return (
    <section className={classes.held} data-behind={behind || undefined}>
      <h3 className={classes.title}>Keys used for verification</h3>
      {fetchedAt === null ? (
        <p className={classes.dim}>
          {failure === null
            ? `None yet: they are fetched from ${url} when the first token arrives.`
            : `None: every token is refused until ${url} returns keys.`}
        </p>
      ) : (
        <p>
          <span className="mono">{kids.join(', ') || 'none'}</span>
          <span className={classes.dim}>, fetched {formatAge(now - fetchedAt)} ago</span>
        </p>
      )}
      {behind && (
        <p>
          The signing key is not among them yet. A token that names it makes the runtime fetch again
          {nextFetchAt > now ? `, in ${formatAge(nextFetchAt - now)} at the earliest` : ' now'}; the old key
          is refused from then on.
        </p>
      )}
      {failure !== null && <p className={classes.bad}>The last fetch failed: {failure}</p>}
    </section>
  );
}

function Rotate() {
  const { tokenSetup } = useStores();
  const rotating = useStore(tokenSetup.store, (state) => state.rotating);
  return (
    <div className={classes.foot}>
      <span className={classes.dim}>
        The new key replaces the old one at once. Tokens signed before are refused once the runtime has
        fetched the keys again.
      </span>
      <Button
        leftSection={<IconRefresh size={14} />}
        loading={rotating}
        onClick={() => tokenSetup.rotateKey()}
      >
        Rotate key
      </Button>
    </div>
  );
}
