import { Page } from '../../components/page.tsx';
import { LoadingRows } from '../../components/states.tsx';

export function OverviewScreen() {
  return (
    <Page title="Overview">
      <LoadingRows />
    </Page>
  );
}
