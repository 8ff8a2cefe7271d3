// SPDX-License-Identifier: MIT
//
// Compiled, never run: what the types allow, and with @ts-expect-error what they do not.
import { Engine, PASS, allow, constants, deny, raw, rewrite } from '..';

const engine = new Engine({
  serverName: 'test.example',
  hookCallUsMax: 1000,
  request: async () => true,
});

engine.filter('message', ({ text, kind }) =>
  kind === constants.MESSAGE_NOTICE ? PASS : deny(text),
);
engine.filter('message', { stage: 'transform' }, ({ text }) => rewrite({ text: text.trim() }));
engine.filter('join', async (event, call) => {
  call.signal.throwIfAborted();
  if (event.key === '') return deny({ code: 'bad_key', visibility: 'silent' });
});
engine.filter('kick', { stage: 'override', name: 'help' }, () => allow('because'));
// @ts-expect-error TRANSFORM has no DENY
engine.filter('message', { stage: 'transform' }, () => deny());
// @ts-expect-error only promises of POLICY may rewrite
engine.filter('message', () => rewrite({ text: '' }));
// @ts-expect-error OVERRIDE cannot wait
engine.filter('message', { stage: 'override' }, async () => allow());
// @ts-expect-error no such type of events
engine.filter('mesage', () => PASS);
// @ts-expect-error no such member
engine.filter('join', ({ topic }) => void topic);
// @ts-expect-error no such code
deny({ code: 'because' });

engine.on('channelChange', ({ mode, outcome }) => void (mode + outcome.code));
engine.on('filterError', (error, filter) => void [error, filter?.stats?.failedTotal]);
engine.submit('topic', {
  channel: engine.channel('#room')!.id,
  text: 'x',
  actor: 0n,
  forced: true,
});
// @ts-expect-error no such member
engine.submit('topic', { txt: 'x' });
engine.addCommand('ROLL', { paramsMax: 1, permission: 'operator' }, (event, [first]) => {
  engine.notify(event.origin, first ?? '');
});
const nick: string | undefined = engine.user('alice')?.nick;
const found: bigint | undefined = raw.userFind(engine.handle, nick ?? '');
(async () => {
  for await (const event of engine.events({ types: ['join', 'part'] })) {
    if (event.type === 'join') void event.key;
    else void event.text;
  }
})();
void found;
