// The HTML of the API reader: the choice of document and sandbox, and the element swagger-ui renders into.

/** What the reader page shows. */
export interface DocsPage {
  /** Titles of all documents. */
  readonly titles: readonly string[];
  readonly chosen: {
    readonly title: string;
    readonly url: string;
    /** Sample credentials by security scheme. */
    readonly authorize: Readonly<Record<string, string>>;
    /** Whether requests can be sent from the page. */
    readonly tryable: boolean;
  };
  readonly sandbox: string;
  /** Names of existing sandboxes, offered in the input's list. */
  readonly sandboxes: readonly string[];
}

/** Values offered for the Prefer header. */
const PREFERENCES = ['dry-run', 'code=503', 'delay=2000', 'fault=reset, phase=after-commit'];

/** Renders the page. */
export function docsPage({ titles, chosen, sandbox, sandboxes }: DocsPage): string {
  const links = titles.map((title) => {
    const query = new URLSearchParams({ 'urls.primaryName': title, sandbox });
    return `<a href="?${escaped(String(query))}"${title === chosen.title ? ' aria-current="page"' : ''}>${escaped(title)}</a>`;
  });
  const { url, authorize, tryable } = chosen;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Understudy</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/__admin/docs/swagger-ui.css">
<link rel="stylesheet" href="/__admin/docs/reader.css">
<script src="/__admin/docs/swagger-ui-bundle.js" defer></script>
<script src="/__admin/docs/reader.js" defer></script>
</head>
<body>
<header>
<h1>Understudy</h1>
<nav aria-label="Documents">${links.join('')}</nav>
<form>
<input type="hidden" name="urls.primaryName" value="${escaped(chosen.title)}">
<label>Sandbox <input name="sandbox" value="${escaped(sandbox)}" list="sandboxes" required pattern="[A-Za-z0-9\\-]{1,64}" autocomplete="off"></label>
<datalist id="sandboxes">${options(sandboxes)}</datalist>
<button>Choose</button>
</form>
${
  Object.keys(authorize).length > 0 && tryable
    ? `<label>Prefer <input id="prefer" list="preferences" placeholder="code=503" autocomplete="off"></label><datalist id="preferences">${options(PREFERENCES)}</datalist>`
    : ''
}
</header>
<main id="reader" data-reading="${escaped(JSON.stringify({ url, authorize, tryable }))}"></main>
<noscript><p class="note">This page needs JavaScript. The document itself: <a href="${escaped(url)}">${escaped(url)}</a>.</p></noscript>
</body>
</html>
`;
}

function options(values: readonly string[]): string {
  return values.map((value) => `<option value="${escaped(value)}"></option>`).join('');
}

/** Escapes text for an HTML attribute or element. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
