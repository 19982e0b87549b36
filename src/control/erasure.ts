// The erasure check: searches a sandbox for a person's data that deletions left behind.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checkErasure, type ErasureSource } from '../core/deletions/erasure.ts';
import { PLACES, type Place } from '../core/deletions/erasure-findings.ts';
import { journalTexts, snapshotTexts, webhookTexts } from '../core/deletions/erasure-places.ts';
import type { Provider } from '../core/provider/provider.ts';
import { type Control, existingSandboxOf, SandboxQuery } from './context.ts';
import { ErasureResult } from './schemas.ts';

/** What an erasure check can search besides the rows. */
const sourcesOf = (providers: readonly Provider[]): ReadonlyMap<Place, ErasureSource> =>
  new Map([
    ['journal', (sandbox) => journalTexts(sandbox, providers)],
    ['webhooks', webhookTexts],
    ['snapshots', (sandbox) => snapshotTexts(sandbox, providers)],
  ]);

const place = z.enum(PLACES, {
  error: ({ input }) => `${JSON.stringify(input)} is none of ${PLACES.join(', ')}`,
});

const Body = z.strictObject({
  subjects: z.array(z.string().min(1, 'must not be empty')).min(1, 'must name at least one').max(100),
  include: z.array(place).min(1, 'must name at least one').default(['state']),
});

/** Adds `POST /__admin/erasure-checks`. */
export function addErasure(scope: FastifyInstance, control: Control): void {
  const sources = sourcesOf(control.providers);
  scope.post(
    '/erasure-checks',
    {
      schema: {
        summary: 'whether anything of a person is left, and which call would remove it',
        description:
          'Searches for `{"subjects": [...]}` in every text of every resource; `"include"` looks also into webhooks, journal, snapshots.',
        querystring: SandboxQuery,
        body: Body,
        response: { 200: ErasureResult },
      },
    },
    async (request) => {
      const { subjects, include } = request.body as z.output<typeof Body>;
      return await checkErasure(existingSandboxOf(control, request), control.providers, subjects, include, sources);
    },
  );
}
