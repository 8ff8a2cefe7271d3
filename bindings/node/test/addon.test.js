// SPDX-License-Identifier: MIT
//
// What is this binding's own: Node's loop and sockets, the collector, the types of values, and how
// it ends in each order. What all bindings share is in behaviours.test.js.
'use strict';
const assert = require('node:assert/strict');
const net = require('node:net');
const { once } = require('node:events');
const { test } = require('node:test');
const { setTimeout: sleep } = require('node:timers/promises');
const { Worker } = require('node:worker_threads');
const { Engine, ConfabError, PASS, allow, constants, deny, raw, rewrite } = require('..');

const turn = () => new Promise((resolve) => setImmediate(resolve));

function make(options = {}) {
  const engine = new Engine({ serverName: 'test.example', commandsBurstMax: 0, ...options });
  engine.on('filterError', () => {});
  return engine;
}
function join(engine, nick, transport = {}, first = '') {
  const output = [];
  const conn = engine.open(
    { address: '192.0.2.1' },
    { write: (b) => void output.push(b), ...transport },
  );
  conn.feed(`${first}NICK ${nick}\r\nUSER ${nick} 0 * :${nick}\r\nCAP END\r\nJOIN #room\r\n`);
  engine.flush();
  output.length = 0;
  return { conn, output, said: () => Buffer.concat(output).toString() };
}
async function collected(weak) {
  for (let i = 0; i < 20 && weak.deref(); i++) {
    await turn();
    global.gc();
  }
  return weak.deref() === undefined;
}
const code = (name) => (error) => error instanceof ConfabError && error.code === name;

test('a whole turn is one write', async () => {
  const engine = make();
  const a = join(engine, 'alice');
  const b = join(engine, 'bob');
  await turn();
  b.output.length = 0;
  for (let i = 0; i < 10; i++) a.conn.feed(`PRIVMSG #room :${i}\r\n`);
  assert.equal(b.output.length, 0);
  await turn();
  assert.equal(b.output.length, 1);
  assert.equal(b.said().split('\r\n').length, 11);
  engine.close();
});

test('sockets of net, and their ends', async () => {
  const engine = make();
  const server = net.createServer((socket) => engine.attach(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = net.connect(server.address().port, '127.0.0.1');
  let heard = '';
  client.on('data', (bytes) => (heard += bytes));
  client.write('NICK alice\r\nUSER alice 0 * :alice\r\n');
  while (!heard.includes(' 001 alice ')) await sleep(5);
  assert.equal(engine.connections.size, 1);
  assert.equal(engine.user('alice').hostname, '127.0.0.1');
  client.destroy();
  while (engine.connections.size > 0) await sleep(5);
  assert.equal(engine.user('alice'), undefined);

  const second = net.connect(server.address().port, '127.0.0.1');
  await once(second, 'connect');
  while (engine.connections.size === 0) await sleep(5);
  second.resume();
  engine.close(); // ends the socket
  await once(second, 'close');
  server.close();
});

test('a connection that a filter refuses is closed', async () => {
  const engine = make();
  engine.filter('connect', () => deny());
  const server = net.createServer((socket) => assert.equal(engine.attach(socket), undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = net.connect(server.address().port, '127.0.0.1');
  client.on('error', () => {});
  await once(client, 'close');
  engine.close();
  server.close();
});

test('a full socket leaves output in the engine', () => {
  const engine = make();
  const a = join(engine, 'alice');
  let full = false;
  const b = join(engine, 'bob', {
    write(bytes) {
      this.got.push(bytes);
      return !full;
    },
    got: [],
  });
  full = true;
  a.conn.feed('PRIVMSG #room :one\r\n');
  engine.flush();
  a.conn.feed('PRIVMSG #room :two\r\n');
  engine.flush();
  assert.ok(b.conn.info.outputBacklogBytes > 0);
  full = false;
  b.conn.drained();
  engine.flush();
  assert.equal(b.conn.info.outputBacklogBytes, 0);
  engine.close();
});

test('input that must wait pauses the socket and comes later', async () => {
  const engine = make({ inputBacklogBytesMax: 1024 });
  const calls = [];
  const a = join(engine, 'alice', {
    pause: () => calls.push('pause'),
    resume: () => calls.push('resume'),
  });
  let release;
  engine.filter('message', ({ text }) =>
    text === 'first' ? new Promise((go) => (release = go)) : PASS,
  );
  const fed = a.conn.feed(`PRIVMSG alice :first\r\n${'PRIVMSG alice :hello\r\n'.repeat(100)}`);
  assert.equal(fed, false);
  assert.equal(a.conn.feed('PRIVMSG alice :last\r\n'), false);
  assert.deepEqual(calls, ['pause']);
  release();
  for (let i = 0; i < 5; i++) await turn();
  assert.deepEqual(calls, ['pause', 'resume']);
  assert.equal(a.said().match(/PRIVMSG alice :hello/g).length, 100);
  assert.match(a.said(), /:last\r\n$/);
  engine.close();
});

test('the timer ticks when something is due', async () => {
  const engine = make();
  const ran = new Promise((resolve) => engine.addTimer({ delayMs: 20 }, resolve));
  const alive = setInterval(() => {}, 1000); // the engine alone keeps no process alive
  await ran;
  clearInterval(alive);
  engine.close();
});

test('texts: UTF-8 as strings, what is not as U+FFFD, exact bytes on demand', () => {
  const engine = make();
  // Without capabilities what is no UTF-8 is read in a code page.
  const a = join(engine, 'alice', {}, 'CAP LS 302\r\n');
  const b = join(engine, 'bob');
  const seen = [];
  engine.filter('message', { stage: 'observe' }, ({ text }) => void seen.push(text));
  engine.filter('message', { stage: 'observe', bytes: true }, ({ text }) => void seen.push(text));
  a.conn.feed(Buffer.from('PRIVMSG #room :na\xefve\r\nPRIVMSG #room :\u00fc', 'latin1'));
  a.conn.feed('\r\n');
  engine.flush();
  assert.equal(seen[0], 'na\ufffdve');
  assert.equal(seen[1].toString('latin1'), 'na\xefve');
  assert.ok(Buffer.concat(b.output).includes(Buffer.from('na\xefve', 'latin1'))); // untouched
  assert.equal(engine.say('#room', 'gr\u00fc\u00dfe'), 'ok');
  assert.equal(engine.say('#room', Buffer.from('gr\xfc\xdfe', 'latin1')), 'ok');
  engine.close();
});

test('what is wrong is said: types, names, ranges, options', () => {
  assert.throws(() => new Engine({ serverNme: 'x' }), TypeError);
  assert.throws(() => new Engine({ channelBytesMax: 'many' }), TypeError);
  assert.throws(() => new Engine({ channelBytesMax: 1 }), /channel_bytes_max: out of range/);
  const engine = make();
  assert.throws(() => engine.filter('mesage', () => PASS), TypeError);
  assert.throws(() => engine.filter('message'), TypeError);
  assert.throws(() => engine.filter('message', { stage: 'later' }, () => PASS), TypeError);
  assert.throws(() => engine.filter('message', { prio: 1 }, () => PASS), TypeError);
  assert.throws(() => engine.submit('message', { txt: 'x' }), TypeError);
  assert.throws(() => engine.submit('join', { user: -1 }), TypeError);
  assert.throws(() => engine.submit('join', { user: 1.5 }), TypeError);
  assert.throws(() => engine.open({}, {}), TypeError);
  assert.throws(() => engine.say('#nowhere', 'x'), ConfabError);
  assert.throws(() => raw.userGet(engine.handle, 12345n), code('CONFAB_ERR_ARG'));
  assert.throws(() => raw.userGet({}, 1n), TypeError);
  assert.throws(() => raw.callDeny(engine.handle, 1, '', 0), code('CONFAB_ERR_STAGE'));
  engine.close();
});

test('after close every call says so', () => {
  const engine = make();
  const { conn } = join(engine, 'alice');
  const filter = engine.filter('message', () => PASS);
  const timer = engine.addTimer({ delayMs: 1000 }, () => {});
  engine.close();
  engine.close();
  const closed = code('ERR_CONFAB_CLOSED');
  assert.throws(() => engine.flush(), closed);
  assert.throws(() => engine.tick(), closed);
  assert.throws(() => engine.users(), closed);
  assert.throws(() => engine.say('#room', 'x'), closed);
  assert.throws(() => engine.filter('message', () => PASS), closed);
  assert.throws(() => engine.metrics(), closed);
  assert.throws(() => filter.stats, closed);
  assert.throws(() => conn.hangUp(), closed);
  assert.throws(() => conn.close(), closed);
  assert.throws(() => conn.drained(), closed);
  filter.remove();
  timer.remove();
  assert.equal(conn.isOpen, false);
});

test('answers that the stage does not have are failures of the filter', () => {
  const wrong = {
    policy: [
      () => rewrite({ text: 'x' }),
      () => allow('x'),
      () => 1,
      () => true,
      () => null,
      () => ({}),
    ],
    transform: [() => deny(), async () => PASS, () => rewrite({ text: 5 })],
  };
  for (const [stage, answers] of Object.entries(wrong)) {
    for (const answer of answers) {
      const engine = make();
      const errors = [];
      engine.on('filterError', (error, filter) => errors.push([error, filter]));
      const a = join(engine, 'alice');
      const b = join(engine, 'bob');
      const filter = engine.filter('message', { stage }, answer);
      a.conn.feed('PRIVMSG #room :hello\r\n');
      engine.flush();
      assert.equal(filter.stats.failedTotal, 1, String(answer));
      assert.equal(b.said().includes('hello'), stage === 'transform');
      assert.ok(errors[0][0] instanceof TypeError);
      assert.equal(errors[0][1], filter);
      engine.close();
    }
  }
});

test('a promise that fails is decided by the policy of its filter', async () => {
  for (const failOpen of [false, true]) {
    for (const answer of [
      async () => {
        throw new Error('boom');
      },
      async () => 'yes',
    ]) {
      const engine = make();
      const a = join(engine, 'alice');
      const b = join(engine, 'bob');
      engine.filter('message', { failOpen }, answer);
      a.conn.feed('PRIVMSG #room :hello\r\n');
      for (let i = 0; i < 4; i++) await turn();
      assert.equal(b.said().includes('hello'), failOpen);
      assert.equal(engine.deferrals, 0);
      engine.close();
    }
  }
});

test('a filter that waited may rewrite, and learns when nobody waits any more', async () => {
  const engine = make();
  const a = join(engine, 'alice');
  const b = join(engine, 'bob');
  const aborted = [];
  engine.filter('message', async ({ text }, call) => {
    call.signal.addEventListener('abort', () => aborted.push(call.signal.reason));
    if (text === 'never') await new Promise(() => {});
    await turn();
    return rewrite({ text: text.toUpperCase() });
  });
  a.conn.feed('PRIVMSG #room :hello\r\n');
  for (let i = 0; i < 6; i++) await turn();
  assert.ok(b.said().includes(':HELLO'));
  a.conn.feed('PRIVMSG #room :never\r\n');
  await turn();
  assert.equal(engine.deferrals, 1);
  a.conn.hangUp();
  assert.deepEqual(aborted, ['origin']);
  assert.equal(engine.deferrals, 0);
  engine.close();
});

test('a filter that hangs beyond its budget has failed, and then is not called', () => {
  const engine = make();
  const a = join(engine, 'alice');
  const b = join(engine, 'bob');
  const filter = engine.filter(
    'message',
    { callUsMax: 2000, failuresMax: 2, retryMs: 60_000 },
    () => {
      for (const end = Date.now() + 10; Date.now() < end;);
    },
  );
  a.conn.feed('PRIVMSG #room :hello\r\n'.repeat(5));
  engine.flush();
  assert.equal(filter.stats.failedTotal, 2);
  assert.equal(filter.stats.bypassedTotal, 3);
  assert.ok(!b.said().includes('hello'));
  engine.close();
});

test('an engine may be closed anywhere: in a filter, a command, a listener, a write', async () => {
  const places = {
    filter: (engine) => engine.filter('message', () => engine.close()),
    command: (engine) => engine.addCommand('STOP', () => engine.close()),
    observer: (engine) => engine.filter('message', { stage: 'observe' }, () => engine.close()),
    listener: (engine) => engine.on('message', () => engine.close()),
    error: (engine) =>
      engine.filter('message', () => {
        engine.close();
        throw new Error('late');
      }),
    promise: (engine) =>
      engine.filter('message', async () => {
        engine.close();
      }),
  };
  for (const [place, install] of Object.entries(places)) {
    const engine = make();
    const ends = [];
    const a = join(engine, 'alice', { end: () => ends.push(place) });
    install(engine);
    a.conn.feed('PRIVMSG #room :hello\r\nSTOP\r\nPRIVMSG #room :more\r\n');
    for (let i = 0; i < 5; i++) await turn();
    assert.equal(engine.isOpen, false, place);
    assert.deepEqual(ends, [place]);
  }
  const engine = make();
  let armed = false;
  const a = join(engine, 'alice', { write: () => void (armed && engine.close()) });
  armed = true;
  a.conn.feed('PRIVMSG alice :hello\r\n');
  await turn();
  assert.equal(engine.isOpen, false);
});

test('inside a handler drive functions are refused, queries and submits are not', () => {
  const engine = make();
  const a = join(engine, 'alice');
  const seen = [];
  engine.filter('message', (event) => {
    for (const drive of [
      () => engine.flush(),
      () => engine.tick(),
      () => a.conn.close(),
      () => engine.open({}, { write() {} }),
      () => a.conn.feed('PING x\r\n'),
    ]) {
      assert.throws(drive, code('CONFAB_ERR_REENTRANT'));
    }
    seen.push(
      engine.user(event.actor).nick,
      engine.submit('topic', {
        channel: event.target,
        text: 'from a handler',
      }),
    );
  });
  a.conn.feed('PRIVMSG #room :hello\r\n');
  engine.flush();
  assert.deepEqual(seen, ['alice', 'queued']);
  assert.equal(engine.channel('#room').topic, 'from a handler');
  engine.close();
});

test('dropped without close, in any order, everything is collected', async () => {
  const orders = [
    (kept) => {
      kept.engine = undefined;
      kept.conn = undefined;
      kept.filter = undefined;
    },
    (kept) => {
      kept.filter = undefined;
      kept.engine = undefined;
      kept.conn = undefined;
    },
    (kept) => {
      kept.conn = undefined;
      kept.filter = undefined;
      kept.engine = undefined;
    },
  ];
  for (const drop of orders) {
    const kept = {};
    const weak = (() => {
      kept.engine = make({ log: () => {}, request: () => true });
      kept.conn = join(kept.engine, 'alice').conn;
      kept.filter = kept.engine.filter('message', () => kept.engine && PASS);
      kept.engine.filter('message', async () => new Promise(() => {}));
      kept.engine.addCommand('ROLL', () => kept.conn);
      kept.engine.on('message', () => {});
      kept.events = kept.engine.events();
      kept.conn.feed('PRIVMSG #room :waits\r\n');
      kept.engine.flush();
      return new WeakRef(kept.engine);
    })();
    await turn();
    drop(kept);
    kept.events = undefined;
    assert.ok(await collected(weak));
  }
});

test('what outlives its engine is harmless', async () => {
  let engine = make();
  const a = join(engine, 'alice');
  const filter = engine.filter('message', () => PASS);
  const events = engine.events();
  const next = events.next();
  engine.close();
  engine = undefined;
  global.gc();
  await turn();
  assert.deepEqual(await next, { value: undefined, done: true });
  filter.remove();
  assert.throws(() => a.conn.hangUp(), code('ERR_CONFAB_CLOSED'));
});

test('ten thousand messages through filters leave no memory behind', async () => {
  const engine = make();
  const a = join(engine, 'alice');
  const b = join(engine, 'bob', { write: () => true });
  engine.filter('message', { stage: 'transform' }, ({ text }) => rewrite({ text: `${text}!` }));
  engine.filter('message', async () => PASS);
  engine.on('message', () => {});
  const round = async () => {
    for (let i = 0; i < 100; i++) {
      a.conn.feed('PRIVMSG #room :hello\r\n'.repeat(20));
      await turn();
      a.output.length = 0;
    }
    for (let i = 0; i < 4; i++) await turn();
    global.gc();
    return [process.memoryUsage().heapUsed, engine.stats().memoryBytes];
  };
  await round();
  const [heap, inside] = await round();
  for (let i = 0; i < 3; i++) await round();
  const [heapAfter, insideAfter] = await round();
  assert.ok(heapAfter - heap < 1_000_000, `the heap grew by ${heapAfter - heap} bytes`);
  assert.ok(insideAfter - inside < 100_000, `the engine grew by ${insideAfter - inside} bytes`);
  assert.ok(b.conn.isOpen);
  engine.close();
});

test('engines by the hundred, closed or dropped, leave no heap behind', async () => {
  const round = async () => {
    for (let i = 0; i < 600; i++) {
      const engine = make();
      const { conn } = join(engine, 'alice');
      engine.filter('message', (event, call) => new Promise(() => call.signal));
      engine.on('message', () => {});
      conn.feed('PRIVMSG alice :waits\r\n');
      engine.flush();
      if (i % 2) engine.close();
      if (i % 50 === 0) await collected(new WeakRef({}));
    }
    for (let i = 0; i < 3; i++) {
      await turn();
      global.gc();
    }
    return process.memoryUsage().heapUsed;
  };
  await round();
  const before = await round();
  await round();
  const grown = (await round()) - before;
  assert.ok(grown < 150_000, `the heap grew by ${grown} bytes`);
});

test('iterators: their own queues, a bound, and an end', async () => {
  const engine = make();
  const a = join(engine, 'alice');
  const few = engine.events({ types: ['message'], limit: 2 });
  a.conn.feed('PRIVMSG #room :1\r\nPRIVMSG #room :2\r\nPRIVMSG #room :3\r\n');
  await turn();
  assert.equal(few.lost, 1);
  const texts = [];
  for await (const event of few) {
    assert.equal(event.outcome.outcome, constants.OUTCOME_COMMITTED);
    texts.push(event.text);
    if (texts.length === 2) break; // its hook goes
  }
  assert.deepEqual(texts, ['2', '3']);
  assert.equal(engine.stats().hooks, 0);
  engine.close();
});

test('a listener that throws stops nobody else', async () => {
  const engine = make();
  const a = join(engine, 'alice');
  const seen = [];
  const uncaught = [];
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => uncaught.push(error.message));
  engine.on('message', ({ text }) => {
    seen.push(text);
    if (text === 'one') throw new Error('listener');
  });
  a.conn.feed('PRIVMSG #room :one\r\nPRIVMSG #room :two\r\n');
  for (let i = 0; i < 3; i++) await turn();
  process.removeAllListeners('uncaughtException');
  for (const listener of before) process.on('uncaughtException', listener);
  assert.deepEqual(seen, ['one', 'two']);
  assert.deepEqual(uncaught, ['listener']);
  engine.close();
});

test('questions to the host: at once, later, and with a failure', async () => {
  const asked = [];
  const answers = [
    () => true,
    () => false,
    async () => true,
    async () => {
      throw new Error('down');
    },
  ];
  for (const [i, answer] of answers.entries()) {
    const engine = make({
      flags: constants.ENGINE_PASSWORD_REQUIRED,
      request: (question) => {
        asked.push(question.password);
        return answer();
      },
    });
    const output = [];
    const conn = engine.open({}, { write: (b) => void output.push(b) });
    conn.feed('PASS secret\r\nNICK alice\r\nUSER alice 0 * :a\r\n');
    for (let n = 0; n < 4; n++) await turn();
    assert.equal(Buffer.concat(output).includes(' 001 alice '), i % 2 === 0);
    engine.close();
  }
  assert.deepEqual(asked, ['secret', 'secret', 'secret', 'secret']);
});

test('workers have engines of their own, and may be ended at any time', async () => {
  const source = `
    const { Engine } = require(${JSON.stringify(require.resolve('..'))});
    const { parentPort, workerData } = require('worker_threads');
    const engine = new Engine();
    const conn = engine.open({}, { write() {} });
    engine.filter('message', () => { if (workerData === 'inside') for (;;); });
    conn.feed('NICK a\\r\\nUSER a 0 * :a\\r\\n');
    engine.flush();
    parentPort.postMessage('ready');
    conn.feed('PRIVMSG a :x\\r\\n');
    setInterval(() => {}, 1000);`;
  for (const workerData of ['outside', 'inside']) {
    const worker = new Worker(source, { eval: true, workerData });
    await once(worker, 'message');
    await sleep(30);
    assert.equal(await worker.terminate(), 1);
  }
});
