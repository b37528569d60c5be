import { Page } from '../../components/page.tsx';
import { LoadingRows } from '../../components/states.tsx';

export function PluginsScreen() {
  return (
    <Page title="Plugins">
      <LoadingRows />
    </Page>
  );
}
