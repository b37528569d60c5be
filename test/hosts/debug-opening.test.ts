import { describe, expect, it } from 'vitest';
import { judgeAdapterOpening, judgeInspectorOpening } from '../../main/hosts/debug-opening.ts';

const HOST = 'Host: 127.0.0.1:9229';

function ask(path: string, ...headers: readonly string[]): Buffer {
  return Buffer.from([`GET ${path} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
}
const judge = (bytes: Buffer) => judgeInspectorOpening(bytes, 9_229);

describe('what speaks to debugpy', () => {
  it.each([
    ['', 'incomplete'],
    ['Cont', 'incomplete'],
    ['Content-Length:', 'session'],
    ['Content-Length: 2\r\n\r\n{}', 'session'],
    ['content-length: 2\r\n\r\n{}', 'foreign'],
    ['POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}', 'foreign'],
    [' Content-Length: 2', 'foreign'],
    ['101\t1\t', 'foreign'],
    ['\u0016\u0003\u0001', 'foreign'],
  ])('%j is %s', (text, opening) => expect(judgeAdapterOpening(Buffer.from(text))).toBe(opening));
});

describe('what speaks to Node’s inspector', () => {
  it.each([
    ['a WebSocket', ask('/1b-2c', HOST, 'Upgrade: websocket'), 'session'],
    [
      'a WebSocket of DevTools',
      ask('/a', HOST, 'Upgrade: WebSocket', 'Origin: devtools://devtools'),
      'session',
    ],
    ['by localhost', ask('/a', 'Host: localhost:9229', 'Upgrade: websocket'), 'session'],
    ['VS Code', ask('/a', 'Host: localhost', 'Upgrade: websocket'), 'session'],
    ['chrome://inspect', ask('/a', 'Upgrade: WebSocket', 'Connection: Upgrade'), 'session'],
    ['its question', ask('/json/version'), 'question'],
    ['a list', ask('/json', HOST), 'question'],
    ['a list that a person opens', ask('/json/list', HOST, 'Sec-Fetch-Site: none'), 'question'],
    ['half of a request', ask('/json', HOST).subarray(0, 30), 'incomplete'],
    ['its first letter', Buffer.from('G'), 'incomplete'],
  ])('D4: %s is let in', (_what, bytes, opening) => expect(judge(bytes)).toBe(opening));

  it.each([
    ['a page’s WebSocket', ask('/a', HOST, 'Upgrade: websocket', 'Origin: https://evil.example')],
    ['a page without an origin', ask('/a', HOST, 'Upgrade: websocket', 'Origin: null')],
    [
      'an origin that only begins alike',
      ask('/a', HOST, 'Upgrade: websocket', 'Origin: devtools.evil.example'),
    ],
    ['a page’s image', ask('/json', HOST, 'Sec-Fetch-Site: cross-site')],
    ['a foreign host', ask('/json', 'Host: evil.example:9229')],
    ['another port', ask('/json', 'Host: 127.0.0.1:80')],
    ['an empty host', ask('/json', 'Host: ')],
    ['a host that only begins alike', ask('/json', 'Host: localhost.evil.example:9229')],
    ['two hosts', ask('/json', HOST, 'Host: evil.example')],
    [
      'two origins',
      ask('/a', HOST, 'Upgrade: websocket', 'Origin: devtools://a', 'origin: https://evil.example'),
    ],
    ['a folded header', ask('/a', HOST, 'Upgrade: websocket', 'X: a', ' Origin: https://evil.example')],
    ['a blank before the colon', ask('/a', HOST, 'Upgrade: websocket', 'Origin : https://evil.example')],
    ['a bare line feed', ask('/a', HOST, 'Upgrade: websocket', 'X: a\nOrigin: https://evil.example')],
    ['another path', ask('/', HOST)],
    ['another path below', ask('/json/../a', HOST)],
    ['a second request behind it', Buffer.concat([ask('/json', HOST), ask('/json', HOST)])],
    ['another method', Buffer.from(`POST /json HTTP/1.1\r\n${HOST}\r\n\r\n`)],
    ['the debug adapter protocol', Buffer.from('Content-Length: 2\r\n\r\n{}')],
    ['a head without end', Buffer.from(`GET /${'a'.repeat(4_096)}`)],
    ['a head that is too long', ask('/json', HOST, `X: ${'a'.repeat(4_096)}`)],
  ])('D4: %s is foreign', (_what, bytes) => expect(judge(bytes)).toBe('foreign'));
});
