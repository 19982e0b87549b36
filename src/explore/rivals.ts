// The rivals of a call: what another client could ask for at the same time about the same id.
import type { Resource } from '../control/schemas.ts';
import type { Provider } from '../core/provider/provider.ts';
import { PROVIDERS } from '../providers/index.ts';
import { type Call, nameOf } from './calls.ts';

/** A request of another client. */
export interface Rival {
  readonly operation: string;
  readonly method: string;
  /** Below the provider's mount; `*` stands for the segment that the call has there. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>> | null;
  /** Whether it is a copy of the call, with the same query and body. */
  readonly same: boolean;
}

/** What is known of the code and of the providers. */
export interface Surroundings {
  /** Every call of the code. */
  readonly calls: readonly Call[];
  /** What differs between two runs of it, as `AlignedCalls` names it. */
  readonly masked: readonly string[];
  /** As `GET /__admin/resources` lists them. */
  readonly resources: readonly Resource[];
}

/**
 * The rivals of a call: the same request, if it is a DELETE or a change with a JSON body; each DELETE of what its path or its body names; and
 * each other change that the code itself makes to what the call changes.
 */
export function rivalsOf(call: Call, { calls, masked, resources }: Surroundings): Rival[] {
  // A body that is no JSON, or that the journal has only in part, cannot be sent again.
  const repeatable = call.writes && (call.sent !== null || call.method === 'DELETE');
  const same = repeatable ? [{ ...requestOf(call), same: true }] : [];
  const paths = [...pathsAbove(call.path), ...ownersIn(call, resources)];
  const deletes = [...new Set(paths)].flatMap((path) => {
    const operation = deletionAt(call.provider, path);
    const itself = call.method === 'DELETE' && path === call.path;
    return operation === undefined || itself ? [] : [{ operation, method: 'DELETE', path, body: null, same: false }];
  });
  const id = call.writes ? idOf(call) : undefined;
  const others = calls.filter(
    (one) =>
      one.writes &&
      one.method !== 'DELETE' &&
      one.provider === call.provider &&
      nameOf(one) !== nameOf(call) &&
      !one.path.includes('*') &&
      !masked.some((part) => part.startsWith(`${one.operation} body.`)) &&
      names(one, id),
  );
  return [...same, ...deletes, ...others.map((one) => ({ ...requestOf(one), same: false }))];
}

function requestOf({ operation, method, path, sent }: Call): Omit<Rival, 'same'> {
  return { operation, method, path, body: sent };
}

/** A path and the paths above it. */
function pathsAbove(path: string): string[] {
  const steps = path.split('/');
  return steps.map((_, n) => steps.slice(0, steps.length - n).join('/'));
}

/** The paths of the rows that members of the body name. */
function ownersIn({ provider, sent }: Call, resources: readonly Resource[]): string[] {
  const own = resources.filter((one) => one.provider === provider);
  const { mount } = providerOf(provider);
  return Object.entries(sent ?? {}).flatMap(([member, value]) => {
    if (typeof value !== 'string') return [];
    const templates = own.flatMap(({ key, removal, owners }) => [
      ...(key === member ? [removal.path] : []),
      ...owners.flatMap(({ column, resource, field }) => {
        const owner = own.find(({ name }) => name === resource);
        return column === member && owner !== undefined
          ? [owner.removal.path.replace(`{${field}}`, `{${column}}`)]
          : [];
      }),
    ]);
    return templates
      .map((template) => template.slice(mount.length).replace(`{${member}}`, value))
      .filter((path) => !path.includes('{'));
  });
}

/** The last id in a call's path, if there is one. */
function idOf({ provider, path }: Call): string | undefined {
  const known = routesAt(provider, path);
  return path.split('/').findLast((_, n) => known.some(({ template }) => isParameter(template[n] as string)));
}

function names({ path, sent }: Call, id: string | undefined): boolean {
  return id !== undefined && [...path.split('/'), ...Object.values(sent ?? {})].includes(id);
}

/** The DELETE of what a path names. */
function deletionAt(provider: string, path: string): string | undefined {
  return routesAt(provider, path).find(({ method, template }) => method === 'DELETE' && template.some(isParameter))
    ?.operation;
}

/** The operations of a path below the mount, with the segments of their templates. */
function routesAt(provider: string, path: string) {
  const { base, operations } = providerOf(provider);
  const steps = path.split('/');
  return operations
    .map(({ operation, method, path }) => ({ operation, method, template: `${base}${path}`.split('/') }))
    .filter(
      ({ template }) =>
        template.length === steps.length && template.every((step, n) => isParameter(step) || step === steps[n]),
    );
}

function isParameter(step: string): boolean {
  return step.startsWith('{');
}

function providerOf(name: string): Provider {
  return PROVIDERS.find((one) => one.name === name) as Provider;
}
