#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// What Node.js costs as a host: a handler in JavaScript, per message; and deliveries a second
// through real sockets with gathered writes, the clients being another process.
//
// usage: node_host.js worker | deliveries
//
// A part of languages.py, which builds the binding and says what is measured. `worker` reads names
// of kinds of handlers, and answers each with the nanoseconds that a message took. `deliveries`
// prints: its name, deliveries in a second, the same of the host's own processor time, and how many
// went in one write.
'use strict';
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const net = require('node:net');
const path = require('node:path');

const binding = path.join(__dirname, '..', '..', 'bindings', 'node');
const CLIENTS = 50;
const TEXT = 'a line of the length that people write in a chat, more or less';
// ---- a filter's cost ----------------------------------------------------------------------------

// Messages to a room of two, without sockets: the engine and the handler alone.
const LINE = 'PRIVMSG #room :hello there everybody, darn it, that was a fine evening\r\n';

function world(install) {
  const { Engine } = require(binding);
  const engine = new Engine({ commandsBurstMax: 0 });
  const connect = (nick) => {
    const conn = engine.open({ address: '192.0.2.1' }, { write() {} });
    conn.feed(`NICK ${nick}\r\nUSER ${nick} 0 * :${nick}\r\nJOIN #room\r\n`);
    return conn;
  };
  const from = connect('alice');
  connect('bob');
  engine.flush();
  install(engine, require(binding));
  const lines = Buffer.from(LINE.repeat(50));
  return {
    round() {
      const begin = process.hrtime.bigint();
      for (let i = 0; i < 40; i++) {
        from.feed(lines);
        engine.flush();
      }
      return Number(process.hrtime.bigint() - begin) / 2000;
    },
    end: () => engine.close(),
  };
}

const KINDS = {
  none: () => {},
  rewrites: (engine, { rewrite }) =>
    engine.filter('message', { stage: 'transform' }, ({ text }) =>
      text.includes('darn') ? rewrite({ text: text.replaceAll('darn', '****') }) : undefined,
    ),
  judges: (engine, { deny }) =>
    engine.filter('message', ({ text }) => (text.includes('spam') ? deny('no spam') : undefined)),
  sees: (engine) => engine.filter('message', { stage: 'observe' }, () => {}),
};

async function work() {
  const worlds = Object.fromEntries(
    Object.entries(KINDS).map(([name, install]) => [name, world(install)]),
  );
  const lines = require('node:readline').createInterface({ input: process.stdin });
  for await (const line of lines) console.log(worlds[line].round().toFixed(1));
  for (const one of Object.values(worlds)) one.end();
}

// ---- deliveries ---------------------------------------------------------------------------------

// The other process: clients in one channel; each speaks when it has heard all that was said.
async function clients(port, seconds) {
  const sockets = [];
  let heard = 0;
  for (let i = 0; i < CLIENTS; i++) {
    const socket = net.connect(port, '127.0.0.1');
    let joined;
    const ready = new Promise((resolve) => (joined = resolve));
    let greeting = '';
    socket.on('data', (bytes) => {
      if (greeting === undefined) {
        for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) heard++;
        return;
      }
      greeting += bytes;
      if (!greeting.includes(' 366 ')) return;
      greeting = undefined;
      joined();
    });
    socket.write(`NICK user${i}\r\nUSER user${i} 0 * :x\r\nJOIN #room\r\n`);
    await ready;
    sockets.push(socket);
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  heard = 0;
  process.send('begin');
  const burst = `PRIVMSG #room :${TEXT}\r\n`.repeat(4);
  const begin = process.hrtime.bigint();
  const end = begin + BigInt(seconds * 1e9);
  let said = 0;
  while (process.hrtime.bigint() < end) {
    for (let i = 0; i < 10; i++) sockets[said++ % CLIENTS].write(burst);
    const wanted = said * 4 * (CLIENTS - 1);
    while (heard < wanted) await new Promise((resolve) => setImmediate(resolve));
  }
  process.send({ heard, seconds: Number(process.hrtime.bigint() - begin) / 1e9 });
  for (const socket of sockets) socket.destroy();
}

async function deliveries() {
  const { Engine } = require(binding);
  const engine = new Engine({ commandsBurstMax: 0, outputBacklogBytesMax: 1 << 24 });
  let writes = 0;
  const server = net.createServer((socket) => {
    socket.setNoDelay(true);
    const { write } = socket;
    socket.write = (bytes) => {
      writes++;
      return write.call(socket, bytes);
    };
    engine.attach(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const child = spawn(
    process.execPath,
    [__filename, 'clients', String(server.address().port), '3'],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  await once(child, 'message');
  const cpu = process.cpuUsage();
  writes = 0;
  const [result] = await once(child, 'message');
  const used = process.cpuUsage(cpu);
  const cores = (used.user + used.system) / 1e6;
  await once(child, 'exit');
  engine.close();
  server.close();
  const figures = [result.heard / result.seconds, result.heard / cores, result.heard / writes];
  console.log(['none', ...figures.map((each) => each.toFixed(0))].join(' '));
}

const modes = {
  worker: work,
  deliveries,
  clients: () => clients(Number(process.argv[3]), Number(process.argv[4])),
};
modes[process.argv[2]]();
