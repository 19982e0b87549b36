// Barriers: plan, list and remove the places where two requests meet.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Barrier, PlannedBarrier } from '../core/faults/barrier.ts';
import { Problem } from '../core/problem.ts';
import { type Control, existingSandboxOf, SandboxQuery, sandboxOf } from './context.ts';
import { firstPage, ListQuery } from './list-query.ts';
import { listOf } from './schemas.ts';

const querystring = SandboxQuery;

/** Adds `GET POST DELETE /__admin/barriers` and `GET DELETE /__admin/barriers/{id}`. */
export function addBarriers(scope: FastifyInstance, control: Control): void {
  const barriersOf = (request: FastifyRequest) => sandboxOf(control, request).barriers;
  const readBarriersOf = (request: FastifyRequest) => existingSandboxOf(control, request).barriers;
  const idOf = (request: FastifyRequest) => (request.params as { id: string }).id;

  scope.get(
    '/barriers',
    {
      schema: {
        summary: 'the barriers of a sandbox, newest first, with the pairs that met',
        querystring: ListQuery,
        response: { 200: listOf('barriers', PlannedBarrier) },
      },
    },
    async (request) => {
      const barriers = readBarriersOf(request).list();
      return { barriers: firstPage(barriers, request), meta: { total: barriers.length } };
    },
  );
  scope.post(
    '/barriers',
    {
      schema: {
        summary: 'plans a race: two matching requests wait for each other, or one for the commit of the other',
        description:
          'A request that waits longer than `timeoutMs` goes on. A request takes part in one barrier, the earliest that has a place for it; others pass. A side that can never match is rejected.',
        querystring,
        body: Barrier,
        response: { 201: PlannedBarrier },
      },
    },
    async (request, reply) => {
      reply.code(201);
      return barriersOf(request).plan(request.body as Barrier, control.providers);
    },
  );
  scope.get(
    '/barriers/:id',
    {
      schema: {
        summary: 'one barrier: whether its pair waits, has met or timed out, and the ids of both requests',
        querystring,
        response: { 200: PlannedBarrier },
      },
    },
    async (request) => {
      const id = idOf(request);
      return readBarriersOf(request).get(id) ?? missing(id);
    },
  );
  scope.delete(
    '/barriers/:id',
    { schema: { summary: 'removes a barrier; requests that wait at it go on', querystring } },
    async (request, reply) => {
      const id = idOf(request);
      if (!barriersOf(request).remove(id)) missing(id);
      return reply.code(204).send();
    },
  );
  scope.delete(
    '/barriers',
    { schema: { summary: 'removes all barriers; requests that wait go on', querystring } },
    async (request, reply) => {
      barriersOf(request).clear();
      return reply.code(204).send();
    },
  );
}

function missing(id: string): never {
  throw new Problem(404, 'unknown-barrier', `There is no barrier ${JSON.stringify(id)} in this sandbox.`);
}
