// The erasure check: searches a sandbox for a person's data that deletions left behind.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { foldName } from '../core/deletions/caseless.ts';
import { checkErasure, type ErasureSource } from '../core/deletions/erasure.ts';
import { PLACES, type Place } from '../core/deletions/erasure-findings.ts';
import { faultTexts, journalTexts, snapshotTexts, webhookTexts } from '../core/deletions/erasure-places.ts';
import type { Provider } from '../core/provider/provider.ts';
import { type Control, existingSandboxOf, SandboxQuery } from './context.ts';
import { ErasureResult } from './schemas.ts';

/** What an erasure check can search besides the rows. */
const sourcesOf = (providers: readonly Provider[]): ReadonlyMap<Place, ErasureSource> =>
  new Map<Place, ErasureSource>([
    ['journal', (sandbox) => journalTexts(sandbox, providers)],
    ['webhooks', webhookTexts],
    ['faults', faultTexts],
    ['snapshots', (sandbox) => snapshotTexts(sandbox, providers)],
  ]);

const place = z.enum(PLACES, {
  error: ({ input }) => `${JSON.stringify(input)} is none of ${PLACES.join(', ')}`,
});

const subject = z
  .string()
  .min(1, 'must not be empty')
  .refine((name) => name === '' || foldName(name) !== '', 'must contain more than spaces and invisible characters');

const Body = z.strictObject({
  subjects: z.array(subject).min(1, 'must name at least one').max(100),
  include: z.array(place).min(1, 'must name at least one').default(['state']),
  linked: z
    .boolean()
    .default(true)
    .describe('Also search for identities that were ever seen on the same row as a subject.'),
  contains: z
    .boolean()
    .default(false)
    .describe('Also report matches inside longer identifiers, which never decide the result.'),
});

/** Adds `POST /__admin/erasure-checks`. */
export function addErasure(scope: FastifyInstance, control: Control): void {
  const sources = sourcesOf(control.providers);
  scope.post(
    '/erasure-checks',
    {
      schema: {
        summary: 'whether anything of a person is left, and which calls would remove it',
        description:
          'Searches for `{"subjects": [...]}`, and for identities ever seen on the same row, in every text of every resource, plain, percent-encoded, form-encoded, JSON-escaped or in base64; `"include"` adds the journal, webhooks, fault rules, barriers and snapshots; `"linked": false` searches only for the given subjects; `"contains": true` also reports matches inside longer identifiers, which never decide the result.',
        querystring: SandboxQuery,
        body: Body,
        response: { 200: ErasureResult },
      },
    },
    async (request) => {
      const search = request.body as z.output<typeof Body>;
      return await checkErasure(existingSandboxOf(control, request), control.providers, search, sources);
    },
  );
}
