import type { Verdict } from '../../contract/conformance.ts';
import type { Compliance } from './findings.ts';
import { html, type Markup, trusted } from './html-template.ts';

/** A state in the HTML report as icon, word and colour. The icons are Tabler's, as in the window. */

type Tone = 'good' | 'warn' | 'bad' | 'quiet';
type Icon = 'check' | 'differs' | 'cross' | 'minus' | 'chevron';

const PATHS: Readonly<Record<Icon, string>> = {
  check: '<path d="M5 12l5 5l10 -10"/>',
  differs: '<path d="M11 16h10M11 16l4 4M11 16l4 -4M13 8h-10M13 8l-4 4M13 8l-4 -4"/>',
  cross: '<path d="M18 6l-12 12M6 6l12 12"/>',
  minus: '<circle cx="12" cy="12" r="9"/><path d="M9 12h6"/>',
  chevron: '<path d="M9 6l6 6l-6 6"/>',
};

/** Each icon once; the marks point to them. */
export const ICON_SHEET = html`<svg width="0" height="0" aria-hidden="true">${Object.entries(PATHS).map(
  ([name, path]) => html`<symbol id="icon-${name}" viewBox="0 0 24 24">${trusted(path)}</symbol>`,
)}</svg>`;

export function icon(name: Icon, size = 14): Markup {
  return html`<svg width="${size}" height="${size}" aria-hidden="true"><use href="#icon-${name}"/></svg>`;
}

interface Look {
  readonly word: string;
  readonly icon: Icon;
  readonly tone: Tone;
}

export const VERDICT_LOOK: Readonly<Record<Verdict, Look>> = {
  passed: { word: 'passed', icon: 'check', tone: 'good' },
  differs: { word: 'differs', icon: 'differs', tone: 'warn' },
  failed: { word: 'failed', icon: 'cross', tone: 'bad' },
  skipped: { word: 'skipped', icon: 'minus', tone: 'quiet' },
};

export const COMPLIANCE_LOOK: Readonly<Record<Compliance, Look>> = {
  compliant: { word: 'Done', icon: 'check', tone: 'good' },
  partial: { word: 'Partial', icon: 'differs', tone: 'warn' },
  broken: { word: 'Not implemented', icon: 'cross', tone: 'bad' },
  open: { word: 'Not fully checked', icon: 'minus', tone: 'quiet' },
};

export function mark({ word, icon: name, tone }: Look): Markup {
  return html`<span class="mark ${tone}">${icon(name)}${word}</span>`;
}
