// SPDX-License-Identifier: MIT
//
// Two pages of a real browser (CHROMIUM, or Debian's chromium) talk through the server; the filter
// in JavaScript masks a word, and the other page shows the mask.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const server = fileURLToPath(new URL('../server.js', import.meta.url));

async function start() {
  const child = spawn(process.execPath, [server], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const found = /http:\S+/.exec(line);
    if (found) {
      child.stdout.resume();
      return { child, url: found[0] };
    }
  }
  throw new Error('the server did not start');
}

async function enter(browser, url, nick) {
  const page = await browser.newPage();
  await page.goto(url);
  await page.fill('#nick', nick);
  await page.click('#enter button');
  await page.waitForSelector(`#log li:has-text("${nick} came in")`);
  return page;
}

async function say(page, text) {
  await page.fill('#text', text);
  await page.click('#speak button');
}

const shows = (page, text) =>
  page.waitForSelector(`#log li:text-is("${text}")`, { timeout: 10_000 });

test('two pages talk, and the mask shows', { timeout: 90_000 }, async () => {
  const { child, url } = await start();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid() === 0 ? ['--no-sandbox'] : [], // chromium refuses root's sandbox
  });
  try {
    const anna = await enter(browser, url, 'anna');
    const ben = await enter(browser, url, 'ben');
    await shows(anna, 'ben came in');

    await say(anna, 'hello ben');
    await shows(ben, 'anna: hello ben');
    await say(ben, 'where is my darn pen?');
    await shows(anna, 'ben: where is my **** pen?');
    assert.ok(!(await anna.textContent('#log')).includes('darn'));

    await say(anna, 'see http://good.example/'); // the filter takes its time, and passes it
    await shows(ben, 'anna: see http://good.example/');
    await say(anna, 'see http://bad.example/');
    await shows(anna, 'That link is not welcome.');
    assert.ok(!(await ben.textContent('#log')).includes('bad.example'));

    await say(ben, '/roll');
    await anna.waitForSelector('#log li:text-matches("^ben rolls [1-6]$")');

    await say(anna, 'grüße, 你好 <b>bold</b>'); // UTF-8, and no markup
    await shows(ben, 'anna: grüße, 你好 <b>bold</b>');
    await ben.close();
    await shows(anna, 'ben left');

    const metrics = await (await fetch(`${url}metrics`)).text();
    assert.match(metrics, /name="mask"/);
  } finally {
    await browser.close();
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});
