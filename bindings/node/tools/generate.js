#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// Makes the raw layer from bindings/api.json, into the build's folder: tables.inc (C++: what
// structs hold, and one wrapper for each function of a plain shape), raw.js (constants, and
// functions that make objects of structs), raw.d.ts (their types). Nothing here knows any name of
// the API but those that need code by hand: those that take callbacks, and bytes.
'use strict';
const fs = require('fs');
const path = require('path');

const [, , apiFile, outDir] = process.argv;
if (!outDir) {
  console.error('usage: generate.js API.json FOLDER');
  process.exit(2);
}
const api = JSON.parse(fs.readFileSync(apiFile, 'utf8'));

// Written by hand in src/: they take callbacks or bytes, or make the engine itself.
const byHand = new Set([
  'confab_engine_create',
  'confab_engine_destroy',
  'confab_conn_open',
  'confab_conn_feed',
  'confab_conn_output',
  'confab_conn_closed',
  'confab_hook_add',
  'confab_command_add',
  'confab_timer_add',
  'confab_command_submit',
  'confab_event_next',
  'confab_reply_numeric',
  'confab_version',
  'confab_abi_major',
  'confab_abi_minor',
  'confab_has_feature',
  'confab_status_name',
  'confab_name_fold',
]);
const NUMBERS = {
  uint16_t: 'U16',
  int16_t: 'I16',
  uint32_t: 'U32',
  int32_t: 'I32',
  confab_status: 'I32',
  confab_verdict: 'I32',
  uint64_t: 'U64',
  int64_t: 'I64',
  confab_id: 'ID',
  confab_time: 'ID',
};
const TS = {
  U16: 'number',
  I16: 'number',
  U32: 'number',
  I32: 'number',
  U64: 'number | bigint',
  I64: 'number | bigint',
  ID: 'bigint',
  STR: 'Text',
  EVENT: 'Event',
};

const camel = (name) => name.replace(/_([a-z0-9])/g, (_, c) => c.toUpperCase());
const short = (name) => name.replace(/^confab_/i, '');
const structs = new Map(api.structs.map((s) => [s.name, s]));
const functions = new Set(api.functions.map((f) => f.name));
const events = new Map(api.events.map((e) => [e.struct, e]));

function kindOf(type) {
  if (NUMBERS[type]) return NUMBERS[type];
  if (type === 'confab_str') return 'STR';
  if (type === 'const confab_event *') return 'EVENT';
  const array = /^(\w+)\[(\d+)\]$/.exec(type);
  if (array && NUMBERS[array[1]] === 'U64') return 'U64S';
  return undefined; // callbacks, contexts, the allocator: not for JavaScript
}

// Members as JavaScript sees them; the head of an event is part of it.
function membersOf(struct, prefix = '') {
  const out = [];
  for (const m of struct.members ?? []) {
    if (m.name === 'struct_size' || m.name.startsWith('reserved')) continue;
    if (m.type === 'confab_event' && m.name === 'head') {
      out.push(...membersOf(structs.get('confab_event'), 'head.'));
      continue;
    }
    const kind = kindOf(m.type);
    if (!kind) continue;
    // A member of an event that its head has too (a join's flags) is called after the event.
    const taken = out.some((one) => one.name === camel(m.name));
    const name = camel(taken ? `${struct.name.replace('confab_event_', '')}_${m.name}` : m.name);
    out.push({ name, c: prefix + m.name, kind, doc: m.doc, size: m.size });
  }
  return out;
}

const known = api.structs
  .filter((s) => s.growable && !s.opaque && !/_api$|confab_plugin/.test(s.name))
  .map((s) => ({ ...s, js: membersOf(s) }));
const index = new Map(known.map((s, i) => [s.name, i]));

// ---- C++ ----------------------------------------------------------------------------------------
// REUSE-IgnoreStart: what follows are licences of what is written.
const cc = ['// SPDX-License-Identifier: MIT', '// Made by tools/generate.js.'];
for (const s of known) {
  cc.push(`static const Member members_${s.name}[] = {`);
  for (const m of s.js) {
    cc.push(`    {"${m.name}", Kind::${m.kind}, offsetof(${s.name}, ${m.c}), ${m.size}},`);
  }
  cc.push('    {nullptr, Kind::END, 0, 0}};');
}
cc.push('static const Struct structs[] = {');
for (const s of known) {
  const defaults = functions.has(`${s.name}_defaults`)
    ? `[](void *p, uint32_t n) { ${s.name}_defaults(static_cast<${s.name} *>(p), n); }`
    : 'nullptr';
  cc.push(`    {"${s.name}", sizeof(${s.name}), members_${s.name}, ${s.js.length}, ${defaults}},`);
}
cc.push(
  '};',
  `static const int structs_count = ${known.length};`,
  `static int struct_of_event(uint32_t type) {`,
  '  switch (type) {',
);
for (const e of api.events) cc.push(`  case ${e.value}: return ${index.get(e.struct)};`);
cc.push(
  `  case UINT32_MAX: return ${index.get('confab_event_custom')}; // of a leased space`,
  '  default: return -1;',
  '  }',
  '}',
);
for (const s of known) cc.push(`enum { S_${s.name} = ${index.get(s.name)} };`);

const wrapped = [];
function wrap(f) {
  let takes = 0;
  const before = [];
  const call = [];
  const results = [];
  const types = [];
  for (const [i, p] of f.parameters.entries()) {
    const type = p.type;
    const bare = type.replace(/^const /, '').replace(/ \*$/, '');
    if (i === 0 && /^(const )?confab_engine \*$/.test(type)) {
      before.push('confab_engine *engine = c.engine();', 'if (!engine) return nullptr;');
      call.push('engine');
    } else if (i === 0 && type === 'confab_call *') {
      before.push('confab_call *call = c.call();', 'if (!call) return nullptr;');
      call.push('call');
    } else if (kindOf(type) && !type.includes('*')) {
      const kind = kindOf(type);
      takes++;
      types.push([p.name, kind === 'STR' ? 'Text' : 'number | bigint']);
      before.push(`${bare} a${i}{};`, `if (!c.take(${takes}, &a${i})) return nullptr;`);
      call.push(`a${i}`);
    } else if (/^const confab_\w+ \*$/.test(type) && index.has(bare)) {
      takes++;
      types.push([p.name, `Partial<${ts(bare)}>`]);
      before.push(
        `${bare} a${i}{};`,
        `if (!c.take_struct(${takes}, S_${bare}, &a${i})) return nullptr;`,
      );
      call.push(`&a${i}`);
    } else if (/^confab_\w+ \*$/.test(type) && index.has(bare)) {
      before.push(`${bare} a${i};`, `c.prepare(S_${bare}, &a${i});`);
      call.push(`&a${i}`);
      results.push([`c.give_struct(S_${bare}, &a${i})`, ts(bare)]);
    } else if (/ \*$/.test(type) && !type.startsWith('const') && kindOf(bare)) {
      before.push(`${bare} a${i}{};`);
      call.push(`&a${i}`);
      results.push([`c.give${kindOf(bare) === 'ID' ? '_id' : ''}(a${i})`, TS[kindOf(bare)]]);
    } else return false;
  }
  if (!['confab_status', 'confab_time'].includes(f.returns)) return false;
  cc.push(
    `static napi_value wrap_${f.name}(napi_env env, napi_callback_info info) {`,
    `  Call c(env, info);`,
    ...before.map((l) => `  ${l}`),
  );
  let result = 'number';
  if (f.returns === 'confab_time') {
    cc.push(`  return c.give_id(${f.name}(${call.join(', ')}));`);
    result = 'bigint';
  } else {
    cc.push(`  const confab_status status = ${f.name}(${call.join(', ')});`);
    if (results.length === 0) cc.push('  return c.done(status);');
    else {
      cc.push('  napi_value none;', '  if (!c.good(status, &none)) return none;');
      if (results.length === 1) cc.push(`  return ${results[0][0]};`);
      else cc.push(`  return c.list({${results.map((r) => r[0]).join(', ')}});`);
      const all = results.map((r) => r[1]);
      result = `${all.length === 1 ? all[0] : `[${all.join(', ')}]`} | undefined`;
    }
  }
  cc.push('}');
  wrapped.push({ name: f.name, types, result, doc: f.doc });
  return true;
}
function ts(name) {
  return (
    short(name)
      .replace(/(^|_)([a-z])/g, (_, __, c) => c.toUpperCase())
      .replace(/^Event(?=.)/, '') + (name.startsWith('confab_event') ? 'Event' : '')
  );
}
const left = api.functions.filter(
  (f) => !byHand.has(f.name) && !/_defaults$/.test(f.name) && !wrap(f),
);
cc.push('static const Wrapper wrappers[] = {');
for (const f of wrapped) cc.push(`    {"${camel(short(f.name))}", wrap_${f.name}},`);
cc.push('};', '');

// ---- JavaScript ---------------------------------------------------------------------------------
const constants = [...api.enums.flatMap((e) => e.constants), ...api.macros]
  .filter((c) => typeof c.value === 'number' && Number.isSafeInteger(c.value))
  .filter((c) => !/_(END|COUNT)$/.test(c.name) || c.name === 'CONFAB_END');
const js = ['// SPDX-License-Identifier: MIT', '// Made by tools/generate.js.', "'use strict';"];
js.push('exports.constants = Object.freeze({');
for (const c of constants) js.push(`  ${c.name.replace(/^CONFAB_/, '')}: ${c.value},`);
js.push('});', 'const types = [];');
for (const e of api.events) js.push(`types[${e.value}] = '${camel(e.name)}';`);
js.push('exports.types = types;', 'exports.make = [');
for (const s of known) {
  const names = s.js.map((m, i) => `a${i}`);
  const isEvent = s.name === 'confab_event' || s.members[0].type === 'confab_event';
  const pairs = s.js.map((m, i) =>
    isEvent && m.name === 'type' ? `type: a${i - 1} ? a${i} : types[a${i}]` : `${m.name}: a${i}`,
  );
  js.push(`  (${names.join(', ')}) => ({ ${pairs.join(', ')} }),`);
}
js.push('];', 'exports.members = {');
for (const s of known)
  js.push(`  ${short(s.name)}: [${s.js.map((m) => `'${m.name}'`).join(', ')}],`);
js.push('};', 'exports.structOfType = {');
for (const e of api.events) js.push(`  ${camel(e.name)}: '${short(e.struct)}',`);
js.push('};', '');

// ---- TypeScript ---------------------------------------------------------------------------------
const dts = [
  '// SPDX-License-Identifier: MIT',
  '// Made by tools/generate.js: what the C headers say.',
  "import type { Text } from '../index';",
  'export type Event = Events[keyof Events];',
  'export interface Constants {',
];
const comment = (doc, pad) =>
  doc ? [`${pad}/** ${doc.replace(/\*\//g, '* /').replace(/\n/g, `\n${pad} * `)} */`] : [];
for (const c of constants) {
  dts.push(...comment(c.doc, '  '), `  readonly ${c.name.replace(/^CONFAB_/, '')}: ${c.value};`);
}
dts.push('}');
for (const s of known) {
  dts.push(...comment(s.doc, ''), `export interface ${ts(s.name)} {`);
  const named = events.get(s.name);
  const all = api.events.filter((e) => e.struct === s.name).map((e) => `'${camel(e.name)}'`);
  for (const m of s.js) {
    const type =
      m.kind === 'U64S'
        ? 'number[]'
        : m.name === 'type' && m.c.startsWith('head.')
          ? named
            ? all.join(' | ')
            : 'number'
          : TS[m.kind];
    dts.push(...comment(m.doc, '  '), `  ${m.name}: ${type};`);
  }
  dts.push('}');
}
dts.push('export interface Events {');
for (const e of api.events)
  dts.push(...comment(e.doc, '  '), `  ${camel(e.name)}: ${ts(e.struct)};`);
dts.push(
  '}',
  '/** The raw functions: those of the C headers, with the engine as the first argument. */',
  'export interface Raw {',
);
for (const f of wrapped) {
  dts.push(
    ...comment(f.doc, '  '),
    `  ${camel(short(f.name))}(handle: object${f.types
      .map(([n, t]) => `, ${n}: ${t}`)
      .join('')}): ${f.result};`,
  );
}
dts.push('}', '');

fs.mkdirSync(outDir, { recursive: true });
for (const [name, lines] of [
  ['tables.inc', cc],
  ['raw.js', js],
  ['raw.d.ts', dts],
]) {
  const file = path.join(outDir, name);
  const text = lines.join('\n');
  if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) fs.writeFileSync(file, text);
}
if (process.env.CONFAB_GENERATE_VERBOSE)
  console.log('by hand or left out:', left.map((f) => f.name).join(' '));
