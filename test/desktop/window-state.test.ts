import { describe, expect, it } from 'vitest';
import { markTitle } from '../../main/contract/window.ts';
import { DEFAULT_STATE, placeWindow, readWindowState, stepZoom } from '../../main/desktop/window-state.ts';

const LAPTOP = { x: 0, y: 25, width: 1440, height: 875 };
const SECOND = { x: 1440, y: 0, width: 1920, height: 1080 };

describe('where the window opens', () => {
  it.each([
    [
      'as it stood',
      { x: 100, y: 100, width: 1200, height: 700 },
      { x: 100, y: 100, width: 1200, height: 700 },
    ],
    [
      'on the second screen',
      { x: 1600, y: 50, width: 1300, height: 900 },
      { x: 1600, y: 50, width: 1300, height: 900 },
    ],
    [
      'moved in where it hung over the edge',
      { x: -200, y: 700, width: 1000, height: 700 },
      { x: 0, y: 200, width: 1000, height: 700 },
    ],
    [
      'made smaller for a smaller screen',
      { x: 0, y: 25, width: 3000, height: 2000 },
      { x: 1440, y: 0, width: 1920, height: 1080 },
    ],
    [
      'never below the least size',
      { x: 50, y: 50, width: 300, height: 200 },
      { x: 50, y: 50, width: 960, height: 600 },
    ],
  ])('%s', (_, bounds, expected) => {
    expect(placeWindow(bounds, [LAPTOP, SECOND])).toEqual(expected);
  });

  it('in the middle at its usual size when the screen it stood on is gone', () => {
    expect(placeWindow({ x: 1600, y: 50, width: 1300, height: 900 }, [LAPTOP])).toBeNull();
    expect(placeWindow({ x: 1430, y: 100, width: 1300, height: 900 }, [LAPTOP])).toBeNull();
    expect(placeWindow(null, [LAPTOP])).toBeNull();
  });

  it('at the upper left of a screen that is smaller than the least size', () => {
    const tiny = { x: 0, y: 0, width: 800, height: 480 };
    expect(placeWindow({ x: 100, y: 100, width: 960, height: 600 }, [tiny])).toEqual({
      x: 0,
      y: 0,
      width: 960,
      height: 600,
    });
  });
});

it('a damaged file costs only what is damaged in it', () => {
  for (const kept of [undefined, null, 'text', 7, []]) expect(readWindowState(kept)).toEqual(DEFAULT_STATE);
  const kept = { bounds: { x: 1.5, y: 0, width: 0, height: 'a' }, maximized: 1, theme: 'dark', zoom: 99 };
  expect(readWindowState(kept)).toEqual({ ...DEFAULT_STATE, theme: 'dark' });
  const whole = {
    bounds: { x: -5, y: 0, width: 1000, height: 700 },
    maximized: true,
    theme: 'light',
    zoom: 1.25,
  };
  expect(readWindowState(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
});

it('zoom goes by steps and stays at the last one', () => {
  expect(stepZoom(1, 'in')).toBe(1.1);
  expect(stepZoom(1, 'out')).toBe(0.9);
  expect(stepZoom(3, 'in')).toBe(3);
  expect(stepZoom(0.5, 'out')).toBe(0.5);
});

it('the title is marked once, and cleared', () => {
  const marked = markTitle('Plugins – Mozaiks Workbench', 2);
  expect(marked).toBe('● 2 failed – Plugins – Mozaiks Workbench');
  expect(markTitle(marked, 13)).toBe('● 13 failed – Plugins – Mozaiks Workbench');
  expect(markTitle(markTitle(marked, 13), 0)).toBe('Plugins – Mozaiks Workbench');
});
