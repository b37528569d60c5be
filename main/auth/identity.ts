import type { Provenance } from '../contract/trace.ts';

/** Where one field of an identity came from, without the value. */
export type FieldOrigin = Pick<Provenance, 'source' | 'name' | 'label' | 'rule'>;

/** Where each field of an identity came from (contract §3). */
export interface IdentityProvenance {
  readonly userId: FieldOrigin;
  readonly username: FieldOrigin;
  readonly roles: FieldOrigin;
  readonly isSuperadmin: FieldOrigin;
}
