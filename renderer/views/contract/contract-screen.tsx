import { Page } from '../../components/page.tsx';
import { LoadingRows } from '../../components/states.tsx';

export function ContractScreen() {
  return (
    <Page title="Contract">
      <LoadingRows />
    </Page>
  );
}
