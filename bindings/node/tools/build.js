#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// Builds the addon with CMake: what `npm install` runs. CONFAB_LIBRARY names the libconfab.so to
// use, if it is not to be looked for or built (CMakeLists.txt). Nothing is downloaded.
'use strict';
const { spawnSync } = require('child_process');
const path = require('path');

const source = path.join(__dirname, '..');
const build = process.env.CONFAB_NODE_BUILD || path.join(source, 'build');
const library = process.env.CONFAB_LIBRARY || '';

function run(...command) {
  const done = spawnSync(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  if (done.error?.code === 'ENOENT') {
    console.error(`${command[0]} is missing: the binding is built with cmake and a C++20 compiler`);
    process.exit(1);
  }
  if (done.status !== 0) {
    process.stderr.write(done.stdout);
    process.stderr.write(done.stderr);
    process.exit(done.status ?? 1);
  }
}

run(
  'cmake',
  '-S',
  source,
  '-B',
  build,
  `-DCONFAB_LIBRARY=${library}`,
  `-DNODE=${process.execPath}`,
  '-DCMAKE_BUILD_TYPE=Release',
);
run('cmake', '--build', build, '--parallel');
