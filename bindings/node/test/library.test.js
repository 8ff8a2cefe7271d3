// SPDX-License-Identifier: MIT
//
// Loading against another libconfab: none, an older and a newer one. Each is an error in words.
// The other libraries are made here with the C compiler: the symbols that the addon wants, and a
// version of their own.
'use strict';
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, test } = require('node:test');

const build = process.env.CONFAB_NODE_BUILD || path.join(__dirname, '..', 'build');
const addon = path.join(build, 'confab.node');
const index = require.resolve('..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'confab-node-'));
after(() => fs.rmSync(folder, { recursive: true }));

const wanted = execFileSync('nm', ['-D', '--undefined-only', addon], { encoding: 'utf8' }).match(
  /confab_\w+/g,
);

// What a process says that loads the binding.
function load(environment) {
  const source = `try { require(${JSON.stringify(index)}); console.log('loaded'); }
    catch (error) { console.log(JSON.stringify([error.code, error.message])); }`;
  const out = execFileSync(process.execPath, ['-e', source], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return out.startsWith('[') ? JSON.parse(out) : [out.trim(), ''];
}

function library(name, minor, symbols) {
  const dir = path.join(folder, name);
  fs.mkdirSync(dir);
  const source = path.join(dir, 'stub.c');
  const bodies = symbols.map((symbol) =>
    symbol === 'confab_abi_minor'
      ? `unsigned confab_abi_minor(void) { return ${minor}; }`
      : `unsigned ${symbol}(void) { return 0; }`,
  );
  fs.writeFileSync(source, `${bodies.join('\n')}\n`);
  fs.writeFileSync(path.join(dir, 'map'), 'CONFAB_0 { global: confab_*; };\n');
  execFileSync('cc', [
    '-shared',
    '-fPIC',
    '-w',
    '-Wl,-soname,libconfab.so.0',
    `-Wl,--version-script,${path.join(dir, 'map')}`,
    '-o',
    path.join(dir, 'libconfab.so.0'),
    source,
  ]);
  return { LD_LIBRARY_PATH: dir };
}

test('the library that the addon was built for loads', () => {
  assert.deepEqual(load({}), ['loaded', '']);
});

test('a missing library', () => {
  // The same addon, looking for a file that does not exist.
  const copy = path.join(folder, 'missing');
  fs.cpSync(build, copy, {
    recursive: true,
    filter: (file) => file === build || /confab\.node$|raw\.js$/.test(file),
  });
  const bytes = fs.readFileSync(addon);
  let at = bytes.indexOf('libconfab.so.0\0');
  assert.ok(at > 0);
  for (; at > 0; at = bytes.indexOf('libconfab.so.0\0')) bytes.write('libconfab.so.?', at);
  fs.writeFileSync(path.join(copy, 'confab.node'), bytes);
  const [code, text] = load({ CONFAB_NODE_BUILD: copy });
  assert.equal(code, 'ERR_CONFAB_LIBRARY_MISSING');
  assert.match(text, /libconfab is missing/);
});

test('an addon that is not built', () => {
  const [code, text] = load({ CONFAB_NODE_BUILD: path.join(folder, 'nowhere') });
  assert.equal(code, 'ERR_CONFAB_NOT_BUILT');
  assert.match(text, /npm run build/);
});

test('a library that is one minor older', () => {
  const [code, text] = load(library('older', 0, wanted));
  assert.equal(code, 'ERR_CONFAB_LIBRARY_VERSION');
  assert.match(text, /older than this binding: its ABI is 0\.0/);
});

test('an older library that lacks a function', () => {
  const [code, text] = load(
    library(
      'lacking',
      0,
      wanted.filter((name) => name !== 'confab_conn_feed'),
    ),
  );
  assert.equal(code, 'ERR_CONFAB_LIBRARY_VERSION');
  assert.match(text, /older than this binding.*confab_conn_feed/);
});

test('a library that is one minor newer', () => {
  const [code, text] = load(library('newer', 2, wanted));
  assert.equal(code, 'ERR_CONFAB_LIBRARY_VERSION');
  assert.match(text, /newer than this binding: its ABI is 0\.2/);
});
