import { IconFolderDown } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Stores } from '../../stores.ts';
import { useStores } from '../use-stores.tsx';
import classes from './drop-folder.module.css';

/**
 * A folder dropped on the window is watched; anything else changes nothing. The browser's own response to a
 * dropped file, opening it in place of the page, is always prevented.
 */
export function DropFolder() {
  const stores = useStores();
  const [over, setOver] = useState(false);
  useEffect(() => followDrags(stores, setOver), []);
  if (!over) return null;
  return (
    <div className={classes.overlay} role="status">
      <div className={classes.target}>
        <IconFolderDown size={32} stroke={1.5} aria-hidden />
        <strong>Watch this folder</strong>
        <span>Its plugins and traces replace these; the address stays.</span>
      </div>
    </div>
  );
}

function followDrags(stores: Stores, show: (over: boolean) => void): () => void {
  const hover = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    // In a browser too: without a drop there could be no announcement why it is refused.
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    show(stores.folder.hasDesktop() && !isTakenElsewhere(event));
  };
  const leave = (event: DragEvent) => {
    // Out of the window, not merely from one element to the next.
    if (event.relatedTarget === null) show(false);
  };
  const drop = (event: DragEvent) => {
    show(false);
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (!isTakenElsewhere(event)) watchDropped(stores, event);
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

function watchDropped(stores: Stores, { dataTransfer }: DragEvent): void {
  const [file, ...more] = dataTransfer?.files ?? [];
  if (file === undefined) return;
  const path = stores.inspector.pathOf?.(file);
  const problem =
    more.length > 0 ? `${more.length + 1} items were dropped: drop one folder` : dropProblem(file, path);
  if (problem === null && path !== undefined) {
    // The runtime reports what is wrong with it, for example that it is a file.
    stores.folder.watch(path).catch((error) => console.error('dropped folder not watched', error));
  } else {
    stores.announcements.announce({
      tone: 'bad',
      title: 'Folder not watched',
      text: problem ?? '',
      key: 'watch-folder',
    });
  }
}

function dropProblem({ name }: File, path: string | undefined): string | null {
  if (path === undefined) return 'A browser doesn’t reveal a folder’s path: type it in Settings';
  return path === '' ? `${name} is not a local folder` : null;
}
