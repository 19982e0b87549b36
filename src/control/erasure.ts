// Whether anything of a person is left.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checkErasure, type ErasureSource, PLACES, type Place, webhookTexts } from '../core/erasure.ts';
import { type Control, chosenSandbox } from './context.ts';

/** Places beside the state that can be searched; one that is missing here holds nothing. */
const SOURCES: ReadonlyMap<Place, ErasureSource> = new Map([['webhooks', webhookTexts]]);

const place = z.enum(PLACES, {
  error: ({ input }) => `${JSON.stringify(input)} is none of ${PLACES.join(', ')}`,
});

const Body = z.strictObject({
  subjects: z.array(z.string().min(1, 'must not be empty')).min(1, 'must name at least one').max(100),
  include: z.array(place).min(1, 'must name at least one').default(['state']),
});

/** `POST /__admin/erasure-checks`. */
export function addErasure(scope: FastifyInstance, control: Control): void {
  scope.post(
    '/erasure-checks',
    {
      schema: {
        summary:
          'whether anything of `{"subjects": [...]}` is left, and which call would remove it; `"include"` looks also into webhooks, journal, snapshots',
        body: Body,
      },
    },
    async (request) => {
      const { subjects, include } = request.body as z.output<typeof Body>;
      return await checkErasure(chosenSandbox(control, request), control.providers, subjects, include, SOURCES);
    },
  );
}
