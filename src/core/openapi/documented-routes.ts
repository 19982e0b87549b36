// Routes put down for an OpenAPI document, which is made when somebody asks for it: no start waits for what makes it.
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import Fastify, { type FastifyServerOptions, type HTTPMethods, type RouteHandlerMethod } from 'fastify';

/** A route as its document tells it. */
export interface DocumentedRoute {
  readonly method: HTTPMethods;
  /** In the router's form, prefix included. */
  readonly url: string;
  /** Fastify's parts of a route's schema, each in zod. */
  readonly schema: object;
  readonly handler: RouteHandlerMethod;
}

/** For Fastify: where a scope brings no compilers of its own, none are loaded (Fastify's are Ajv and more). */
export const NO_COMPILERS = {
  compilersFactory: { buildValidator: () => () => Boolean, buildSerializer: () => () => JSON.stringify },
} as unknown as NonNullable<FastifyServerOptions['schemaController']>;

/** The OpenAPI document of `routes`, by an app of their own which serves nothing. */
export async function documentOf(
  routes: readonly DocumentedRoute[],
  options: FastifyDynamicSwaggerOptions,
): Promise<Record<string, unknown>> {
  const { default: swagger } = await import('@fastify/swagger');
  const app = Fastify({ exposeHeadRoutes: false, schemaController: NO_COMPILERS });
  await app.register(swagger, options);
  for (const route of routes) app.route(route);
  await app.ready();
  return { ...app.swagger() };
}
