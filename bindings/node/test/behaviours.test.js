// SPDX-License-Identifier: MIT
//
// Plays bindings/behaviours.json: what every binding proves. None is skipped.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { World } = require('./world');

const file = path.join(__dirname, '..', '..', 'behaviours.json');
const { format, options, behaviours } = JSON.parse(fs.readFileSync(file, 'utf8'));

test('the file is of a format that this runner knows', () => assert.equal(format, 1));

for (const behaviour of behaviours) {
  test(behaviour.name, async () => {
    const bytes = JSON.stringify(behaviour).includes('{"hex":');
    const world = new World({ ...options, ...behaviour.options }, bytes);
    for (const hook of behaviour.hooks ?? []) world.do_hook({ hook });
    for (const command of behaviour.commands ?? []) world.do_command({ command });
    for (const [i, step] of behaviour.steps.entries()) {
      try {
        await world.step(step);
        assert.deepEqual(world.unexpected, []);
      } catch (error) {
        error.message = `step ${i + 1} ${JSON.stringify(step)}: ${error.message}`;
        throw error;
      }
    }
    await world.end();
  });
}
