// Runs the real server and stands between it and the client: `node proxy.mjs COMMAND ARGUMENT…`. It does what the server does
// once a feature asks a language model. The client's request `test/llm` makes it send `promptbits/llmRequest` with these
// parameters; with `cancel`, it cancels that at the first piece. The answer holds what came back. `test/available` answers what
// `promptbits/llmAvailable` said.
import { spawn } from 'node:child_process';

const server = spawn(process.argv[2], process.argv.slice(3), { stdio: ['pipe', 'pipe', 'inherit'] });
server.on('exit', (code) => process.exit(code ?? 1));

const asked = new Map();
const available = [];
let made = 0;

read(process.stdin, (message, raw) => {
  const waiting = message.method === undefined ? asked.get(message.id) : undefined;
  if (message.method === 'test/llm') {
    const id = `proxy-${++made}`;
    asked.set(id, { ...message, pieces: [] });
    const params = { ...message.params.request, partialResultToken: id };
    write(process.stdout, { jsonrpc: '2.0', id, method: 'promptbits/llmRequest', params });
  } else if (message.method === 'test/available') {
    write(process.stdout, { jsonrpc: '2.0', id: message.id, result: available });
  } else if (message.method === 'promptbits/llmAvailable') {
    available.push(message.params.available);
    server.stdin.write(raw);
  } else if (message.method === '$/progress' && asked.has(message.params.token)) {
    const { pieces, params } = asked.get(message.params.token);
    pieces.push(message.params.value.text);
    if (params.cancel) {
      write(process.stdout, { jsonrpc: '2.0', method: '$/cancelRequest', params: { id: message.params.token } });
    }
  } else if (waiting) {
    const { result, error } = message;
    write(process.stdout, { jsonrpc: '2.0', id: waiting.id, result: { result, error, pieces: waiting.pieces } });
  } else {
    server.stdin.write(raw);
  }
});
process.stdin.on('end', () => server.stdin.end());
// By whole messages: ours must not get into the middle of one.
read(server.stdout, (_, raw) => process.stdout.write(raw));

/** Calls back with each message, and its bytes. */
function read(stream, take) {
  let held = Buffer.alloc(0);
  stream.on('data', (chunk) => {
    held = Buffer.concat([held, chunk]);
    for (;;) {
      const end = held.indexOf('\r\n\r\n');
      const length = end < 0 ? NaN : Number(/content-length: *(\d+)/i.exec(held.subarray(0, end).toString())?.[1]);
      const whole = end + 4 + length;
      if (!(held.length >= whole)) return;
      const raw = held.subarray(0, whole);
      held = held.subarray(whole);
      take(JSON.parse(raw.subarray(end + 4).toString()), raw);
    }
  });
}

function write(stream, message) {
  const body = Buffer.from(JSON.stringify(message));
  stream.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
}
