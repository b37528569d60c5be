import { Button, Menu, Switch, TagsInput, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { type ReactNode, useRef } from 'react';
import { useStore } from 'zustand';
import type { JsonObject } from '../../../main/contract/http.ts';
import type { TokenSetup } from '../../../main/contract/token.ts';
import { useNow } from '../../components/time/use-now.ts';
import { useStores } from '../../components/use-stores.tsx';
import { parseClaims } from '../../state/app/tokens.ts';
import classes from './claim-form.module.css';
import {
  audienceClaim,
  type ClaimFields,
  formatUntil,
  readFields,
  textClaim,
  withClaim,
  withExpiry,
} from './claims-model.ts';

interface FormProps {
  readonly setup: TokenSetup;
  readonly fields: ClaimFields;
  readonly disabled: boolean;
}

/** The most common claims as a form. Every change is written to the JSON beside it at once. */
export function ClaimForm({ setup }: { readonly setup: TokenSetup }) {
  const { tokens } = useStores();
  const text = useStore(tokens.store, (state) => state.claims);
  const parsed = parseClaims(text);
  // While the JSON is invalid, the form shows the last valid claims.
  const claims = useRef<JsonObject>({});
  if (typeof parsed !== 'string') claims.current = parsed;
  const fields = readFields(claims.current, setup.claimNames);
  const form = { setup, fields, disabled: typeof parsed === 'string' };
  return (
    <div className={classes.form}>
      <Identity {...form} />
      <Roles {...form} />
      <Lifetime {...form} />
      <Origin {...form} />
    </div>
  );
}

function Identity({ setup: { claimNames }, fields, disabled }: FormProps) {
  return (
    <>
      <TextField label="User id" name={claimNames.userId} value={fields.userId} disabled={disabled} />
      <TextField label="Username" name={claimNames.username} value={fields.username} disabled={disabled} />
    </>
  );
}

function Roles({ setup: { claimNames }, fields, disabled }: FormProps) {
  const { tokens } = useStores();
  return (
    <Field label="Roles" name={claimNames.roles} wide>
      <TagsInput
        aria-label="Roles"
        value={[...fields.roles]}
        disabled={disabled}
        placeholder={fields.roles.length === 0 ? 'none' : ''}
        data={['user', 'admin', claimNames.superadminRole]}
        splitChars={[',', ' ']}
        onChange={(roles) =>
          tokens.changeClaims((claims) =>
            withClaim(claims, claimNames.roles, roles.length === 0 ? undefined : roles),
          )
        }
      />
    </Field>
  );
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const LIFETIMES: readonly (readonly [string, number | null])[] = [
  ['in 5 minutes', 5 * MINUTE],
  ['in an hour', HOUR],
  ['in a day', 24 * HOUR],
  ['30 seconds ago: within the tolerance', -30],
  ['an hour ago: expired', -HOUR],
  ['never: without exp', null],
];

function Lifetime({ setup: { claimNames }, fields, disabled }: FormProps) {
  const { tokens } = useStores();
  const now = useNow();
  const expiry = fields.exp === null ? 'no exp' : formatUntil(fields.exp * 1000, now);
  const superadmin = fields.superadmin ? 'true' : 'not set';
  return (
    <>
      <Field label="Expires" name="exp">
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              fullWidth
              justify="space-between"
              disabled={disabled}
              aria-label={`Expires: ${expiry}`}
              rightSection={<IconChevronDown size={14} />}
            >
              {expiry}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {LIFETIMES.map(([label, seconds]) => (
              <Menu.Item
                key={label}
                onClick={() => tokens.changeClaims((claims) => withExpiry(claims, seconds, Date.now()))}
              >
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Field>
      <Field label="Superadmin" name={claimNames.superadmin}>
        <Switch
          className={classes.switch ?? ''}
          aria-label={`Superadmin: ${superadmin}`}
          label={superadmin}
          checked={fields.superadmin}
          disabled={disabled}
          onChange={(event) => {
            const on = event.currentTarget.checked;
            tokens.changeClaims((claims) => withClaim(claims, claimNames.superadmin, on ? true : undefined));
          }}
        />
      </Field>
    </>
  );
}

function Origin({ setup: { mode, issuer, audience }, fields, disabled }: FormProps) {
  const note = mode === 'local' ? 'not checked here' : undefined;
  return (
    <>
      <TextField label="Issuer" name="iss" value={fields.iss} disabled={disabled} hint={note ?? issuer} />
      <TextField
        label="Audience"
        name="aud"
        value={fields.aud}
        disabled={disabled}
        hint={note ?? audience}
        toClaim={audienceClaim}
      />
    </>
  );
}

interface TextFieldProps {
  readonly label: string;
  /** The claim it sets. */
  readonly name: string;
  readonly value: string;
  readonly disabled: boolean;
  readonly hint?: string | null | undefined;
  readonly toClaim?: typeof audienceClaim;
}

function TextField({ label, name, value, disabled, hint, toClaim = textClaim }: TextFieldProps) {
  const { tokens } = useStores();
  return (
    <Field label={label} name={name}>
      <TextInput
        aria-label={label}
        value={value}
        placeholder={hint ?? 'not set'}
        disabled={disabled}
        spellCheck={false}
        onChange={(event) => {
          const text = event.currentTarget.value;
          tokens.changeClaims((claims) => withClaim(claims, name, toClaim(text)));
        }}
      />
    </Field>
  );
}

function Field({
  label,
  name,
  wide = false,
  children,
}: {
  readonly label: string;
  readonly name: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div className={classes.field} data-wide={wide || undefined}>
      <span className={classes.label}>
        {label}{' '}
        <span className={classes.claim} title={name}>
          {name}
        </span>
      </span>
      {children}
    </div>
  );
}
