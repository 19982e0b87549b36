// Fault rules: plan, list, replace and remove planned faults.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PlannedRule, Rule } from '../core/faults/fault-rule.ts';
import { Problem } from '../core/problem.ts';
import { type Control, existingSandboxOf, SandboxQuery, sandboxOf } from './context.ts';
import { firstPage, ListQuery } from './list-query.ts';
import { listOf } from './schemas.ts';

const querystring = SandboxQuery;

/** Adds `GET POST DELETE /__admin/faults` and `GET PUT DELETE /__admin/faults/{id}`. */
export function addFaults(scope: FastifyInstance, control: Control): void {
  const rulesOf = (request: FastifyRequest) => sandboxOf(control, request).faults;
  const readRulesOf = (request: FastifyRequest) => existingSandboxOf(control, request).faults;
  const idOf = (request: FastifyRequest) => (request.params as { id: string }).id;

  scope.get(
    '/faults',
    {
      schema: {
        summary: 'the planned faults of a sandbox, newest first, with `hits` and `spent`',
        querystring: ListQuery,
        response: { 200: listOf('faults', PlannedRule) },
      },
    },
    async (request) => {
      const faults = readRulesOf(request).list();
      return { faults: firstPage(faults, request), meta: { total: faults.length } };
    },
  );
  scope.post(
    '/faults',
    {
      schema: {
        summary: 'plans a fault',
        description: 'The earliest matching rule wins. A rule that can never match is rejected.',
        querystring,
        body: Rule,
        response: { 201: PlannedRule },
      },
    },
    async (request, reply) => {
      reply.code(201);
      return rulesOf(request).plan(request.body as Rule, control.providers);
    },
  );
  scope.get(
    '/faults/:id',
    { schema: { summary: 'one planned fault', querystring, response: { 200: PlannedRule } } },
    async (request) => {
      const id = idOf(request);
      return readRulesOf(request).get(id) ?? missing(id);
    },
  );
  scope.put(
    '/faults/:id',
    {
      schema: {
        summary: 'replaces a planned fault and resets its count',
        querystring,
        body: Rule,
        response: { 200: PlannedRule },
      },
    },
    async (request) => {
      const id = idOf(request);
      const rules = rulesOf(request);
      if (rules.get(id) === undefined) missing(id);
      return rules.plan(request.body as Rule, control.providers, id);
    },
  );
  scope.delete(
    '/faults/:id',
    { schema: { summary: 'removes a planned fault', querystring } },
    async (request, reply) => {
      const id = idOf(request);
      if (!rulesOf(request).remove(id)) missing(id);
      return reply.code(204).send();
    },
  );
  scope.delete(
    '/faults',
    { schema: { summary: 'removes all planned faults', querystring } },
    async (request, reply) => {
      rulesOf(request).clear();
      return reply.code(204).send();
    },
  );
}

function missing(id: string): never {
  throw new Problem(404, 'unknown-fault', `No fault ${JSON.stringify(id)} is planned in this sandbox.`);
}
