// What of Proficient a person can try at once, with the built-in rows.
import type { Samples } from '../../core/provider/samples.ts';

const AGENT = 'ag_Lad8YCGGiDLiqIZPWRXmc2ix';
const INTERACTION = 'int_3bbnAY6Y8mnoSoK1sWPMIaJdF08Rf86V4uJj';
const MESSAGE = 'msg_t7eMj8YieMtXjug54mVa9LNy0nfx0PQbeiec8ZaAD8BpUujm';

export const SAMPLES: Samples = {
  authorize: {
    SecretKeyAuth: 'Bearer {secretKey}',
    PublishableKey: '{publishableKey}',
    UserExternalId: 'user-42',
  },
  parameters: {
    user_id: 'u_Alice0000000000000000042',
    agent_id: AGENT,
    interaction_id: INTERACTION,
    message_id: MESSAGE,
  },
  bodies: {
    users_create: { external_id: 'user-77', first_name: 'Bruno', last_name: 'Lindqvist', live_mode: true },
    users_update: { first_name: 'Alicia' },
    agents_create: { model: 'openai.gpt-4', name: 'vocabulary-desk', display_name: 'Vocabulary Desk' },
    agents_update: { display_name: 'Camille 2' },
    agents_updateConfig: { system_message: 'Answer in one sentence.' },
    interactions_create: { agent_id: AGENT },
    interactions_update: { name: 'Breakfast in Lisbon' },
    messages_create: { interaction_id: INTERACTION, content: 'How do I ask for the menu?' },
    messages_ask: { interaction_id: INTERACTION },
  },
};
