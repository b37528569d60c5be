import type { TokenView } from '../contract/trace.ts';
import type { Identity, IdentityProvenance } from './identity.ts';
import type { CallerDifference } from './production.ts';

/** Who a request acts as, or why it is refused. */
export type Authentication =
  | {
      readonly ok: true;
      readonly identity: Identity;
      /** As sent; null when none was. */
      readonly token: string | null;
      readonly view: TokenView | null;
      readonly provenance: IdentityProvenance;
      readonly differences?: readonly CallerDifference[] | undefined;
    }
  | {
      readonly ok: false;
      /** For the 401's body. */
      readonly detail: string;
      /** As sent, for masking. */
      readonly token: string | null;
      readonly view: TokenView | null;
      readonly differences?: readonly CallerDifference[] | undefined;
    };
