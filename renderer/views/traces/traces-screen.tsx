import { Page } from '../../components/page.tsx';
import { LoadingRows } from '../../components/states.tsx';

export function TracesScreen() {
  return (
    <Page title="Traces">
      <LoadingRows />
    </Page>
  );
}
