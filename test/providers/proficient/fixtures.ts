// Ids of the built-in Proficient fixtures, and the headers of callers.
export const ALICE = 'u_Alice0000000000000000042';
export const TOMAS = 'u_RkfAPOLPSinsElDNf3RalX1N';
export const CAMILLE = 'ag_Lad8YCGGiDLiqIZPWRXmc2ix';
export const COACH = 'ag_oDvAWbN8bEfZR5Zg3s6jpA0l';
export const GRAMMAR = 'ag_fZaR1BreVbnQsnda00Tt2Puk';
/** Alice's, with Camille and with the Grammar Desk. */
export const CAFE = 'int_3bbnAY6Y8mnoSoK1sWPMIaJdF08Rf86V4uJj';
export const SUBJUNCTIVE = 'int_UEiS37KSOh9FAfrAisBZAHbaF2aTn5hToMBl';
/** Tomas's, with the inactive coach and with Camille. */
export const ORAL = 'int_nAGqqLlin8opW9ky9l16sF9phBBsXnnaLQcb';
export const INTERVIEW = 'int_WqYZQj4bUHndG8cKuVtWrqHhU1RiAwiTqDbS';
/** Nadi's interaction with 23 messages. */
export const KITCHEN = 'int_53mfKtX0Da6zaJCp5bNnzxDaEg1xptWvQDr2';

export const admin = { authorization: 'Bearer sk_test_understudy' };
export const client = (externalId: string) => ({
  'x-proficient-api-key': 'pk_test_understudy',
  'x-proficient-user-external-id': externalId,
});
export const alice = client('user-42');
export const tomas = client('user-17');
export const nadi = client('gtLIK8ELsHTr0Fajg28Ud9eFpJJ3');

/** The ids of a list, in order. */
export const ids = (list: { data: { id: string }[] }) => list.data.map(({ id }) => id);

/** The body of an error. */
export const failed = (code: string, message: string) => ({ error: { code, message } });

/** A fixture folder with a user, an active agent and an interaction; `more` replaces files. */
export function folder(more: Record<string, unknown> = {}): { proficient: Record<string, string> } {
  const at = { created_at: 1700000000000, updated_at: 1700000000000 };
  const files: Record<string, unknown> = {
    users: [{ id: 'u_1', external_id: 'ext-1', first_name: 'Ada', last_name: 'Lo', ...at }],
    agents: [{ id: 'ag_1', active: true, display_name: 'Bot', ...at }],
    agentConfigs: [{ agent_id: 'ag_1', model: 'openai.gpt-4' }],
    interactions: [{ id: 'int_1', agent_id: 'ag_1', user_id: 'u_1', ...at }],
    messages: [{ id: 'msg_1', interaction_id: 'int_1', sent_by: 'user', content: 'Hello', created_at: 1700000000000 }],
    ...more,
  };
  return {
    proficient: Object.fromEntries(
      Object.entries(files).map(([name, value]) => [`${name}.json`, JSON.stringify(value)]),
    ),
  };
}
