import { Page } from '../../components/page.tsx';
import { LoadingRows } from '../../components/states.tsx';

export function RunScreen() {
  return (
    <Page title="Run">
      <LoadingRows />
    </Page>
  );
}
