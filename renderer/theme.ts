import {
  ActionIcon,
  Badge,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Input,
  type MantineColorsTuple,
  Menu,
  Modal,
  Popover,
  SegmentedControl,
  Select,
  Table,
  Tabs,
  Tooltip,
} from '@mantine/core';

/** The one accent. Index 6 carries white text at 4.5:1 or more. */
const accent: MantineColorsTuple = [
  '#eef4ff',
  '#dce7fd',
  '#b9cffa',
  '#8fb2f6',
  '#6b99f2',
  '#4880ea',
  '#2a66d9',
  '#2358bf',
  '#1d4aa3',
  '#173c85',
];

/** Mantine's surfaces in the dark theme: 7 is the body, 6 raised, 4 borders, 2 dimmed text. */
const dark: MantineColorsTuple = [
  '#e6e8eb',
  '#c3c8cf',
  '#9aa3ae',
  '#6b7480',
  '#343a43',
  '#2a2f37',
  '#22262d',
  '#191c21',
  '#14171b',
  '#101216',
];

const SANS =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Ubuntu, Cantarell, 'Liberation Sans', 'Helvetica Neue', Arial, sans-serif";
const MONO =
  "ui-monospace, 'SF Mono', SFMono-Regular, 'Cascadia Mono', Menlo, Consolas, 'Noto Sans Mono', 'DejaVu Sans Mono', 'Liberation Mono', monospace";

/** One row of controls: 28 px high, 13 px type, whatever the component. */
const CONTROL_HEIGHT = '1.75rem';
const BUTTON_ROW = {
  '--button-height': CONTROL_HEIGHT,
  '--button-fz': '0.8125rem',
  '--button-padding-x': '0.625rem',
};

export const theme = createTheme({
  colors: { accent, dark },
  primaryColor: 'accent',
  primaryShade: 6,
  autoContrast: true,
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  spacing: { xs: '0.25rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  radius: { xs: '0.1875rem', sm: '0.25rem', md: '0.375rem', lg: '0.5rem', xl: '0.75rem' },
  defaultRadius: 'md',
  headings: {
    fontFamily: SANS,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.75rem' },
      h2: { fontSize: '1rem', lineHeight: '1.5rem' },
      h3: { fontSize: '0.875rem', lineHeight: '1.25rem' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      defaultProps: { size: 'xs', variant: 'default' },
      // Compact sizes keep their own heights.
      vars: (_theme, { size }) => ({ root: size === 'xs' ? BUTTON_ROW : {} }),
      styles: { label: { fontWeight: 500 } },
    }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 26 } }),
    Input: Input.extend({
      defaultProps: { size: 'xs' },
      vars: () => ({
        wrapper: { '--input-height': CONTROL_HEIGHT, '--input-fz': '0.8125rem' },
      }),
    }),
    InputWrapper: Input.Wrapper.extend({
      defaultProps: { size: 'xs' },
      vars: () => ({
        label: { '--input-label-size': '0.8125rem' },
        description: { '--input-description-size': '0.75rem' },
        error: { '--input-error-size': '0.75rem' },
        success: { '--input-success-size': '0.75rem' },
      }),
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 350, withArrow: false, transitionProps: { duration: 100 } },
    }),
    Menu: Menu.extend({
      defaultProps: {
        transitionProps: { duration: 100 },
        shadow: 'md',
        position: 'bottom-end',
        // Otherwise its first element is focusable but not an item.
        withInitialFocusPlaceholder: false,
      },
    }),
    Popover: Popover.extend({ defaultProps: { transitionProps: { duration: 100 }, shadow: 'md' } }),
    Modal: Modal.extend({
      defaultProps: {
        transitionProps: { duration: 120 },
        centered: true,
        closeButtonProps: { 'aria-label': 'Close' },
        // The page has its own banner; a dialog's header is not one.
        attributes: { header: { role: 'presentation' } },
      },
    }),
    SegmentedControl: SegmentedControl.extend({
      defaultProps: { size: 'xs', transitionDuration: 120 },
      styles: { label: { fontWeight: 500 } },
    }),
    Select: Select.extend({
      // The list scrolls by itself, so that the keys that move in it are those of the field.
      defaultProps: { withScrollArea: false },
      styles: { options: { maxHeight: 250, overflowY: 'auto' } },
    }),
    Tabs: Tabs.extend({ defaultProps: { keepMounted: false } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 0, horizontalSpacing: 'sm', fz: 'sm' } }),
    Badge: Badge.extend({ defaultProps: { variant: 'default', radius: 'sm', tt: 'none', fw: 500 } }),
  },
});

/** Lets Mantine's own surfaces follow the tokens of theme.css. */
export const cssVariables: CSSVariablesResolver = () => {
  const surfaces = {
    '--mantine-color-body': 'var(--wb-surface)',
    '--mantine-color-text': 'var(--wb-text)',
    '--mantine-color-dimmed': 'var(--wb-dim)',
    '--mantine-color-placeholder': 'var(--wb-faint)',
    '--mantine-color-default': 'var(--wb-control)',
    '--mantine-color-default-hover': 'var(--wb-hover)',
    '--mantine-color-default-border': 'var(--wb-line-strong)',
    '--mantine-color-error': 'var(--wb-exception)',
  };
  return { variables: {}, light: surfaces, dark: surfaces };
};
