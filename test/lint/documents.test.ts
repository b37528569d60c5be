import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What comments, titles and documents refer to exists: sections, case codes, links, paths. */

const root = resolve(import.meta.dirname, '../..');
const own = relative(root, import.meta.filename)
  .split(sep)
  .join('/');

const NOT_OURS = new Set(['node_modules', 'out', '.git', '.cache', 'coverage', 'test-results']);
const TEXT = /\.(ts|tsx|mjs|js|py|css|html|md|yml|json)$/;

interface Text {
  /** From the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

const texts: readonly Text[] = filesBelow(root)
  .map((path) => ({ full: path, path: relative(root, path).split(sep).join('/') }))
  .filter(({ path }) => TEXT.test(path) && path !== own && path !== 'package-lock.json')
  .map(({ full, path }) => ({ path, text: readFileSync(full, 'utf8') }));
const documents = texts.filter(({ path }) => path.endsWith('.md'));

/** The documents that are cited by section, under the names they are cited by. */
const CITED: Readonly<Record<string, string>> = {
  'CONTRACT.md': 'main/contract/CONTRACT.md',
  contract: 'main/contract/CONTRACT.md',
  Contract: 'main/contract/CONTRACT.md',
  'SECURITY.md': 'SECURITY.md',
  'main/README.md': 'main/README.md',
  'DECISIONS.md': 'main/DECISIONS.md',
  'main/DECISIONS.md': 'main/DECISIONS.md',
};
/** Standards have sections, too. */
const STANDARD = /^(RFC \d+|Discovery [\d.]+)$/;

/** The numbers of the sections of a document: `## 4. Execution` is 4. */
function sectionsOf(path: string): ReadonlySet<string> {
  const text = documents.find((document) => document.path === path)?.text ?? '';
  return new Set([...text.matchAll(/^## (\d+)\. /gm)].map(([, number = '']) => number));
}

interface Citation {
  readonly name: string;
  readonly section: string;
}

/** Each `§` with a number, under the name before it; a list (`§2, §4 and §5`) has one name. */
function citationsIn({ text }: Text): Citation[] {
  let name = '';
  return [...text.matchAll(/§(\d+(?:\.\d+)*)/g)].map((match) => {
    const before = text.slice(Math.max(0, match.index - 80), match.index);
    if (!/§[\d.]+(?:,| and) $/.test(before)) name = /([\w./-]+(?: \d[\d.]*)?)`? \[?$/.exec(before)?.[1] ?? '';
    return { name, section: match[1] ?? '' };
  });
}

function isKnown({ name, section }: Citation, citing: string): boolean {
  if (STANDARD.test(name)) return true;
  const target = Object.hasOwn(CITED, name) ? CITED[name] : undefined;
  // In a document a section without a name is one of its own.
  const path = target ?? (citing.endsWith('.md') ? citing : undefined);
  return path !== undefined && sectionsOf(path).has(section);
}

const COMMENT = /^\s*(?:\/?\*|\/\/|#|""")|\s\/\/ /;

describe('sections', () => {
  it('exist wherever one is cited', () => {
    const cited = texts.flatMap((file) =>
      citationsIn(file).map((citation) => ({ ...citation, in: file.path })),
    );
    expect(cited.length).toBeGreaterThan(100);
    expect(cited.filter((citation) => !isKnown(citation, citation.in))).toEqual([]);
  });

  it('are cited by the name of their file in comments; "contract §4" is for texts of the product', () => {
    const wrong = texts
      .filter(({ path }) => !path.endsWith('.md'))
      .flatMap(({ path, text }) =>
        text.split('\n').map((line, index) => ({ place: `${path}:${index + 1}`, line })),
      )
      .filter(({ line }) => COMMENT.test(line) && /(?<!")\bcontract §\d/i.test(line));
    expect(wrong.map(({ place }) => place)).toEqual([]);
  });
});

describe('case codes', () => {
  const cases = documents.find(({ path }) => path === 'test/CASES.md')?.text ?? '';
  const defined = new Set([...cases.matchAll(/^\| ([A-Z]\d+) \|/gm)].map(([, code = '']) => code));
  const letters = new Set([...defined].map((code) => code.charAt(0)));
  const tests = texts.filter(({ path }) => path.startsWith('test/') && /\.tsx?$/.test(path));

  /** Codes that a title begins with, and those in comments: `H7: …`, `H1 H2: …`, `the cases F1–F6 and F9`. */
  function codesIn(text: string): string[] {
    const titles = [...text.matchAll(/['"`]((?:[A-Z]\d{1,2}[: ]\s?)+)/g)].map(([, codes = '']) => codes);
    const comments = text.split('\n').filter((line) => COMMENT.test(line));
    return [...titles, ...comments].flatMap(expandRanges).filter((code) => letters.has(code.charAt(0)));
  }

  function expandRanges(text: string): string[] {
    return [...text.matchAll(/\b([A-Z])(\d{1,2})\b(?:–\1(\d{1,2})\b)?/g)].flatMap(([, letter, from, to]) => {
      const [first, last] = [Number(from), Number(to ?? from)];
      return Array.from({ length: last - first + 1 }, (_, step) => `${letter}${first + step}`);
    });
  }

  const used = new Map<string, string>();
  for (const { path, text } of tests) for (const code of codesIn(text)) used.set(code, path);

  it('are defined in test/CASES.md', () => {
    expect(used.size).toBeGreaterThan(30);
    expect([...used].filter(([code]) => !defined.has(code))).toEqual([]);
  });

  it('that are defined are guarded by a test', () => {
    expect([...defined].filter((code) => !used.has(code))).toEqual([]);
  });
});

/** Headings as the anchors that a repository's host makes of them. */
function anchorsOf(text: string): ReadonlySet<string> {
  return new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '');

describe('documents', () => {
  it('are read', () => {
    expect(documents.length).toBeGreaterThan(10);
  });

  it('link to what is there', () => {
    const broken = documents.flatMap(({ path, text }) =>
      [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !/^[a-z]+:/.test(link) && !opens(path, link))
        .map((link) => `${path}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  function opens(from: string, link: string): boolean {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? join(root, from) : resolve(root, dirname(from), file);
    if (!existsSync(target)) return false;
    return anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).has(anchor);
  }

  it('name paths and files that are there', () => {
    const missing = documents.flatMap(({ path, text }) =>
      [...withoutCode(text).matchAll(/`([\w./-]+)`/g)]
        .map(([, name = '']) => name)
        .filter((name) => isPath(name, path) && !isThere(path, name))
        .map((name) => `${path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  /**
   * A source file (of ours, where the document is about code), or a path that begins with a folder of the
   * project.
   */
  function isPath(name: string, document: string): boolean {
    if (/^(?:main|renderer|test|plugins|\.github)\//.test(name)) return true;
    return /^(?:main|renderer)\//.test(document) && /\w\.(?:ts|tsx|mjs)$/.test(name);
  }

  /** From the project's root, from the document's own folder, or somewhere below that. */
  function isThere(document: string, name: string): boolean {
    const folder = dirname(document);
    if (existsSync(join(root, name)) || existsSync(join(root, folder, name))) return true;
    return (
      folder !== '.' && texts.some(({ path }) => path.startsWith(`${folder}/`) && path.endsWith(`/${name}`))
    );
  }

  it('that are not in this repository are not mentioned', () => {
    const absent =
      /\b(?:contract|design|adversarial|defects|ui|ux|habits|house|english|platforms|production)\.md\b|\bdesign §|\badversarial,/i;
    const found = texts
      .flatMap(({ path, text }) =>
        text.split('\n').map((line, index) => ({ place: `${path}:${index + 1}`, line })),
      )
      // CONTRACT.md itself is in capitals.
      .filter(({ line }) => absent.test(line.replaceAll('CONTRACT.md', '')));
    expect(found.map(({ place }) => place)).toEqual([]);
  });
});
