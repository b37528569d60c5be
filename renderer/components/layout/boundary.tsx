import { Component, type ReactNode } from 'react';
import { toFailure } from '../../state/app/loadable.ts';
import { FailedState } from '../status/states.tsx';

interface BoundaryProps {
  readonly children: ReactNode;
  /** For "… can't be shown". */
  readonly what?: string;
}

/** Contains an error in one screen: says what happened and offers a retry. */
export class Boundary extends Component<BoundaryProps, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <FailedState
        what={this.props.what ?? 'This page'}
        failure={toFailure(error)}
        onRetry={() => this.setState({ error: null })}
      />
    );
  }
}
