import { describe, expect, it } from 'vitest';
import { parseTiers } from '../../main/contract/persona-subscription.ts';

describe('parseTiers', () => {
  it.each([
    ['', {}],
    [' , ', {}],
    ['videos=pro', { videos: 'pro' }],
    ['videos = pro , notes=basic plus,', { videos: 'pro', notes: 'basic plus' }],
  ])('reads %j', (text, tiers) => {
    expect(parseTiers(text)).toEqual(tiers);
  });

  it.each(['videos', 'videos=', '=pro', 'a b=pro', 'videos;notes'])('refuses %j', (text) => {
    expect(parseTiers(text)).toBeNull();
  });
});
