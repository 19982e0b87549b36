// Random subjects in random encodings: an erasure check finds them, and nobody else.
import fc from 'fast-check';
import t from 'tap';
import { fold } from '../../../src/core/deletions/caseless.ts';
import { Subjects } from '../../../src/core/deletions/erasure-subjects.ts';
import { testServer } from '../../harness.ts';
import { fromEnvironment, seedFrom } from '../../seeds.ts';
import { TEXT_PLACES } from './encoded-places.ts';
import { encoded, subjects } from './random-subjects.ts';
import { check } from './residues.ts';

const seed = seedFrom('ERASURE_SEED');
const numRuns = fromEnvironment('ERASURE_SEQUENCES', 300);

/** Whether a text has a name in plain sight, so that looking for the name finds it. */
const has = (text: string, name: string) =>
  fold(`${text} https://app.test/u/edit?to=x&x=1 (see please)`).includes(fold(name));

t.test(`a text holds a subject in any encoding, and no other subject (ERASURE_SEED=${seed})`, async (t) => {
  const property = fc.property(encoded, subjects, ({ subject, encoder, text }, other) => {
    const found = new Subjects([subject]).match(text);
    if (found === null || found.match === 'inside') throw new Error(`${subject} is not found in ${text}`);
    const base64 = encoder.encodings.includes('base64');
    if (base64 !== found.encodings.includes('base64')) throw new Error(`${subject} in ${text} is ${found.encodings}`);
    if (has(subject, other)) return;
    const elsewhere = new Subjects([other]).match(text);
    if (elsewhere !== null) throw new Error(`${other} is found in ${text} as ${elsewhere.encodings}`);
  });
  const details = fc.check(property, { seed, numRuns });
  t.notOk(details.failed, fc.defaultReportMessage(details) ?? `${numRuns} texts`);
});

t.test(`a check finds a subject in any encoding and place, and no other subject (ERASURE_SEED=${seed})`, async (t) => {
  const { call } = await testServer(t);
  const places = fc.constantFrom(...TEXT_PLACES);
  const property = fc.asyncProperty(encoded, subjects, places, async ({ subject, text }, other, place) => {
    const { name, include, field, url, put } = place;
    const placed = url ? encodeURI(text).replaceAll('%25', '%') : text;
    await put(call, placed);
    const question = { include: [include], linked: false };
    const { residues } = await check(call, [subject], question);
    if (!residues.some((one) => one.field === field)) throw new Error(`${subject} is not found in ${name}: ${placed}`);
    if (has(subject, other)) return;
    const found = (await check(call, [other], question)).residues.filter((one) => one.field === field);
    if (found.length > 0) throw new Error(`${other} is found in ${name}: ${placed}`);
  });
  const details = await fc.check(property, { seed, numRuns: Math.ceil(numRuns / 20) });
  t.notOk(details.failed, fc.defaultReportMessage(details) ?? 'found in every place');
});
