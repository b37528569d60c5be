/**
 * Passwords in addresses, `mongodb://app:password@host`, wherever a text holds them. Characters that end an
 * address are in none of the parts, so that no part of a text is looked at twice.
 */
const PASSWORD = /(:(?:\\?\/){2}[^\s/?#:@"'`<>\\]*:)[^\s/?#"'`<>]+(?=@)/g;
/** A long name without a password is a token: `https://ghp_…@github.com`. */
const LONG_NAME = /(:(?:\\?\/){2})[^\s/?#:@"'`<>\\]{16,}(?=@)/g;
/** The same in a query, `mongodb%3A%2F%2Fapp%3Apassword%40host`, and in a query of a query. */
const ENCODED =
  /(%(?:25)*3A(?:\/|%(?:25)*2F){2}(?:[^\s/%&"'`<>]|%(?!(?:25)*(?:3A|40|2F))[\dA-F]{2})*%(?:25)*3A)(?:[^\s/%&"'`<>]|%(?!(?:25)*(?:40|2F))[\dA-F]{2})+(?=%(?:25)*40)/gi;

/** The text with each password in an address replaced: `mongodb://app:(masked)@host`. */
export function maskAddresses(text: string): string {
  let masked = text;
  if (text.includes('@') && text.includes(':')) {
    masked = masked.replace(PASSWORD, '$1(masked)').replace(LONG_NAME, '$1(masked)');
  }
  return text.includes('%') && text.includes('40') ? masked.replace(ENCODED, '$1(masked)') : masked;
}

/** Of a whole address, in which every character up to the last `@` may belong to the password. */
const WHOLE = /^([a-z][a-z\d+.-]{0,40}:\/\/[^:/@]*:).*(@[^@]*)$/is;

/** A whole address without its password; null where it has none. */
export function maskWholeAddress(address: string): string | null {
  return WHOLE.test(address) ? address.replace(WHOLE, '$1(masked)$2') : null;
}

/** The password of an address, as it is written and as it is meant; none where there is none. */
export function passwordsIn(address: string): readonly string[] {
  // A database's address may name many hosts, and have an `@` behind them.
  const written = /^[a-z][a-z\d+.-]{0,40}:\/\/[^:/@]*:([^/]+)@/i.exec(address)?.[1];
  if (written === undefined) return [];
  return [written, written.split('@', 1).join(''), decoded(written)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
