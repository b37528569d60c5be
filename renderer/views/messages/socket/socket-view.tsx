import { IconPlugConnected } from '@tabler/icons-react';
import { EmptyState } from '../../../components/status/states.tsx';
import { ConnectSnippet } from './connect-snippet.tsx';

/** Who is connected for notifications, and what was sent to them. */
export function SocketView() {
  return (
    <EmptyState
      icon={IconPlugConnected}
      title="Nobody is connected"
      text="Windows that connect, and every message that plugins send them, are listed here."
      action={<ConnectSnippet />}
    />
  );
}
