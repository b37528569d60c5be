import { Page } from '../../components/page.tsx';
import { LoadingRows } from '../../components/states.tsx';

export function TokensScreen() {
  return (
    <Page title="Tokens">
      <LoadingRows />
    </Page>
  );
}
