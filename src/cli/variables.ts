// Environment variables with our prefix that are no settings: those of Kubernetes are ignored, others are reported.
import { allSettings } from './commands/index.ts';
import { nearest } from './near.ts';
import { VARIABLE_PREFIX, variableOf } from './settings.ts';
import type { Environment } from './shell.ts';

/** The names that Kubernetes gives the variables of a service, whose name comes before them. */
const LINK_NAME = /_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/;
/** The value of its `<service>_PORT`. */
const LINK_VALUE = /^(tcp|udp|sctp):\/\//;

/**
 * The environment without the service links that Kubernetes sets for a service called `understudy…`, and a sentence
 * for all of them and for each unknown variable. Empty variables count as unset.
 */
export function ownVariables(environment: Environment): { environment: Environment; warnings: string[] } {
  const own: Record<string, string | undefined> = {};
  const links: string[] = [];
  const warnings: string[] = [];
  const known = allSettings().flatMap(([name, { flagOnly }]) => (flagOnly ? [] : [variableOf(name)]));
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(VARIABLE_PREFIX) || !text) own[name] = text;
    else if (isServiceLink(name, text)) links.push(name);
    else {
      own[name] = text;
      if (!known.includes(name)) warnings.push(unknownSentence(name, known));
    }
  }
  if (links.length > 0) {
    const which = links.length === 1 ? links[0] : `${links[0]} and ${links.length - 1} more`;
    warnings.unshift(`Ignored ${which}: service links of Kubernetes; enableServiceLinks: false turns them off.`);
  }
  return { environment: own, warnings };
}

function isServiceLink(name: string, text: string): boolean {
  return LINK_NAME.test(name) || (name.endsWith('_PORT') && LINK_VALUE.test(text));
}

function unknownSentence(name: string, known: readonly string[]): string {
  // Compared without the prefix that all of them share.
  const [end = '', ...ends] = [name, ...known].map((one) => one.slice(VARIABLE_PREFIX.length));
  const near = nearest(end, ends);
  return `Ignored unknown variable ${name}; ${near ? `did you mean ${VARIABLE_PREFIX}${near}?` : 'see understudy --help.'}`;
}
