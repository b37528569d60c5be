import { IconFolderDown } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { currentStores } from '../../current-stores.ts';

import classes from './drop-folder.module.css';

/**
 * A folder dropped on the window is watched. Whatever else is dropped changes nothing and leads nowhere: the browser's own answer
 * to a dropped file, opening it in place of the page, is always prevented.
 */
export function DropFolder() {
  const [over, setOver] = useState(false);
  useEffect(() => followDrags(setOver), []);
  if (!over) return null;
  return (
    <div className={classes.overlay} role="status">
      <div className={classes.target}>
        <IconFolderDown size={32} stroke={1.5} aria-hidden />
        <strong>Watch this folder</strong>
        <span>Its plugins and traces take the place of these; the address stays.</span>
      </div>
    </div>
  );
}

function followDrags(show: (over: boolean) => void): () => void {
  const hover = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    // In a browser too: only what may be dropped can be answered with a word about it.
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    show(currentStores().folder.hasDesktop() && !isTakenElsewhere(event));
  };
  const leave = (event: DragEvent) => {
    // Out of the window, not merely from one element to the next.
    if (event.relatedTarget === null) show(false);
  };
  const drop = (event: DragEvent) => {
    show(false);
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (!isTakenElsewhere(event)) take(event);
  };
  const listeners = { dragenter: hover, dragover: hover, dragleave: leave, drop } as const;
  for (const [name, listener] of Object.entries(listeners)) {
    document.addEventListener(name as 'drop', listener);
  }
  return () => {
    for (const [name, listener] of Object.entries(listeners)) {
      document.removeEventListener(name as 'drop', listener);
    }
  };
}

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false;
}

/** A field that takes files (an import) marks itself. */
function isTakenElsewhere({ target }: DragEvent): boolean {
  return target instanceof Element && target.closest('[data-takes-files]') !== null;
}

function take({ dataTransfer }: DragEvent): void {
  const [file, ...more] = dataTransfer?.files ?? [];
  if (file === undefined) return;
  const path = currentStores().inspector.pathOf?.(file);
  const problem =
    more.length > 0 ? `${more.length + 1} things were dropped: drop one folder` : whyNot(file, path);
  if (problem === null && path !== undefined) {
    // The runtime says what is wrong with it, that it is a file among others.
    currentStores()
      .folder.watch(path)
      .catch((error) => console.error('the dropped folder', error));
  } else {
    currentStores().announcements.announce({
      tone: 'bad',
      title: 'Folder not watched',
      text: problem ?? '',
      key: 'watch-folder',
    });
  }
}

function whyNot({ name }: File, path: string | undefined): string | null {
  if (path === undefined) return 'A browser doesn’t tell where a folder lies: type its path in Settings';
  return path === '' ? `${name} is no folder of this machine` : null;
}
