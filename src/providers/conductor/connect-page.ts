// The auth flow's HTML pages, opened with an auth session's link. The flow is documented, the pages are our choice.
import type { Page } from '../../core/provider/provider.ts';
import { openSession } from './auth-sessions.ts';
import { beginConnection, completeConnection } from './connections.ts';
import { findEndUser } from './end-users.ts';
import type { AuthSessionRow } from './schema.ts';

type PageRequest = Parameters<Page['handle']>[0];
type PageResponse = ReturnType<Page['handle']>;

const path = '/connect/qbd/{clientSecret}';

/** The auth flow's pages: GET creates the connection as not set up, POST (the button) completes it. */
export const PAGES: readonly Page[] = [
  {
    method: 'GET',
    path,
    handle: (request) =>
      withSession(request, ({ endUserId }) => {
        beginConnection(request.sandbox, endUserId);
        const company = findEndUser(request.sandbox.db, endUserId)?.companyName as string;
        // The company name may be empty.
        const subject = company.trim() === '' ? 'Your company' : `<b>${escaped(company)}</b>`;
        // A form without `action` posts to the current URL.
        return shown(
          'Connect QuickBooks Desktop',
          `
<p>${subject} is about to be connected to QuickBooks Desktop.</p>
<form method="post"><button>Connect</button></form>`,
        );
      }),
  },
  {
    method: 'POST',
    path,
    handle: (request) =>
      withSession(request, ({ endUserId, redirectUrl }) => {
        completeConnection(request.sandbox, endUserId);
        if (redirectUrl !== null) return { status: 303, location: redirectUrl };
        return shown('Connected', '\n<p>QuickBooks Desktop is connected. You can close this tab.</p>');
      }),
  },
];

/** Runs `work` with the link's session. All invalid links get the same page, which reveals nothing about the reason. */
function withSession(
  { sandbox, params, query }: PageRequest,
  work: (session: AuthSessionRow) => PageResponse,
): PageResponse {
  const session = openSession(sandbox, params.clientSecret as string, query.key);
  if (session !== undefined) return work(session);
  return {
    status: 404,
    html: document(
      'This link does not work',
      '\n<p>It may have expired or be incomplete. Ask the sender for a new link.</p>',
    ),
  };
}

function shown(title: string, content: string): PageResponse {
  return { status: 200, html: document(title, content) };
}

/** Escapes text for HTML. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Renders a page. The policy has no `form-action` because browsers would apply it to the redirect to the
 * application after the form. The link is a secret, so the page sends no referrer.
 */
function document(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
:root { --paper: #f4f5f7; --card: #fff; --ink: #1c2330; --quiet: #5b6475; --line: #dde1e8; --accent: #14665a; --on-accent: #fff }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171d; --card: #1d222b; --ink: #e8ebf0; --quiet: #9aa4b5; --line: #323946; --accent: #5fc9b5; --on-accent: #10211d }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 26rem; padding: 24px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow-wrap: anywhere }
h1 { margin: 0 0 8px; font-size: 1.25rem; line-height: 1.3; text-wrap: balance }
p { margin: 0 0 16px; text-wrap: pretty }
button { width: 100%; min-height: 44px; border: 0; border-radius: 8px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer }
button:hover { filter: brightness(1.08) }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
footer { margin-top: 16px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--quiet); font-size: .875rem }
</style>
</head>
<body>
<main>
<h1>${title}</h1>${content}
<footer>This is Understudy, a local stand-in for Conductor. Nothing here reaches QuickBooks.</footer>
</main>
</body>
</html>
`;
}
