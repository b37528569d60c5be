import { Page } from '../../components/page.tsx';
import { LoadingRows } from '../../components/states.tsx';

export function SettingsScreen() {
  return (
    <Page title="Settings">
      <LoadingRows />
    </Page>
  );
}
