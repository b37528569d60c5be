import { COMMAND_GROUPS, type Command } from '../../state/app/commands.ts';

/** Which commands a query means, and in which order. Pure. */

export interface FoundCommand {
  readonly command: Command;
  /** Letters of the title that the query hit, as indices. */
  readonly hits: ReadonlySet<number>;
}

export interface FoundGroup {
  readonly title: string;
  readonly found: readonly FoundCommand[];
  /** How many more of the group there are. */
  readonly more: number;
}

const NO_HITS: ReadonlySet<number> = new Set();
const MAX_FOUND = 40;
const MAX_IN_GROUP = 6;

/**
 * What the palette shows: without a query the last used and then each group's first few, otherwise the best
 * matches.
 */
export function searchCommands(
  commands: readonly Command[],
  query: string,
  recent: readonly string[],
): readonly FoundGroup[] {
  const listed = commands.filter(({ listed }) => listed !== false);
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0 ? overview(listed, recent) : bestMatches(listed, words, recent);
}

function overview(commands: readonly Command[], recent: readonly string[]): readonly FoundGroup[] {
  const last = recent.flatMap((id) => commands.filter((command) => command.id === id));
  const rest = COMMAND_GROUPS.map((title) => ({
    title,
    all: commands.filter(({ group, id }) => group === title && !recent.includes(id)),
  }));
  return [
    group('Used last', last, MAX_IN_GROUP),
    // Of the screens, all are expected.
    ...rest.map(({ title, all }) => group(title, all, title === 'Screens' ? all.length : MAX_IN_GROUP)),
  ].filter(({ found }) => found.length > 0);
}

function group(title: string, all: readonly Command[], most: number): FoundGroup {
  const found = all.slice(0, most).map((command) => ({ command, hits: NO_HITS }));
  return { title, found, more: all.length - found.length };
}

function bestMatches(
  commands: readonly Command[],
  words: readonly string[],
  recent: readonly string[],
): readonly FoundGroup[] {
  const matches = commands.flatMap((command) => {
    const match = matchCommand(command, words);
    return match === null ? [] : [{ ...match, score: match.score + (recent.includes(command.id) ? 5 : 0) }];
  });
  matches.sort((a, b) => b.score - a.score || a.command.title.length - b.command.title.length);
  const best = matches.slice(0, MAX_FOUND);
  // Groups are in the order of their best match; within them the best comes first.
  const titles = [...new Set(best.map(({ command }) => command.group))];
  return titles.map((title, at) => ({
    title,
    found: best.filter(({ command }) => command.group === title),
    more: at === titles.length - 1 ? matches.length - best.length : 0,
  }));
}

interface Match extends FoundCommand {
  readonly score: number;
}

/** Every word must be found somewhere; the title counts most. Null: no match. */
function matchCommand(command: Command, words: readonly string[]): Match | null {
  const title = command.title.toLowerCase();
  const aside = [command.about, command.words, command.group, command.id].join(' ').toLowerCase();
  const hits = new Set<number>();
  let score = 0;
  for (const word of words) {
    const inTitle = matchWord(title, word);
    if (inTitle !== null) {
      score += inTitle.score;
      for (const at of inTitle.hits) hits.add(at);
    } else if (aside.includes(word)) score += 10;
    else return null;
  }
  return { command, hits, score };
}

function matchWord(title: string, word: string): { score: number; hits: readonly number[] } | null {
  const at = title.indexOf(word);
  const start = at < 0 ? -1 : wordStart(title, word, at);
  if (start >= 0) return { score: start === 0 ? 100 : 80, hits: run(start, word.length) };
  if (at >= 0) return { score: 50, hits: run(at, word.length) };
  const hits = subsequence(title, word);
  return hits === null ? null : { score: 20, hits };
}

/** The first place at which `word` begins a word of the title, or -1. */
function wordStart(title: string, word: string, from: number): number {
  for (let at = from; at >= 0; at = title.indexOf(word, at + 1)) {
    if (at === 0 || /[^\p{L}\p{N}]/u.test(title[at - 1] ?? '')) return at;
  }
  return -1;
}

/**
 * The letters of `word` in order, at the starts of words where there is a choice: "opf" → Open plugins
 * folder.
 */
function subsequence(title: string, word: string): readonly number[] | null {
  const hits: number[] = [];
  let from = 0;
  for (const letter of word) {
    const at = title.indexOf(letter, from);
    if (at < 0) return null;
    const starts = at === 0 || /[^\p{L}\p{N}]/u.test(title[at - 1] ?? '');
    const next = starts || at === from ? at : nextStart(title, letter, at);
    hits.push(next);
    from = next + 1;
  }
  return hits;
}

/** Prefers the start of a later word to the middle of this one. */
function nextStart(title: string, letter: string, from: number): number {
  const start = wordStart(title, letter, from);
  return start < 0 ? from : start;
}

function run(start: number, length: number): readonly number[] {
  return Array.from({ length }, (_, step) => start + step);
}
