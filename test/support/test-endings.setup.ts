import { afterAll, afterEach } from 'vitest';
import { runEndings } from './test-endings.ts';

afterEach(runEndings);
afterAll(runEndings);
