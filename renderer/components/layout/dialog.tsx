import { Modal, type ModalProps } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './dialog.module.css';

const PARTS = { title: classes.title ?? '', header: classes.header ?? '', body: classes.body ?? '' };

/** A small dialog that asks for input or confirmation. */
export function Dialog(props: Omit<ModalProps, 'classNames'>) {
  return <Modal classNames={PARTS} {...props} />;
}

/** The buttons at its end; the confirming one comes last. */
export function DialogButtons({ children }: { readonly children: ReactNode }) {
  return <div className={classes.buttons}>{children}</div>;
}
