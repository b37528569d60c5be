import type { RuntimeState } from './runtime-state.ts';

const ANSWER = { responses: { 200: { description: 'As the contract says' } } };

/** As short as a description may be: its paths and nothing about their bodies (CONTRACT.md §2). */
export function openApiDocument({ rules: { executePath, hostPath } }: RuntimeState): object {
  const get = ['/', '/health', '/ready', '/info', '/api/plugins', '/api/available-plugins'];
  const post = [
    ...(executePath ? ['/api/execute/{plugin_name}'] : []),
    ...(hostPath === 'none' ? [] : ['/api/plugins/{plugin_name}/execute']),
  ];
  return {
    openapi: '3.1.0',
    info: { title: 'A stand-in of a runtime', version: '1.0.0' },
    paths: {
      ...Object.fromEntries(get.map((path) => [path, { get: ANSWER }])),
      ...Object.fromEntries(post.map((path) => [path, { post: { ...ANSWER, parameters: [PLUGIN_NAME] } }])),
    },
  };
}

const PLUGIN_NAME = { name: 'plugin_name', in: 'path', required: true, schema: { type: 'string' } };
