/** The part of Electron that knows the path of a dropped file, since version 32. */
interface WebUtils {
  getPathForFile(file: object): string;
}

/**
 * The path of a file that was dropped onto the page; older versions put it on the file itself. Empty when
 * there is none.
 */
export function droppedFilePath(file: object, { webUtils }: { readonly webUtils?: WebUtils }): string {
  const path = webUtils === undefined ? (file as { path?: unknown }).path : webUtils.getPathForFile(file);
  return typeof path === 'string' ? path : '';
}
