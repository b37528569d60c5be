import { z } from 'zod';
import { THEMES, type WindowFunctions, ZOOM_STEPS } from '../../contract/window.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';

export const WINDOW_ARGUMENTS: ArgumentsOf<WindowFunctions> = {
  appearance: z.null(),
  setAppearance: z.strictObject({
    theme: z.enum(THEMES).exactOptional(),
    zoom: z.literal(ZOOM_STEPS).exactOptional(),
  }),
};

export function createWindowHandlers({ desktop }: HandlerDeps): HandlersOf<WindowFunctions> {
  return {
    appearance: () => desktop?.setAppearance({}) ?? null,
    setAppearance: (change) => desktop?.setAppearance(change) ?? null,
  };
}
