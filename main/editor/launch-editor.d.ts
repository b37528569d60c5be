declare module 'launch-editor/get-args.js' {
  /** The arguments that make this editor open the file at that place. */
  export default function getArgs(
    editor: string,
    file: string,
    line?: number,
    column?: number,
  ): (string | number)[];
}

declare module 'launch-editor/guess.js' {
  /** The command of the first known editor among the processes listed, or undefined. */
  export function getEditorFromMacProcesses(output: string): string | undefined;
  export function getEditorFromWindowsProcesses(output: string): string | undefined;
}
