// Greeting templates: the part of Handlebars that Proficient's documentation shows, filled in once.

/** `{{ path }}` or `{{{ path }}}`; tags of blocks, partials and comments do not match and stay as they are. */
const PLACEHOLDER = /(?<!\{)(?:\{\{\{\s*([\w.]+)\s*\}\}\}|\{\{\s*([\w.]+)\s*\}\})(?!\})/g;

/** The objects a template may show, as the API shows them. */
interface Scope {
  readonly user: object;
  readonly agent: object;
}

/** The text of a template. Values go in as they are, unknown paths become nothing (our choice). */
export function renderGreeting(template: string, scope: Scope): string {
  return template.replace(PLACEHOLDER, (tag, triple: string | undefined, double: string | undefined) => {
    const path = (triple ?? double) as string;
    // `else` is a word of the blocks, which are left alone.
    return path === 'else' ? tag : valueAt(scope, path);
  });
}

function valueAt(scope: Scope, path: string): string {
  const [root = '', field = '', ...deeper] = path.split('.');
  const object = root === 'user' || root === 'agent' ? scope[root] : {};
  return deeper.length === 0 && Object.hasOwn(object, field) ? String((object as Record<string, unknown>)[field]) : '';
}
