import { type Bridge, createInspector } from './bridge.ts';
import { createPaletteStore } from './components/frame/palette-store.ts';
import type { Page } from './page.ts';
import { createAnnouncements } from './state/app/announcements.ts';
import { createAppearanceStore } from './state/app/appearance.ts';
import { createCommandStore } from './state/app/commands.ts';
import { createDemoStore } from './state/app/demo.ts';
import { createDownloads } from './state/app/downloads.ts';
import { createEditorStore } from './state/app/editor.ts';
import { createFirstMinuteStore } from './state/app/first-minute.ts';
import { createFolderStore } from './state/app/folder.ts';
import { createLateStores } from './state/app/late-stores.ts';
import { createPersonaStore } from './state/app/personas.ts';
import { createRuntimeStore } from './state/app/runtime.ts';
import { createSaving } from './state/app/saving.ts';
import { createSettingsStore } from './state/app/settings.ts';
import { createTokenSetupStore } from './state/app/token-setup.ts';
import { createTokenStore } from './state/app/tokens.ts';
import { createUiStore } from './state/app/ui.ts';
import { createWindowCommands } from './state/app/window-commands.ts';
import { createClauseListStore } from './state/contract/clause-list-store.ts';
import { createContractStore } from './state/contract/contract.ts';
import { createContractHistoryStore } from './state/contract/contract-history.ts';
import { createContractTargetStore } from './state/contract/contract-target.ts';
import { createDifferencesStore } from './state/contract/differences.ts';
import { createSocketStore } from './state/messages/socket-store.ts';
import { createMutesStore } from './state/plugins/mutes.ts';
import { createNewPluginStore } from './state/plugins/new-plugin.ts';
import { createPluginActions } from './state/plugins/plugin-actions.ts';
import { createPluginHistoryStore } from './state/plugins/plugin-history.ts';
import { createPluginListStore } from './state/plugins/plugin-list.ts';
import { createReloadNews } from './state/plugins/reload-news.ts';
import { createRunStores } from './state/run/create-run-stores.ts';
import { createTraceStores } from './state/traces/create-trace-stores.ts';

export interface StoreDeps {
  readonly bridge: Bridge;
  readonly page: Page;
  /** ms since the epoch. */
  readonly now: () => number;
}

export type Stores = ReturnType<typeof createStores>;

/**
 * All the state of the page outside React. Each store gets what it needs passed; nothing here listens before
 * `startStores`.
 */
export function createStores({ bridge, page, now }: StoreDeps) {
  const inspector = createInspector(bridge);
  const announcements = createAnnouncements();
  const ui = createUiStore({ page });
  const runtime = createRuntimeStore({ inspector, now });
  const settings = createSettingsStore({ inspector });
  const personas = createPersonaStore({ inspector });
  const commands = createCommandStore({ announcements, page });
  const downloads = createDownloads({ inspector, announcements });
  const editor = createEditorStore({ inspector, announcements });
  const folder = createFolderStore({ inspector, announcements, ui, runtime, settings });
  const appearance = createAppearanceStore({ inspector, page, announcements });
  const saving = createSaving({ page, announcements });
  const windowCommands = createWindowCommands({ inspector, commands, folder, ui });
  const demo = createDemoStore({ inspector, announcements, ui });
  const firstMinute = createFirstMinuteStore({ inspector, page, runtime, ui });
  const pluginList = createPluginListStore({ page, runtime, ui });
  const pluginActions = createPluginActions({ inspector, announcements, runtime, pluginList });
  const pluginHistory = createPluginHistoryStore({ inspector });
  const mutes = createMutesStore({ inspector, announcements });
  const newPlugin = createNewPluginStore({ inspector, announcements, editor, runtime, ui });
  const reloadNews = createReloadNews({ inspector, announcements, ui, pluginList });
  const tokenSetup = createTokenSetupStore({ inspector, announcements, personas });
  const tokens = createTokenStore({ inspector, announcements, ui, personas, tokenSetup });
  const contractTarget = createContractTargetStore({ inspector, page, saving });
  const contractHistory = createContractHistoryStore({ inspector, announcements });
  const contract = createContractStore({
    inspector,
    announcements,
    saving,
    history: contractHistory,
    target: contractTarget,
    now,
  });
  const differences = createDifferencesStore({ inspector });
  const clauseList = createClauseListStore({ page });
  const sockets = createSocketStore({ inspector, announcements, ui });
  const palette = createPaletteStore({ inspector, commands, ui });
  const traceStores = createTraceStores({ inspector, page, announcements, saving, ui, now });
  const late = createLateStores({ inspector, page, announcements, saving, runtime, ui });
  const runStores = createRunStores({ inspector, page, announcements, runtime, ui, now });
  return {
    inspector,
    announcements,
    ui,
    runtime,
    settings,
    personas,
    commands,
    downloads,
    editor,
    folder,
    appearance,
    saving,
    windowCommands,
    demo,
    firstMinute,
    pluginList,
    pluginActions,
    pluginHistory,
    mutes,
    newPlugin,
    reloadNews,
    tokenSetup,
    tokens,
    contractTarget,
    contractHistory,
    contract,
    differences,
    clauseList,
    palette,
    sockets,
    ...traceStores,
    ...runStores,
    late,
  };
}

/** Has the stores follow the page and the runtime, for as long as the page lives. */
export function startStores(stores: Stores): void {
  const { ui, runtime, traces, reloadNews, appearance, windowCommands, contract } = stores;
  ui.start();
  runtime.start();
  traces.start();
  reloadNews.start();
  appearance.start();
  windowCommands.start();
  contract.start();
}
