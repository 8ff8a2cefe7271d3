#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// What Node.js costs as a host: a filter in JavaScript, per message; and deliveries a second
// through real sockets with gathered writes, the clients being another process. Prints a table
// like the other benchmarks. Run by tests/bench/test_node_host.sh, which builds the binding first.
'use strict';
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const net = require('node:net');
const path = require('node:path');

const binding = path.join(__dirname, '..', '..', 'bindings', 'node');
const CLIENTS = 50;
const TEXT = 'a line of the length that people write in a chat, more or less';
let failed = 0;
let passed = 0;

function row(what, value, unit, bound, good) {
  if (good) passed++;
  else failed++;
  console.log(
    `${what.padEnd(46)} ${value.toFixed(2).padStart(12)} ${unit.padEnd(8)} (${bound})` +
      (good ? '' : '  FAILED'),
  );
}
const show = (what, value, unit) =>
  console.log(`${what.padEnd(46)} ${value.toFixed(2).padStart(12)} ${unit}`);

// ---- a filter's cost ----------------------------------------------------------------------------

// Messages to a room of two, without sockets: the engine and the handler alone. The handlers do
// what those of python_host.py do.
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

function filters() {
  const kinds = {
    none: () => {},
    'that rewrites': (engine, { rewrite }) =>
      engine.filter('message', { stage: 'transform' }, ({ text }) =>
        text.includes('darn') ? rewrite({ text: text.replaceAll('darn', '****') }) : undefined,
      ),
    'that judges': (engine, { deny }) =>
      engine.filter('message', ({ text }) => (text.includes('spam') ? deny('no spam') : undefined)),
    'that only sees': (engine) => engine.filter('message', { stage: 'observe' }, () => {}),
  };
  const worlds = Object.entries(kinds).map(([name, install]) => [name, world(install), Infinity]);
  // In turns: what slows the machine for a while slows them all.
  for (let i = 0; i < 60; i++) {
    for (const one of worlds) one[2] = Math.min(one[2], one[1].round());
  }
  const base = worlds[0][2];
  show('a message to a room of two, from JavaScript', base, 'ns');
  for (const [name, , ns] of worlds.slice(1)) {
    row(`a handler in JavaScript ${name}`, ns - base, 'ns', 'at most 10000', ns - base <= 10_000);
  }
  for (const [, one] of worlds) one.end();
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
  show('deliveries', result.heard, '');
  show('in one write, on average', result.heard / writes, '');
  show("deliveries a second of the host's processor", result.heard / cores, '1/s');
  row(
    'deliveries a second',
    result.heard / result.seconds,
    '1/s',
    'at least 100000',
    result.heard / result.seconds >= 100_000,
  );
}

async function main() {
  if (process.argv[2] === 'clients') {
    await clients(Number(process.argv[3]), Number(process.argv[4]));
    return;
  }
  filters();
  await deliveries();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
main();
