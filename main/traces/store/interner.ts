/** Each text once, as a number; 0 stands for null. A text that nothing refers to any more is forgotten. */
export interface Interner {
  /** The number of a text, counted as one more use of it. */
  take(text: string | null): number;
  /** Ends one use. */
  release(code: number): void;
  text(code: number): string | null;
  /** The number of a text that is in use, or -1. */
  find(text: string): number;
}

export function createInterner(): Interner {
  const codes = new Map<string, number>();
  const texts: (string | null)[] = [null];
  const uses: number[] = [0];
  const free: number[] = [];
  return {
    take(text) {
      if (text === null) return 0;
      let code = codes.get(text);
      if (code === undefined) {
        code = free.pop() ?? texts.length;
        codes.set(text, code);
        texts[code] = text;
        uses[code] = 0;
      }
      uses[code] = (uses[code] ?? 0) + 1;
      return code;
    },
    release(code) {
      const left = (uses[code] ?? 0) - 1;
      if (code === 0) return;
      uses[code] = left;
      if (left > 0) return;
      codes.delete(texts[code] ?? '');
      texts[code] = null;
      free.push(code);
    },
    text: (code) => texts[code] ?? null,
    find: (text) => codes.get(text) ?? -1,
  };
}
