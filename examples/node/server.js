// SPDX-License-Identifier: MIT
//
// A chat server for web pages: IRC over WebSockets (each frame is one line), on the engine, in one
// file. A filter masks a word, another asks a slow service before it lets a message with a link
// through, and /roll is a command. PORT says where it listens (default 8080); 0 takes a free one.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import confab from 'confab';
import { WebSocketServer } from 'ws';

const { Engine, deny, rewrite } = confab;

const engine = new Engine({
  serverName: 'chat.example',
  networkName: 'Example',
  motd: 'Be kind.\n',
  hookCallUsMax: 20_000, // a filter that takes longer has failed, and failing is closed
});

// A TRANSFORM filter may rewrite: what it answers is what everybody sees.
engine.filter('message', { stage: 'transform', name: 'mask' }, ({ text }) => {
  const masked = text.replace(/\bdarn\b/gi, '****');
  return masked === text ? undefined : rewrite({ text: masked });
});

// A POLICY filter may deny, at once or later. While it waits, the sender's next messages wait
// behind this one, and everybody else goes on.
const linkIsBad = async (text) => {
  await sleep(50); // a service of yours
  return text.includes('bad.example');
};
engine.filter('message', { name: 'links', waitMs: 5000 }, ({ text }) => {
  if (!text.includes('http')) return undefined;
  return linkIsBad(text).then((bad) =>
    bad ? deny({ text: 'That link is not welcome.' }) : undefined,
  );
});

// A command: everybody in the channel hears the result.
engine.addCommand('ROLL', { paramsMin: 1, paramsMax: 1 }, (event, [channel]) => {
  engine.say(
    channel,
    `${engine.user(event.actor).nick} rolls ${1 + Math.floor(Math.random() * 6)}`,
    {
      notice: true,
    },
  );
});

// What happened, as it happens.
engine.on('register', (event) => console.log(`${event.nick} is here`));
engine.on('filterError', (error) => console.error('a filter failed:', error));
(async () => {
  for await (const event of engine.events({ types: ['join', 'part'] })) {
    console.log(`${event.type} ${event.name}`);
  }
})();

// HTTP: the page, and figures for Prometheus.
const page = await readFile(new URL('./page.html', import.meta.url));
const http = createServer((request, response) => {
  if (request.url === '/metrics') {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(engine.metrics());
  } else if (request.url === '/') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(page);
  } else {
    response.statusCode = 404;
    response.end();
  }
});

// WebSockets: IRCv3 names the subprotocols. The sockets are ours; the engine gets their bytes.
const sockets = new WebSocketServer({
  server: http,
  maxPayload: 16 * 1024,
  handleProtocols: (offered) =>
    ['text.ircv3.net', 'binary.ircv3.net'].find((name) => offered.has(name)) ?? false,
});
sockets.on('connection', (socket, request) => {
  socket.on('error', () => {}); // its close tells the engine
  engine.attachWebSocket(socket, { address: request.socket.remoteAddress });
});

http.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${http.address().port}/`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    engine.close(); // every client is told
    http.close();
    setTimeout(() => process.exit(), 500).unref();
  });
}
