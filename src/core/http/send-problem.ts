// Sends the sandbox's own errors.
import type { FastifyReply } from 'fastify';
import { PROBLEM_TYPE, type Problem } from '../problem.ts';

/** Responds with a problem+json document. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).header('content-type', PROBLEM_TYPE).send(JSON.stringify(problem));
}
