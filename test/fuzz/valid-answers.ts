/** Answers of a runtime under check as it sends them, the first of them to all that it may be asked. */

const HEAD =
  'Content-Type: application/json\r\nX-Mozaiks-Runtime-Version: 1.0.0\r\nX-Mozaiks-Trace-Id: 0af7651916cd43dd\r\n\r\n';

export const VALID_ANSWERS = [
  `HTTP/1.1 200 OK\r\n${HEAD}{"status":"ok","ready":true,"app_id":"a","mode":"local","plugins_loaded":1,"plugins":[` +
    '{"name":"contract-probe","status":"loaded","enabled":true},{"name":"b","status":"failed"}],"probe":1,' +
    '"language":"python","environment":{"MOZAIKS_PLUGIN_TIMEOUT_SECONDS":"2"},"user_jwt_sha256":null,"received":{' +
    '"app_id":"a","user_id":"Zoë","_entitlements":{},"_context":{"app_id":"a","user_id":"Zoë","username":"z",' +
    '"roles":["user"],"is_superadmin":false}}}',
  `HTTP/1.1 404 Not Found\r\n${HEAD}{"detail":"Plugin 'b' not found.","error_code":"NOT_FOUND","status_code":404}`,
] as const;
